"""Exercises of the chapters: checks that say what is wrong, and solutions to read."""
