"""Marks for what students hand in: their notebooks are run, and each exercise's check is asked.

What runs is students' code, with all rights of who grades: do it where it can do no harm.
"""
