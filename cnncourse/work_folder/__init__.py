"""A folder to work in: the chapters and what they need, kept apart from the course's own files."""
