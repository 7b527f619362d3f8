"""What `make lesson` makes: a lesson that keeps all rules from its first minute, and a refusal in words."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import skeleton

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the project with a new lesson 99, made as `make lesson` makes it."""
    folder = tmp_path_factory.mktemp("course") / "copy"
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build")
    shutil.copytree(ROOT, folder, ignore=left_out)
    run(folder, "tests.skeleton", "99_one_more_lesson")
    return folder


def run(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", *arguments]
    environment = os.environ | dict(PYTHONPATH=str(folder))
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"


FILES = [
    "notebooks/99_one_more_lesson.ipynb",
    "notebooks/solutions/99_one_more_lesson.ipynb",
    "lsqcore/practice",
    "tests/practice_answers.py",
    "tests/prediction_answers.py",
]
#: The tests of the rules, and which of them look at the new lesson and at all that the course says.
RULES = ["tests/notebooks/test_rules.py", *(f"tests/test_{name}.py" for name in ("practice", "predictions", "words"))]
OF_THE_LESSON = "99_ or one_more_lesson or every_prediction_has or (test_words and (prose or links or readme))"


@pytest.mark.parametrize(
    "arguments",
    [("ruff", "format", "--check", *FILES), ("ruff", "check", *FILES), ("pytest", *RULES, "-k", OF_THE_LESSON)],
    ids=["format", "style", "rules"],
)
def test_a_new_lesson_keeps_all_rules(course, arguments):
    run(course, *arguments)


def test_a_new_lesson_is_on_the_list_of_the_readme(course):
    line = "- [99 One more lesson](notebooks/99_one_more_lesson.ipynb): say in one sentence what is new here\n"
    assert line in (course / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "lesson", "1_lesson", "17_", "17_My_lesson", "17_my-lesson", "17_2", "17_class"])
def test_a_name_of_another_form_is_refused(name):
    with pytest.raises(ValueError, match="expected two digits and words: make lesson NAME=17_my_lesson"):
        skeleton.write(name, ROOT)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("01_my_lesson", "notebooks/01_the_five_point_line.ipynb"),
        ("17_shadows", "lsqcore/practice/shadows.py"),
        ("17_shared", "lsqcore/practice/shared"),
    ],
)
def test_a_name_that_is_taken_is_refused(name, taken):
    with pytest.raises(ValueError, match=f"but there is {taken} already"):
        skeleton.write(name, ROOT)
