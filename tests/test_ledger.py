"""The ledger: one data file, cited by the lessons, recomputed by lesson 16."""

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from lsqcore.practice.shared.own_data import OPENING

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LEDGER = NOTEBOOKS / "data" / "claims.csv"
ROWS = list(csv.DictReader(LEDGER.read_text(encoding="utf-8").splitlines()))


def prose(lesson: str) -> str:
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("lesson", sorted({row["lesson"] for row in ROWS}))
def test_the_lesson_that_a_row_names_cites_it_where_it_says_so(lesson: str) -> None:
    section = prose(lesson).split("## What the document says", 1)[1].split("\n## Your turn", 1)[0]
    cited = set(re.findall(r"D\d-\d\d", section))
    assert {row["id"] for row in ROWS if row["lesson"] == lesson} <= cited


def test_only_what_a_document_states_is_called_its_statement() -> None:
    assert [sum(row["kind"] == "stated" for row in ROWS), len(ROWS)] == [160, 184]
    assert {row["kind"] for row in ROWS} == {"stated", "left out", "implied", "our check"}
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_a_wrong_value_in_the_ledger_is_named_by_lesson_16(tmp_path: Path) -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    (tmp_path / "data").mkdir()
    wrong = LEDGER.read_text(encoding="utf-8").replace(",7667,01", ",7700,01")
    (tmp_path / "data" / "claims.csv").write_text(wrong, encoding="utf-8")
    (lesson,) = tmp_path.glob("16_*.ipynb")
    client = NotebookClient(nbformat.read(lesson, as_version=4), resources={"metadata": {"path": tmp_path}})
    texts = [output.get("text", "") for cell in client.execute().cells for output in cell.get("outputs", ())]
    said = [text for text in texts if OPENING in text]
    assert len(said) == 1
    assert "D1-30" in said[0]
