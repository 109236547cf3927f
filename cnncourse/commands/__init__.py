"""What ``python -m cnncourse`` can do: a file a command."""
