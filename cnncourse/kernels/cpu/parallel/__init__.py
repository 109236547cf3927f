"""How work is cut and shared out to threads, and why its results do not depend on how many."""
