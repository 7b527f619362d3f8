"""The ledger: one data file, cited by the companions of the documents and by lessons, recomputed by lesson 16."""

import csv
import json
import re
import shutil
from html import unescape
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbconvert.filters.markdown import markdown2html

from lsqcore.practice.shared.recompute import recompute
from tests.notebooks import DOCUMENTS, LESSONS

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
LEDGER = NOTEBOOKS / "data" / "claims.csv"
ROWS = list(csv.DictReader(LEDGER.read_text(encoding="utf-8").splitlines()))
BY_ID = {row["id"]: row for row in ROWS}
STATED = [row for row in ROWS if row["kind"] == "stated"]
SHOWN_IN = {path.name[:2]: path for path in DOCUMENTS}
#: How a companion begins a statement: - **D1-30** · *holds* · *our check* · …
STATEMENT = re.compile(r"^- \*\*(D\d-\d\d)\*\* · \*([^*]+)\*(?: · \*([^*]+)\*)? · ", re.MULTILINE)


def statements(companion: str) -> str:
    """The part of a companion that goes through the statements."""
    cells = json.loads(SHOWN_IN[companion].read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return prose.split("## Statement by statement", 1)[1].split("\n## Sources", 1)[0]


@pytest.mark.parametrize("companion", SHOWN_IN)
def test_a_companion_has_the_verdicts_of_the_ledger_in_the_order_of_the_text(companion: str) -> None:
    told = STATEMENT.findall(statements(companion))
    expected = [(row["id"], row["verdict"], row["kind"]) for row in ROWS if row["document"].lower() == companion]
    found = [(row, verdict, kind or "stated") for row, verdict, kind in told]
    other = sorted({*found} ^ {*expected}) or [row for row, *_ in found]
    assert found == expected, f"{SHOWN_IN[companion].name} and the ledger differ in {other}"


def test_only_what_a_document_states_is_called_its_statement() -> None:
    assert [sum(row["kind"] == "stated" for row in ROWS), len(ROWS)] == [160, 184]
    assert {row["kind"] for row in ROWS} == {"stated", "left out", "implied", "our check"}
    assert len(BY_ID) == len(ROWS)


@pytest.mark.parametrize("row", STATED, ids=lambda row: row["id"])
def test_a_statement_has_its_place_with_the_line(row: dict) -> None:
    expected = "expected the section and the line of the text, as in “§3.2, line 38”"
    assert re.fullmatch(r"\S.*, line \d+", row["place"]), f"the place of {row['id']} is {row['place']!r}, {expected}"


@pytest.mark.parametrize("row", [row for row in STATED if row["verdict"] == "false"], ids=lambda row: row["id"])
def test_a_false_statement_has_a_number_or_is_false_by_definition(row: dict) -> None:
    told = row["value"] or "by definition" in f"{row['why']} {row['measured']}".lower()
    assert told, f"{row['id']} is judged false: give a value, or say in `measured` what makes it so “by definition”"


@pytest.mark.parametrize("row", [row for row in ROWS if row["follows_from"]], ids=lambda row: row["id"])
def test_a_row_follows_from_another_statement_of_its_document_that_does_not_hold(row: dict) -> None:
    way = [row]
    while way[-1]["follows_from"]:
        sources = way[-1]["follows_from"].split()
        assert set(sources) <= set(BY_ID), (
            f"{way[-1]['id']} follows from {sources}: ids with a space between are expected"
        )
        for source in (BY_ID[name] for name in sources):
            told = f"{way[-1]['id']} follows from {source['id']}"
            assert (source["kind"], source["document"]) == ("stated", row["document"]), (
                f"{told}, no statement beside it"
            )
            assert source["verdict"] != "holds", f"{told}, which holds"
        way.append(BY_ID[sources[0]])
        assert way[-1] not in way[:-1], f"{' from '.join(each['id'] for each in way)}: it goes in a circle"


def test_every_value_is_computed_again() -> None:
    found, written = recompute(), {row["id"]: float(row["value"]) for row in ROWS if row["value"]}
    gone, new = sorted(found.keys() - written.keys()), sorted(written.keys() - found.keys())
    assert not new, f"the ledger has values for {new}: compute them in lsqcore/practice/shared/recompute.py"
    assert not gone, f"lsqcore/practice/shared/recompute.py computes {gone}, for which the ledger has no value"
    off = {name: found[name] for name in written if not np.isclose(found[name], written[name], rtol=2e-3, atol=0)}
    assert not off, f"computed again, these values of the ledger are {off}"


def of_lesson_16(*names: str) -> list[str]:
    """The code of cells of the lesson, by their ids."""
    (lesson,) = (path for path in LESSONS if path.name.startswith("16_"))
    sources = {cell["id"]: "".join(cell["source"]) for cell in json.loads(lesson.read_text(encoding="utf-8"))["cells"]}
    return [sources[name] for name in names]


@pytest.fixture
def lesson_16(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What the lesson has after these cells: the ledger, how it judges a row, and `read`."""
    monkeypatch.chdir(NOTEBOOKS)
    names: dict = {}
    for source in of_lesson_16("ledger", "read-code"):
        exec(source, names)
    return names


@pytest.mark.parametrize(("document", "verdict"), sorted({(row["document"], row["verdict"]) for row in ROWS}))
def test_lesson_16_shows_rows_whole(document: str, verdict: str, lesson_16: dict) -> None:
    """As a browser renders them: a pipe, a star or a dollar in a claim moves no cell and changes no letter."""
    page = markdown2html(lesson_16["read"](document, verdict).data)
    table = [re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL) for line in page.split("<tr>")[2:]]
    expected = []
    for row in ROWS:
        if (row["document"], row["verdict"]) == (document, verdict):
            after = f", follows from {row['follows_from']}" if row["follows_from"] else ""
            head = f"{row['id']}, {row['place']}, {row['kind']}: {verdict}{after}"
            expected.append([head, *(row[name].strip() for name in ("claim", "why", "measured"))])
    found = [[unescape(re.sub(r"</?a[^>]*>", "", cell)).strip() for cell in cells] for cells in table]
    assert found == expected


def test_lesson_16_judges_each_row_once_and_blames_nobody_for_ours(lesson_16: dict) -> None:
    """Whatever the verdicts become: a row is ours, follows, is a slip, or has its verdict as it is."""
    known = {"ours", "follows", "slip", "holds", "holds only if", "not reproducible", "not checkable"}
    for row in ROWS:
        judged = lesson_16["judged"](row)
        assert judged in known, f"{row['id']} is {judged!r}: lesson 16 has no mark for it"
        assert (judged == "ours") == (row["kind"] != "stated")
        assert judged != "slip" or not row["follows_from"]


def test_a_wrong_value_in_the_ledger_is_named_by_lesson_16(tmp_path: Path) -> None:
    shutil.copytree(NOTEBOOKS, tmp_path, ignore=shutil.ignore_patterns("solutions", ".*"), dirs_exist_ok=True)
    right = LEDGER.read_text(encoding="utf-8")
    wrong = right.replace(",7667,\n", ",7700,\n")
    assert wrong != right
    (tmp_path / "data" / "claims.csv").write_text(wrong, encoding="utf-8")
    (lesson,) = tmp_path.glob("16_*.ipynb")
    client = NotebookClient(nbformat.read(lesson, as_version=4), resources={"metadata": {"path": tmp_path}})
    (cell,) = (cell for cell in client.execute().cells if cell.id == "recompute")
    assert "'D1-30'" in cell.outputs[0].data["text/plain"]
