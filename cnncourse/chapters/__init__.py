"""The chapters' scenery: one folder a notebook, which bears its name without the number.

Here lies what only one notebook uses: its exercises' checks and solutions, its drawings, the small
experiments it runs. Nothing imports from here but the notebooks themselves.
"""
