"""What ``python -m cnncourse`` can do: a file a command, imported when it is called."""
