"""The beginning of a new lesson, with its solutions, its checks and a prediction: `make lesson NAME=17_my_lesson`.

The texts beside this file are such a lesson, number 17 and called my lesson.
"""

import json
import re
from keyword import iskeyword
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

TEXTS = Path(__file__).parent
ANSWERS = {"prediction": "tests/prediction_answers.py", "exercise": "tests/practice_answers.py"}
CLOSED = dict(jupyter=dict(source_hidden=True), tags=["hide-input"])


def write(name: str, folder: Path) -> list[Path]:
    """Write its three files into a copy of the project; the notebooks, which are to be run, come first.

    How the answer of its prediction is computed, and what its check of a function is to say, become the last rows of
    their tables.

    ValueError when the name has another form or is taken.
    """
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or iskeyword(name[3:]):
        raise ValueError(f"NAME is {name!r}, expected two digits and words: make lesson NAME=17_my_lesson")
    notebooks, practice = folder / "notebooks", folder / "lsqcore" / "practice"
    taken = [*notebooks.glob(f"{name[:2]}_*"), *practice.glob(f"{name[3:]}*")]
    if taken:
        raise ValueError(f"NAME is {name!r}, but there is {taken[0].relative_to(folder).as_posix()} already")
    imports = import_cell(min(notebooks.glob("solutions/*.ipynb")))
    lesson, solutions, checks = (text_for(name, part) for part in ("lesson", "solutions", "practice"))
    tables = {part: (folder / table).read_text(encoding="utf-8") for part, table in ANSWERS.items()}
    files = {
        notebooks / f"{name}.ipynb": notebook(lesson, imports),
        notebooks / "solutions" / f"{name}.ipynb": notebook(solutions, imports),
        practice / f"{name[3:]}.py": checks,
    }
    for part, table in tables.items():
        rows, end, after = table.rpartition("\n}\n")
        files[folder / ANSWERS[part]] = f"{rows}\n{text_for(name, part)}{end.lstrip()}{after}"
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def text_for(name: str, part: str) -> str:
    """A text with number and name of the new lesson in place of 17 and my lesson."""
    text = (TEXTS / f"{part}.txt").read_text(encoding="utf-8")
    words = name[3:].replace("_", " ")
    there = {"my_lesson": name[3:], "My lesson": words.capitalize(), "my lesson": words, "17": name[:2]}
    return re.sub("|".join(there), lambda found: there[found[0]], text)


def import_cell(lesson: Path) -> str:
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def notebook(text: str, imports: str) -> str:
    """A notebook as JSON, of prose and of code between fences: ```open, ```closed, or ```imports."""
    cells = []
    parts = re.findall(r"(.*?)(?:^```(\w+)\n(.*?)^```\n|\Z)", text, re.DOTALL | re.MULTILINE)
    for prose, kind, code in parts:
        if prose:
            cells.append(new_markdown_cell(prose.strip()))
        if kind:
            source = imports if kind == "imports" else code.strip()
            cells.append(new_code_cell(source, metadata=CLOSED if kind == "closed" else {}))
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"c{number:02}"
    return writes(new_notebook(cells=cells)) + "\n"
