"""What a learner has solved, as it is read off saved notebooks: open, wrong, right, guessed, broken."""

import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

import lsqcore
from lsqcore import practice
from lsqcore.practice.shared.feedback import Feedback
from tests.notebooks import LESSONS, ROOT, SOLUTIONS, WIDGET_STATE
from tests.test_practice import CHECKS
from tests.test_predictions import PREDICTIONS

LESSON = LESSONS[1]  # the five-point line


def all_of(lessons: dict, kind: str) -> dict:
    return {f"{name}.{each}": state for name, lesson in lessons.items() for each, state in lesson[kind].items()}


def with_guesses(lesson: Path, file: Path, guesses: list) -> None:
    """A copy in which the questions of its figures, in turn, have been answered as film.js keeps it."""
    notebook = nbformat.read(lesson, as_version=4)
    asked = [
        model["state"]
        for model in notebook.metadata.widgets[WIDGET_STATE].state.values()
        if model["state"].get("scene", {}).get("prediction")
    ]
    for state, guess in zip(asked, guesses, strict=False):
        state["guess"] = guess
    nbformat.write(notebook, file)


def test_a_check_says_in_its_first_words_whether_it_is_content():
    for right, sentence in [
        (True, "Well done."),
        (False, "Right. No."),
        (None, "Right."),
        (False, "Not answered yet."),
    ]:
        with pytest.raises(ValueError, match="does not begin so"):
            Feedback(right, sentence)


def test_in_the_lessons_as_they_come_everything_is_open():
    found = practice.summary(ROOT / "notebooks")
    assert all_of(found.lessons, "exercises") == dict.fromkeys(CHECKS, "open")
    assert all_of(found.lessons, "predictions") == {each: dict(state="open", guess=None) for each in PREDICTIONS}
    assert [lesson["notebooks"] for lesson in found.lessons.values()] == [[lesson.name] for lesson in LESSONS]
    assert found.unread == {}


def test_in_the_solutions_every_exercise_is_solved():
    """Whatever a check has to praise."""
    found = practice.summary(ROOT / "notebooks" / "solutions")
    assert all_of(found.lessons, "exercises") == dict.fromkeys(CHECKS, "solved")


def test_a_lesson_that_was_answered_and_run(tmp_path: Path):
    """Its exercises alone: one answered with a usual mistake, one with its solution, one with dots."""
    solved = {cell.id: cell.source for cell in nbformat.read(SOLUTIONS[1], as_version=4).cells}
    notebook = nbformat.read(LESSON, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("imports", "rest", "own", "start")]
    _, rest, own, _ = notebook.cells
    rest.source, own.source = rest.source.replace("...", "1, 2"), solved["own"]
    file = tmp_path / LESSON.name
    nbformat.write(notebook, file)
    subprocess.run([sys.executable, "-m", "tests.notebooks.run", file], cwd=ROOT, check=True)
    (lesson,) = practice.summary(tmp_path).lessons.values()
    assert lesson["exercises"] == dict(resting_point="tried", gradient="solved", quickest_start="open")


@pytest.mark.parametrize(
    ("last_line", "output", "state"),
    [
        ("", None, "open"),
        ("", dict(output_type="stream", name="stdout", text="Right. So it seems."), "open"),
        ("", dict(output_type="error", ename="NameError", evalue="name 'x'", traceback=[]), "tried"),
        ("\nx", dict(output_type="execute_result", data={"text/plain": "array([1, 2])"}), "tried"),
        ("", dict(output_type="execute_result", data={"text/plain": ["Right. ", "It is."]}), "solved"),
    ],
)
def test_what_stands_below_the_check_counts(tmp_path: Path, last_line, output, state):
    source = f"answer = 3\npractice.start_here.flat_line(answer){last_line}"
    cell = dict(cell_type="code", source=source, outputs=[output] if output else [])
    (tmp_path / "mine.ipynb").write_text(json.dumps(dict(cells=[cell], metadata={})), encoding="utf-8")
    assert practice.summary(tmp_path).lessons["start_here"]["exercises"] == dict(flat_line=state)


def test_guesses_are_found_where_the_browser_keeps_them(tmp_path: Path):
    with_guesses(LESSON, tmp_path / LESSON.name, ["2", None])
    found = practice.summary(tmp_path)
    assert found.lessons["five_point_line"]["predictions"] == dict(
        which_slope=dict(state="made", guess="2"), twenty_times=dict(state="skipped", guess=None)
    )
    assert "1 of 2 predictions made" in repr(found)


