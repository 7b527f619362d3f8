"""The rules of a lesson that need no kernel: they read the notebooks as they are stored."""

import ast
import base64
import csv
import dis
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from lsqcore.explore.explorer import FILM_BUDGET
from tests.notebooks import LESSONS, ROOT, SOLUTIONS, WIDGET_STATE, WIDGET_VIEW
from tests.notebooks.sweep import noise, written_by_hand

NETWORK = {"ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "urllib", "xmlrpc"}
PEERS = {"dask", "scipy", "sklearn", "statsmodels", "tqdm"}
MODULES = sys.stdlib_module_names - NETWORK - {"random"} | PEERS | {"numpy", "IPython"}
OWN_MODULES = {"lsqcore", "lsqcore.explore", "lsqcore.practice"}
ENDING = ["What the document says", "Your turn", "In practice", "Sources"]

each_notebook = pytest.mark.parametrize(
    "path", LESSONS + SOLUTIONS, ids=lambda path: str(path.relative_to(ROOT / "notebooks").with_suffix(""))
)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@cache
def notebook(path: Path) -> dict:
    """The notebook's JSON with the source of each cell as one string."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    return content


def cells(path: Path, cell_type: str) -> list[dict]:
    return [cell for cell in notebook(path)["cells"] if cell["cell_type"] == cell_type]


def outputs(path: Path) -> list[dict]:
    return [output for cell in cells(path, "code") for output in cell["outputs"]]


syntax = cache(ast.parse)


def nodes(path: Path, kind: type) -> Iterator[tuple[dict, ast.AST]]:
    """Every node of a kind in the code of a notebook, with its cell."""
    for cell in cells(path, "code"):
        yield from ((cell, node) for node in ast.walk(syntax(cell["source"])) if isinstance(node, kind))


def explorers(path: Path) -> list[dict]:
    states = notebook(path)["metadata"].get("widgets", {WIDGET_STATE: {"state": {}}})[WIDGET_STATE]["state"]
    return [model for model in states.values() if "captions" in model["state"]]


@each_notebook
def test_every_code_cell_was_run_once_in_order(path: Path):
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), "make notebooks"


@each_notebook
def test_code_cells_are_short_plain_python(path: Path):
    for cell in cells(path, "code"):
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        assert 1 <= len(lines) <= 12, cell["source"]
        syntax(cell["source"])  # no %magic and no !command
        assert "NBVAL" not in cell["source"], "every output is compared"
        assert set(cell["metadata"].get("tags", ())) <= {"raises-exception"}, cell["metadata"]


@each_notebook
def test_prose_comes_before_every_code_cell(path: Path):
    kinds = [cell["cell_type"] for cell in notebook(path)["cells"]]
    assert kinds[0] == "markdown"
    assert ("code", "code") not in set(pairwise(kinds))


@each_notebook
def test_a_name_is_bound_in_one_cell(path: Path):
    bound = {}
    for number, cell in enumerate(cells(path, "code"), start=1):
        loops = [node.target for node in ast.walk(syntax(cell["source"])) if isinstance(node, ast.For)]
        counters = {node.id for target in loops for node in ast.walk(target) if isinstance(node, ast.Name)}
        stored = [
            step.argval
            for step in dis.get_instructions(compile(cell["source"], "cell", "exec"))
            if step.opname == "STORE_NAME"
        ]
        for name in {*stored} - counters - {"_"}:
            bound.setdefault(name, []).append(number)
    assert {name: numbers for name, numbers in bound.items() if len(numbers) > 1} == {}


@each_notebook
def test_imports_are_the_standard_library_numpy_lsqcore_and_peers(path: Path):
    imported = [name.name for _, node in nodes(path, ast.Import) for name in node.names]
    imported += [node.module for _, node in nodes(path, ast.ImportFrom)]
    assert [name for name in imported if name.partition(".")[0] not in MODULES and name not in OWN_MODULES] == []


def test_every_notebook_has_the_same_import_cell():
    assert len({cells(path, "code")[0]["source"] for path in LESSONS + SOLUTIONS}) == 1


@each_notebook
def test_nothing_is_hidden_or_fetched(path: Path):
    attributes = {ast.unparse(node) for _, node in nodes(path, ast.Attribute)}
    pattern = r"sys\.path|warnings\.\w*(filter|catch)\w*|sklearn\.datasets\.fetch_\w+"
    assert [name for name in attributes if re.match(pattern, name)] == []
    assert [node.id for _, node in nodes(path, ast.Name) if node.id.startswith("fetch_")] == []


@each_notebook
def test_no_cell_ends_by_printing_a_bare_value(path: Path):
    for cell in cells(path, "code"):
        match syntax(cell["source"]).body:
            case [*_, ast.Expr(ast.Call(ast.Name("print"), [argument]))]:
                assert isinstance(argument, (ast.JoinedStr, ast.Constant)), cell["source"]


@each_notebook
def test_asserts_stand_outside_functions(path: Path):
    """There they speak when a reader's own data are others; in a function they raise."""
    functions = [node for _, node in nodes(path, ast.FunctionDef)]
    inside = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Assert)]
    assert [ast.unparse(node) for node in inside] == []


