"""The ledger: one data file, cited by the companions of the documents and by lessons, recomputed by lesson 16."""

import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from lsqcore.practice.shared.own_data import OPENING
from tests.notebooks import DOCUMENTS, LESSONS

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LEDGER = NOTEBOOKS / "data" / "claims.csv"
ROWS = list(csv.DictReader(LEDGER.read_text(encoding="utf-8").splitlines()))
SHOWN_IN = {path.name[:2]: path for path in LESSONS + DOCUMENTS}  # by what stands in the column `lesson`
COMPANIONS = [path.name[:2] for path in DOCUMENTS]
#: How a companion begins a statement: - **D1-30** · *holds* · *our check* · …
STATEMENT = re.compile(r"^- \*\*(D\d-\d\d)\*\* · \*([^*]+)\*(?: · \*([^*]+)\*)? · ", re.MULTILINE)


def section(lesson: str) -> str:
    """Where a notebook goes through statements."""
    first, last = (
        ("Statement by statement", "Sources") if lesson in COMPANIONS else ("What the document says", "Your turn")
    )
    cells = json.loads(SHOWN_IN[lesson].read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return prose.split(f"## {first}", 1)[1].split(f"\n## {last}", 1)[0]


@pytest.mark.parametrize("lesson", sorted({row["lesson"] for row in ROWS}))
def test_the_lesson_that_a_row_names_cites_it_where_it_says_so(lesson: str) -> None:
    cited = set(re.findall(r"D\d-\d\d", section(lesson)))
    missing = {row["id"] for row in ROWS if row["lesson"] == lesson} - cited
    assert not missing, f"{SHOWN_IN[lesson].name} does not cite {sorted(missing)}, for which the ledger names it"


@pytest.mark.parametrize("companion", COMPANIONS)
def test_a_companion_has_the_verdicts_of_the_ledger_in_the_order_of_the_text(companion: str) -> None:
    told = STATEMENT.findall(section(companion))
    expected = [(row["id"], row["verdict"], row["kind"]) for row in ROWS if row["lesson"] == companion]
    found = [(row, verdict, kind or "stated") for row, verdict, kind in told]
    other = sorted({*found} ^ {*expected}) or [row for row, *_ in found]
    assert found == expected, f"{SHOWN_IN[companion].name} and the ledger differ in {other}"


def test_only_what_a_document_states_is_called_its_statement() -> None:
    assert [sum(row["kind"] == "stated" for row in ROWS), len(ROWS)] == [160, 184]
    assert {row["kind"] for row in ROWS} == {"stated", "left out", "implied", "our check"}
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_a_wrong_value_in_the_ledger_is_named_by_lesson_16(tmp_path: Path) -> None:
    shutil.copytree(NOTEBOOKS, tmp_path, ignore=shutil.ignore_patterns("solutions", ".*"), dirs_exist_ok=True)
    right = LEDGER.read_text(encoding="utf-8")
    wrong = right.replace(",7667,d1\n", ",7700,d1\n")
    assert wrong != right
    (tmp_path / "data" / "claims.csv").write_text(wrong, encoding="utf-8")
    (lesson,) = tmp_path.glob("16_*.ipynb")
    client = NotebookClient(nbformat.read(lesson, as_version=4), resources={"metadata": {"path": tmp_path}})
    texts = [output.get("text", "") for cell in client.execute().cells for output in cell.get("outputs", ())]
    said = [text for text in texts if OPENING in text]
    assert len(said) == 1
    assert "D1-30" in said[0]