def test_of_two_notebooks_of_a_lesson_the_better_answer_counts(tmp_path: Path):
    shutil.copy(LESSON, tmp_path)
    shutil.copy(SOLUTIONS[1], tmp_path / "01_again.ipynb")
    (lesson,) = practice.summary(tmp_path).lessons.values()
    assert lesson["notebooks"] == ["01_again.ipynb", LESSON.name]
    assert set(lesson["exercises"].values()) == {"solved"}


def test_the_table_is_in_plain_words_and_the_file_holds_all_of_it(tmp_path: Path):
    shutil.copy(SOLUTIONS[1], tmp_path)
    found = practice.summary(tmp_path)
    title, row, _, total, rest = repr(found).splitlines()
    assert title.split() == ["lesson", "solved", "tried", "open", "predictions", "saved"]
    assert row.split()[:11] == ["01", "the", "five", "point", "line", "3", "0", "0", "0", "of", "2"]
    assert total == "3 of 3 exercises solved, 0 tried; 0 of 2 predictions made."
    assert rest == "Read off the saved notebooks: what is not saved does not count."
    found.save(tmp_path / "ada.json")
    written = json.loads((tmp_path / "ada.json").read_text(encoding="utf-8"))
    assert written == found.content
    assert list(written) == ["course", "version", "format", "lessons", "unread"]
    assert (written["course"], written["version"], written["format"]) == ("Downhill", lsqcore.__version__, 1)
    lesson = written["lessons"]["five_point_line"]
    assert list(lesson) == ["notebooks", "saved", "exercises", "predictions"]
    assert datetime.fromisoformat(lesson["saved"]).timestamp() == int((tmp_path / SOLUTIONS[1].name).stat().st_mtime)


BROKEN = {
    "conflict": '{\n "cells": [\n<<<<<<< Updated upstream\n',
    "empty": "",
    "list": "[]",
    "no_cells": "{}",
    "strange": '{"cells": [{"cell_type": "code", "source": 3}], "metadata": {}}',
    "deep": "[" * 100_000,
    "cut": '{"cells": [{"cell_type": "code", "source": "practice.start_here.flat_line(1)"}], "metadata": {}}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_notebook_is_named_and_stops_no_other(tmp_path: Path, name):
    shutil.copy(SOLUTIONS[0], tmp_path)
    (tmp_path / "99_broken.ipynb").write_text(BROKEN[name], encoding="utf-8")
    found = practice.summary(tmp_path)
    assert found.lessons["start_here"]["exercises"] == dict(flat_line="solved")
    assert found.unread["99_broken.ipynb"].startswith("expected a notebook, but ")
    assert "99_broken.ipynb was not read: expected a notebook" in repr(found)


def test_bytes_that_are_no_text_are_named(tmp_path: Path):
    (tmp_path / "00.ipynb").write_bytes(b"\xff\xfe\x00")
    assert "UnicodeDecodeError" in practice.summary(tmp_path).unread["00.ipynb"]


def test_a_folder_without_lessons_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match=r"nowhere.*there is no such folder; expected one that holds lessons"):
        practice.summary(tmp_path / "nowhere")
    (tmp_path / "own.ipynb").write_text(json.dumps(dict(cells=[], metadata={})), encoding="utf-8")
    with pytest.raises(ValueError, match="no notebook in it is a lesson"):
        practice.summary(tmp_path)


def of_class(*arguments: str | Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-W", "error", "-m", "lsqcore.practice", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def test_a_class_goes_into_one_file_whatever_is_wrong_with_one_of_it(tmp_path: Path):
    ada, bob, file = tmp_path / "ada", tmp_path / "bob", tmp_path / "class.json"
    ada.mkdir()
    bob.mkdir()
    shutil.copy(SOLUTIONS[1], ada)
    said = of_class(file, ada, bob)
    assert said.stdout.splitlines()[0] == f"{ada}: 3 of 3 exercises solved, 0 tried; 0 of 2 predictions made"
    learners = json.loads(file.read_text(encoding="utf-8"))["learners"]
    assert learners[str(ada)] == practice.summary(ada).content
    assert "no notebook in it is a lesson" in learners[str(bob)]["unread"][str(bob)]


def test_a_class_without_a_file_to_write_is_refused(tmp_path: Path):
    for arguments in ([tmp_path / "ada", tmp_path / "bob"], [tmp_path / "class.json"]):
        said = of_class(*arguments)
        assert said.returncode == 1
        assert "expected a file to write, and a folder for each learner" in said.stderr
    assert list(tmp_path.iterdir()) == []