@each_notebook
def test_every_draw_is_seeded(path: Path):
    """By `default_rng(seed)`, or by the document's `RandomState(seed)`, which the prose before the cell names."""
    seeded = [node.func for _, node in nodes(path, ast.Call) if node.args]
    draws = [(cell, node) for cell, node in nodes(path, ast.Attribute) if ast.unparse(node.value) == "np.random"]
    prose_before = {after["id"]: before["source"] for before, after in pairwise(notebook(path)["cells"])}
    for cell, node in draws:
        assert node.attr in ("default_rng", "RandomState"), cell["source"]
        assert node in seeded, f"{ast.unparse(node)} without a seed in\n{cell['source']}"
        if node.attr == "RandomState":
            assert "RandomState" in prose_before[cell["id"]], cell["source"]


@each_notebook
def test_outputs_are_the_same_on_every_machine(path: Path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert output.get("name") != "stderr", output
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", ()), output
            texts = {kind: text for kind, text in output.get("data", output).items() if kind != "image/png"}
            assert not re.search(r"0x[0-9a-f]{6}|/(?:home|root|tmp|work|Users|opt|usr)/", str(texts)), texts


@each_notebook
def test_no_output_prints_rounding_noise(path: Path):
    """The sweep looks at what explorers say, with these eyes."""
    by_hand = written_by_hand(notebook(path))
    texts = ["".join(output.get("text") or output.get("data", {}).get("text/plain", "")) for output in outputs(path)]
    assert [(text, noise(text, by_hand)) for text in texts if noise(text, by_hand)] == []


@each_notebook
def test_pictures_have_a_caption_and_keep_the_budget(path: Path):
    pictures = [output for output in outputs(path) if "image/png" in output.get("data", ())]
    for output in pictures:
        assert output["metadata"]["image/png"]["alt"] == "".join(output["data"]["text/plain"])
        assert len(base64.b64decode("".join(output["data"]["image/png"]))) <= 40_000
    assert path.stat().st_size <= 1_500_000


@each_notebook
def test_explorers_live_where_nothing_runs_and_keep_the_budget(path: Path):
    """Each has its picture and its stored state; the state holds the film.js and film.css of today."""
    views = [output["data"] for output in outputs(path) if WIDGET_VIEW in output.get("data", ())]
    states = notebook(path)["metadata"].get("widgets", {WIDGET_STATE: {"state": {}}})[WIDGET_STATE]["state"]
    assert all("image/png" in data and data[WIDGET_VIEW]["model_id"] in states for data in views)
    assert len(explorers(path)) == len(views) <= 4
    for model in explorers(path):
        for key, name in (("_esm", "film.js"), ("_css", "film.css")):
            is_of_today = model["state"][key] == (ROOT / "lsqcore" / "explore" / name).read_text(encoding="utf-8")
            assert is_of_today, f"{name} has changed: make notebooks"
        sizes = {buffer["path"][0]: len(base64.b64decode(buffer["data"])) for buffer in model["buffers"]}
        assert sizes["film"] <= FILM_BUDGET
        assert sizes["background"] <= 60_000


@each_lesson
def test_a_lesson_has_its_shape(path: Path):
    prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    assert re.findall(r"^# (.+)$", prose, re.MULTILINE) == re.findall(r"\A# (.+)", prose)
    sections = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    ledger = path.stem.startswith("12_")  # all of it is about what the documents say
    assert sections[0] == "The question"
    assert [re.sub("documents say", "document says", name) for name in sections][-3 if ledger else -4 :] == ENDING[
        ledger:
    ]


@each_lesson
def test_cited_statements_stand_in_the_ledger(path: Path):
    with (ROOT / "notebooks" / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        ledger = {row["id"] for row in csv.DictReader(file)}
    cited = set(re.findall(r"\bD\d-\d+\b", "\n".join(cell["source"] for cell in notebook(path)["cells"])))
    assert cited <= ledger
    assert cited


def test_every_lesson_has_its_solutions():
    assert [path.name for path in SOLUTIONS] == [path.name for path in LESSONS]


@each_lesson
def test_solutions_answer_every_exercise_right(path: Path):
    asked = re.findall(r"^(\w+) = \.\.\.$", "\n".join(cell["source"] for cell in cells(path, "code")), re.MULTILINE)
    solutions = path.parent / "solutions" / path.name
    checked = [cell for cell in cells(solutions, "code") if cell["source"].splitlines()[-1].startswith("practice.")]
    names = [re.findall(r"\w+", cell["source"].splitlines()[-1]) for cell in checked]
    assert 1 <= len(asked) == len(checked)
    assert [name for name, words in zip(asked, names, strict=True) if name not in words] == []
    assert all("".join(cell["outputs"][0]["data"]["text/plain"]).startswith("Right.") for cell in checked)
