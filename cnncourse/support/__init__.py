"""What every room may use: checks, labels, progress bars, Ctrl-C, rounding, text, verdicts."""
