"""The instructor's guide speaks of what there is: sections, minutes that fit, checks."""

import re
from importlib import import_module
from pathlib import Path

import make_syllabus
import pytest

GUIDE = Path(__file__).parent.parent / "docs" / "instructors"
OUTCOMES = (GUIDE / "outcomes.md").read_text(encoding="utf-8")
CHAPTERS = make_syllabus.chapters()
PLANS = {plan["title"]: plan for plan in make_syllabus.plans()}


@pytest.mark.parametrize("title", PLANS)
def test_a_plan_fits_into_its_time(title):
    """Each lesson of a course, or a single day as a whole; a quarter is left for the class."""
    minutes = [make_syllabus.lesson(one, CHAPTERS)[1] for one in PLANS[title]["lesson"]]
    most = PLANS[title]["minutes"]
    whole = [sum(minutes)] if len(minutes) < 10 else minutes
    assert all(most / 2 < found <= 0.9 * most for found in whole), whole


def test_minutes_in_class_are_counted():
    count = {"words": 240, "cells": 3, "thoughts": 1}
    assert make_syllabus.class_minutes(count) == 2 + 2 + 3


def test_the_sections_are_all_of_the_chapter():
    chapter = CHAPTERS["the-convolutional-layer"]
    assert chapter.heading("5") == "5 · Padding and stride"
    assert chapter.taught()[0] == chapter.title
    assert "Exercises" in chapter.sections and "Exercises" not in chapter.taught()
    with pytest.raises(KeyError, match="has no section '77'"):
        chapter.heading("77")


def test_every_chapter_has_its_timings():
    page = make_syllabus.pages()["timings.md"]
    for chapter in CHAPTERS.values():
        assert f"| [{chapter.title}](/chapters/{chapter.file}) | {chapter.whole} |" in page


def test_every_check_that_tests_an_outcome_exists():
    named = re.findall(r"`(\w+)\.(check_\w+)`", OUTCOMES)
    assert len(named) > 40
    for chapter, check in named:
        exercises = import_module(f"cnncourse.chapters.{chapter}.exercises")
        assert hasattr(exercises, check), f"{chapter} has no {check}"


def test_every_chapter_with_exercises_has_outcomes():
    numbers = {chapter.file[:2] for chapter in CHAPTERS.values() if chapter.exercises()}
    told = set(re.findall(r"^\| \*\*(\d\d)\*\* ", OUTCOMES, re.MULTILINE))
    assert told == numbers, "docs/instructors/outcomes.md has other chapters"
