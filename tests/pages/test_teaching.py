"""The page for lecturers: filled from the lessons, with a term that has room for them in an order that works."""

import json
import re
import subprocess
import sys

import pytest

from lsqcore import practice
from pages import teaching as module
from pages.teaching import PAGE, teaching
from tests.notebooks import LESSONS, ROOT, SOLUTIONS
from tests.notebooks.reading_time import counted, minutes, read
from tests.readme import line_of
from tests.test_predictions import PREDICTIONS
from tests.test_words import leads_somewhere


@pytest.fixture(scope="module")
def filled() -> str:
    return teaching()


def needs() -> dict[str, set[str]]:
    """For each lesson by its number those that it says it needs."""
    openings = {path.name[:2]: read(path)[0]["source"] for path in LESSONS}
    return {number: set(re.findall(r"\[(\d\d)\]", text.split("**You need**")[1])) for number, text in openings.items()}


def test_every_lesson_has_its_row_with_computed_minutes(filled):
    for path in LESSONS:
        ability = line_of(path).split(": ", 1)[1].strip()
        (row,) = re.findall(rf"^\| \[.+?\]\(\.\./notebooks/{path.name}\) \|.*\|$", filled, re.MULTILINE)
        lesson, exercises = minutes(counted(read(path)))
        assert row.split(" | ")[1:4] == [str(lesson), str(exercises), ability]


def test_every_question_is_there_and_no_answer(filled):
    for prediction in PREDICTIONS.values():
        line = f"- {prediction.question} *{' / '.join(prediction.choices)}*\n"
        assert filled.count(line) == 1
        assert [sentence for sentence in prediction.choices.values() if sentence in filled] == []
    assert "Here stands" not in filled


def test_the_file_without_its_line_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PAGE", tmp_path / "teaching.md")
    module.PAGE.write_text(PAGE.read_text(encoding="utf-8").replace("*Here stands", "*Here lies"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"teaching\.md: expected one line that begins with"):
        teaching()


def test_its_links_lead_somewhere(filled):
    targets = re.findall(r"\]\(([^)\s]+)\)", filled)
    assert len(targets) > 2 * len(LESSONS)
    assert [target for target in targets if not leads_somewhere(PAGE, target)] == []


def test_a_term_has_every_lesson_once_after_what_it_needs(filled):
    weeks = [
        re.findall(r"\[(\d\d)\]", lecture)
        for lecture in re.findall(r"^\| \d+ \| ([^|]+) \| [^|]+ \|$", filled, re.MULTILINE)
    ]
    order = [number for week in weeks for number in week]
    assert sorted(order) == [path.name[:2] for path in LESSONS]
    for place, number in enumerate(order):
        assert needs()[number] <= set(order[:place]), f"lesson {number} needs {needs()[number]}"
    by_number = {path.name[:2]: minutes(counted(read(path))) for path in LESSONS}
    for week in weeks:
        lesson, exercises = (sum(by_number[number][kind] for number in week) for kind in (0, 1))
        assert lesson <= 60
        assert exercises <= 30


def test_the_short_term_has_what_its_lessons_need(filled):
    (path,) = re.findall(r"^In six weeks: ([^.]+)\.", filled, re.MULTILINE)
    assert path.count(";") == 5
    order = re.findall(r"\d\d", path)
    for place, number in enumerate(order):
        assert needs()[number] <= set(order[:place])


def test_its_lines_make_a_table_of_a_class(filled, tmp_path):
    """The block of Python on the page, on the file that the command above it writes."""
    solved = practice.summary(SOLUTIONS[0].parent).content
    (tmp_path / "class.json").write_text(json.dumps(dict(learners=dict(ada=solved))), encoding="utf-8")
    (block,) = re.findall(r"```python\n(.+?)```", filled, re.DOTALL)
    said = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout.split(",") == ["ada", str(1 + 3 * (len(LESSONS) - 1)), "0\n"]


def test_its_targets_are_in_the_makefile(filled):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)", filled)) - targets <= {"site"}
