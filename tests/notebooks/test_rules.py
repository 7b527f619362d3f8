"""The rules of a lesson that need no kernel: they read the notebooks as they are stored.

CONTRIBUTING.md, "The shape of a lesson", says them in words.
"""

import ast
import base64
import csv
import dis
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from operator import attrgetter
from pathlib import Path

from lsqcore import practice
from lsqcore.explore.explorer import FILM_BUDGET, SCRIPT, STYLE
from lsqcore.practice.shared.prediction import Prediction
from tests.notebooks import (
    DOCUMENTS,
    LESSONS,
    ROOT,
    SOLUTIONS,
    WIDGET_STATE,
    WIDGET_VIEW,
    each_document,
    each_lesson,
    each_notebook,
)
from tests.notebooks.reading_time import counted, minutes, stated
from tests.notebooks.sweep import noise, written_by_hand

NETWORK = {"ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "urllib", "xmlrpc"}
PEERS = {"dask", "scipy", "sklearn", "statsmodels", "tqdm"}
MODULES = sys.stdlib_module_names - NETWORK - {"random"} | PEERS | {"numpy", "IPython"}
OWN_MODULES = {"lsqcore", "lsqcore.explore", "lsqcore.practice"}
OPEN, CLOSED = 12, 45  # lines of a cell
HIDDEN = {"source_hidden": True}  # what JupyterLab reads, under "jupyter"; pages read the tag
HIDDEN_TAG = "hide-input"
WORKED_EXAMPLE = "worked-example"  # the tag of the one open cell that builds a figure, in lesson 01
SECTIONS = ["The question", "Your turn", "In practice", "Sources"]
OF_A_COMPANION = ["The worked example", "Statement by statement", "Sources"]
FIND_THE_ERROR = "*Find the error.*"

SHAPE = '\nSee CONTRIBUTING.md, "The shape of a lesson".'
COMPANION = '\nSee CONTRIBUTING.md, "The shape of a companion".'
ASKING = '\nSee CONTRIBUTING.md, "Ask for a prediction".'


def to_store(path: Path) -> str:
    """What stores the outputs of a notebook."""
    return f"\nRun `make notebooks LESSONS={Path(os.path.relpath(path, ROOT)).as_posix()}`."


def quote(cell: Mapping) -> str:
    return f":\n\n{cell['source']}\n"


@cache
def notebook(path: Path) -> dict:
    """The notebook's JSON with the source of each cell as one string."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell["source"] = "".join(cell["source"])
    return content


def cells(path: Path, cell_type: str) -> list[dict]:
    return [cell for cell in notebook(path)["cells"] if cell["cell_type"] == cell_type]


def tags(cell: Mapping) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


def is_closed(cell: Mapping) -> bool:
    return cell["metadata"].get("jupyter") == HIDDEN


def outputs(path: Path) -> list[dict]:
    return [output for cell in cells(path, "code") for output in cell["outputs"]]


syntax = cache(ast.parse)


def nodes(path: Path, kind: type) -> Iterator[tuple[dict, ast.AST]]:
    """Every node of a kind in the code of a notebook, with its cell."""
    for cell in cells(path, "code"):
        yield from ((cell, node) for node in ast.walk(syntax(cell["source"])) if isinstance(node, kind))


def asked(path: Path) -> Iterator[tuple[dict, ast.expr]]:
    """What the figures of a notebook are given as their prediction, with the cell."""
    for cell, node in nodes(path, ast.keyword):
        if node.arg == "prediction":
            yield cell, node.value


def prediction_of(expression: ast.expr) -> Prediction | None:
    """The prediction that `practice.my_lesson.its_name` names, if there is one."""
    module, _, name = ast.unparse(expression).partition(".")
    try:
        found = attrgetter(name)(practice) if module == "practice" else None
    except AttributeError:
        return None
    return found if isinstance(found, Prediction) else None


def stored_models(path: Path) -> dict[str, dict]:
    return notebook(path)["metadata"].get("widgets", {WIDGET_STATE: {"state": {}}})[WIDGET_STATE]["state"]


@each_notebook
def test_every_code_cell_was_run_once_in_order(path: Path):
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), to_store(path)


@each_notebook
def test_code_cells_are_short(path: Path):
    """An open cell is read; a closed one makes a figure, and JupyterLab shows its first line in place of the code."""
    for cell in cells(path, "code"):
        lines = [line for line in cell["source"].splitlines() if line.strip()]
        closed = is_closed(cell)
        budget = CLOSED if closed else OPEN
        assert closed == (HIDDEN_TAG in tags(cell)), (
            f'a closed cell has {{"jupyter": {json.dumps(HIDDEN)}}} and the tag "{HIDDEN_TAG}", an open one neither'
            f"{quote(cell)}{SHAPE}"
        )
        assert 1 <= len(lines) <= budget, f"{len(lines)} lines, where up to {budget} may stand{quote(cell)}{SHAPE}"
        assert not closed or lines[0].startswith("# "), f"a closed cell begins with its name, # …{quote(cell)}{SHAPE}"


@each_notebook
def test_code_cells_are_plain_python_and_all_of_them_are_tested(path: Path):
    for cell in cells(path, "code"):
        try:
            syntax(cell["source"])
        except SyntaxError as error:
            raise AssertionError(f"no plain Python (no %magic, no !command){quote(cell)}{SHAPE}") from error
        assert "NBVAL" not in cell["source"], f"every output is compared, without marks for nbval{quote(cell)}{SHAPE}"
        unknown = tags(cell) - {"raises-exception", HIDDEN_TAG, WORKED_EXAMPLE}
        assert not unknown, f"tags that nothing reads: {unknown}{quote(cell)}{SHAPE}"


@each_notebook
def test_figures_are_built_in_closed_cells(path: Path):
    """One open cell of the course does it, too: a worked example, for who wants to build a figure."""
    for cell, node in nodes(path, ast.Attribute):
        if ast.unparse(node.value) == "fig" and not is_closed(cell):
            assert WORKED_EXAMPLE in tags(cell), (
                f"close the cell that builds a figure, or take {ast.unparse(node)} from it{quote(cell)}{SHAPE}"
            )
    examples = [cell for cell in cells(path, "code") if WORKED_EXAMPLE in tags(cell)]
    expected = 1 if path in LESSONS and path.name.startswith("01_") else 0
    assert len(examples) == expected, (
        f'{len(examples)} cells have the tag "{WORKED_EXAMPLE}", not {expected}: one in lesson 01, no other{SHAPE}'
    )


@each_notebook
def test_predictions_stand_in_practice(path: Path):
    for cell, node in nodes(path, ast.Call):
        written_here = ast.unparse(node.func) in ("predict", "fig.predict")
        assert not written_here, f"put the question with its answer into lsqcore/practice{quote(cell)}{ASKING}"
    for cell, expression in asked(path):
        assert prediction_of(expression), (
            f"{ast.unparse(expression)} is no prediction; expected prediction=practice.my_lesson.its_name"
            f"{quote(cell)}{ASKING}"
        )


@each_notebook
def test_no_answer_stands_above_its_question(path: Path):
    """Of the choices, the right one is written there in quotation marks by no code and no prose, or all of them are."""
    for cell, expression in asked(path):
        prediction = prediction_of(expression)
        ids = [other["id"] for other in notebook(path)["cells"]]
        for above in notebook(path)["cells"][: ids.index(cell["id"]) + 1]:
            choices = prediction.choices if prediction else ()
            told = [choice for choice in choices if re.search(rf"[\"'“‘]{re.escape(choice)}[\"'”’]", above["source"])]
            assert prediction is None or prediction.answer not in told or len(told) == len(choices), (
                f"“{prediction.answer}” answers {ast.unparse(expression)} before it is asked: write it below, "
                f"or name the choice otherwise{quote(above)}{ASKING}"
            )


@each_notebook
def test_a_cell_can_run_twice(path: Path):
    """Its names allow it: it gives no new value to a name that it has read before."""
    for cell in cells(path, "code"):
        seen, changed = {}, set()  # a name, and what is first done with it
        for step in dis.get_instructions(compile(cell["source"], "cell", "exec")):
            if step.opname in ("LOAD_NAME", "STORE_NAME"):
                first = seen.setdefault(step.argval, step.opname)
                changed |= {step.argval} if (first, step.opname) == ("LOAD_NAME", "STORE_NAME") else set()
        assert not changed, (
            f"run twice, this cell changes what it had made of {', '.join(sorted(changed))}: give the new value "
            f"another name, or the first one in the same cell{quote(cell)}{SHAPE}"
        )


@each_notebook
def test_imports_are_the_standard_library_numpy_lsqcore_and_peers(path: Path):
    imported = [name.name for _, node in nodes(path, ast.Import) for name in node.names]
    imported += [node.module for _, node in nodes(path, ast.ImportFrom)]
    others = [name for name in imported if name.partition(".")[0] not in MODULES and name not in OWN_MODULES]
    assert others == [], f"a lesson imports numpy, {', '.join(sorted(OWN_MODULES | PEERS))}, and no network{SHAPE}"


def test_every_notebook_has_the_same_import_cell():
    """In a closed cell a figure may follow it: lesson 00 shows one before any code."""
    first_cells = {}
    for path in LESSONS + SOLUTIONS + DOCUMENTS:
        cell = cells(path, "code")[0]
        source = cell["source"]
        if cell["metadata"].get("jupyter") == HIDDEN:  # behind its name, up to the first statement that is the figure's
            statements = [ast.unparse(node) for node in syntax(source).body]
            source = cells(LESSONS[1], "code")[0]["source"]
            same = statements[: len(syntax(source).body)] == [ast.unparse(node) for node in syntax(source).body]
            source = source if same else cell["source"]
        first_cells.setdefault(source, []).append(os.path.relpath(path, ROOT))
    most, *others = sorted(first_cells.items(), key=lambda item: len(item[1]), reverse=True)
    assert others == [], f"the first code cell of nearly all notebooks is\n\n{most[0]}\n\nbut not of these.{SHAPE}"


@each_notebook
def test_nothing_is_hidden_or_fetched(path: Path):
    attributes = {ast.unparse(node) for _, node in nodes(path, ast.Attribute)}
    pattern = r"sys\.path|warnings\.\w*(filter|catch)\w*|sklearn\.datasets\.fetch_\w+"
    found = [name for name in attributes if re.match(pattern, name)]
    found += [node.id for _, node in nodes(path, ast.Name) if node.id.startswith("fetch_")]
    assert found == [], f"a lesson hides no warning, changes no path and needs no network{SHAPE}"


@each_notebook
def test_no_cell_ends_by_printing_a_bare_value(path: Path):
    for cell in cells(path, "code"):
        match syntax(cell["source"]).body:
            case [*_, ast.Expr(ast.Call(ast.Name("print"), [argument]))]:
                is_text = isinstance(argument, (ast.JoinedStr, ast.Constant))
                assert is_text, f"end with the value itself, or print a sentence{quote(cell)}{SHAPE}"


@each_notebook
def test_asserts_stand_outside_functions(path: Path):
    """There they speak when a reader's own data are others; in a function they raise."""
    for cell, function in nodes(path, ast.FunctionDef):
        inside = [ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Assert)]
        assert inside == [], f"asserts belong outside functions, where they stop no reader{quote(cell)}{SHAPE}"


@each_notebook
def test_every_draw_is_seeded(path: Path):
    """By `default_rng(seed)`, or by the document's `RandomState(seed)`, which the prose above the cell names."""
    seeded = [node.func for _, node in nodes(path, ast.Call) if node.args]
    prose, prose_above = "", {}
    for cell in notebook(path)["cells"]:
        prose = cell["source"] if cell["cell_type"] == "markdown" else prose
        prose_above[cell["id"]] = prose
    for cell, node in nodes(path, ast.Attribute):
        if ast.unparse(node.value) == "np.random":
            known = node.attr in ("default_rng", "RandomState") and node in seeded
            assert known, f"draw from np.random.default_rng(seed), not from {ast.unparse(node)}{quote(cell)}{SHAPE}"
            named = node.attr == "default_rng" or "RandomState" in prose_above[cell["id"]]
            assert named, f"say above the cell why it is the document's RandomState{quote(cell)}{SHAPE}"


@each_notebook
def test_outputs_are_the_same_on_every_machine(path: Path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert output.get("name") != "stderr", (
                f"a lesson warns nobody: {''.join(output['text'])}{quote(cell)}{SHAPE}"
            )
            expected = output["output_type"] != "error" or "raises-exception" in tags(cell)
            assert expected, f'a cell that is meant to fail has the tag "raises-exception"{quote(cell)}{SHAPE}'
            texts = {kind: text for kind, text in output.get("data", output).items() if kind != "image/png"}
            of_this_machine = re.findall(r"0x[0-9a-f]{6}|/(?:home|root|tmp|work|Users|opt|usr)/", str(texts))
            assert of_this_machine == [], f"an address or a path of one machine: {texts}{quote(cell)}{SHAPE}"


@each_notebook
def test_no_output_prints_rounding_noise(path: Path):
    """The sweep looks at what explorers say, with these eyes."""
    by_hand = written_by_hand(notebook(path))
    texts = ["".join(output.get("text") or output.get("data", {}).get("text/plain", "")) for output in outputs(path)]
    noisy = [(text, noise(text, by_hand)) for text in texts if noise(text, by_hand)]
    assert noisy == [], f'another processor has other digits: round them, or say "below 1e-12"{SHAPE}'


@each_notebook
def test_pictures_have_a_caption_and_keep_the_budget(path: Path):
    pictures = [output for output in outputs(path) if "image/png" in output.get("data", ())]
    for output in pictures:
        text = "".join(output["data"]["text/plain"])
        has_caption = output["metadata"]["image/png"].get("alt") == text
        assert has_caption, f"a picture without its sentence: {text}. Make it with lsqcore.explore.{SHAPE}"
        size = len(base64.b64decode("".join(output["data"]["image/png"])))
        assert size <= 40_000, f"a picture of {size} bytes, where 40,000 are enough: {text}{SHAPE}"
    assert path.stat().st_size <= 1_500_000, f"a notebook is to stay below 1.5 MB{SHAPE}"


@each_notebook
def test_explorers_live_where_nothing_runs_and_keep_the_budget(path: Path):
    """Each has its picture and its stored state; the state holds today's script and style."""
    views = [output["data"] for output in outputs(path) if WIDGET_VIEW in output.get("data", ())]
    models = stored_models(path)
    stored = all("image/png" in data and data[WIDGET_VIEW]["model_id"] in models for data in views)
    assert stored, f"an explorer without its picture or its state.{to_store(path)}"
    explorers = [model for model in models.values() if "captions" in model["state"]]
    assert len(explorers) == len(views), f"{len(explorers)} stored, {len(views)} shown.{to_store(path)}"
    scenes = [model["state"]["scene"] for model in explorers]
    moving = [scene for scene in scenes if scene["sliders"] or scene["handles"] or scene["playhead"]]
    assert len(moving) <= 4, f"{len(moving)} explorers, where up to four may stand{SHAPE}"
    for model in explorers:
        is_of_today = (model["state"]["_esm"], model["state"]["_css"]) == (SCRIPT, STYLE)
        assert is_of_today, f"paint.js, film.js or film.css has changed since.{to_store(path)}"
        sizes = {buffer["path"][0]: len(base64.b64decode(buffer["data"])) for buffer in model["buffers"]}
        for part, budget in (("film", FILM_BUDGET), ("still", 60_000)):
            assert sizes[part] <= budget, f"a {part} of {sizes[part]} bytes, where {budget} may be stored{SHAPE}"


@each_lesson
def test_a_lesson_has_its_shape(path: Path):
    assert notebook(path)["cells"][0]["cell_type"] == "markdown", f"a lesson begins with its title, # …{SHAPE}"
    prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    titles = re.findall(r"^# (.+)$", prose, re.MULTILINE)
    assert titles == re.findall(r"\A# (.+)", prose), f"a lesson has one title, # …, and it comes first{SHAPE}"
    sections = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    assert [name for name in sections if name in SECTIONS] == SECTIONS, f"sections, in this order: {SECTIONS}{SHAPE}"
    ends = sections[0], sections[-1]
    assert ends == (SECTIONS[0], SECTIONS[-1]), f"it begins with {SECTIONS[0]!r} and ends with {SECTIONS[-1]!r}{SHAPE}"


@each_lesson
def test_the_stated_time_is_the_computed_one(path: Path):
    found = counted(notebook(path)["cells"])
    computed = minutes(found)
    given = stated(cells(path, "markdown")[0]["source"])
    assert given == computed, (
        f"**Time** states {given}; for lesson and exercises {computed} is computed, of {found}.{SHAPE}"
    )
    assert computed[0] <= 30, f"{computed[0]} minutes, where 30 are enough for one thesis: {found}{SHAPE}"


@each_lesson
def test_a_lesson_has_three_exercises_of_three_kinds(path: Path):
    if not path.name.startswith("00_"):
        prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
        sections = re.findall(r"^## (.+)$", prose, re.MULTILINE)
        assert sections[-4:] == ["Your turn", "In short", "In practice", "Sources"], f"it ends with {sections}{SHAPE}"
        asked = re.findall(r"^(\w+) = \.\.\.$", "\n".join(cell["source"] for cell in cells(path, "code")), re.MULTILINE)
        assert len(asked) == 3, f"three exercises, not {len(asked)}{SHAPE}"
        assert FIND_THE_ERROR in prose.split("## Your turn")[1], f"one exercise begins with {FIND_THE_ERROR}{SHAPE}"
        written = list(nodes(path.parent / "solutions" / path.name, ast.FunctionDef))
        assert written, f"the answer of one exercise is code, a function{SHAPE}"


@each_lesson
def test_documents_are_named_where_their_errors_are_found(path: Path):
    if not path.name.startswith("00_"):
        prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
        movements = prose.split("## Your turn")[0]
        named = re.findall(r"[^\n]*\bD[0-4]\b[^\n]*", movements)
        assert named == [], f"a document is named in *find the error* and in Sources only: {named}{SHAPE}"


@each_lesson
def test_nothing_above_a_form_holds_its_answer(path: Path):
    """No heading of the lesson, and no prose or output above: in the words of the right choice, or as a number."""
    every = notebook(path)["cells"]
    headings = re.findall(r"^#+ .+$", "\n".join(cell["source"] for cell in cells(path, "markdown")), re.MULTILINE)
    for cell, expression in asked(path):
        prediction, above = prediction_of(expression), [*headings]
        for other in every[: every.index(cell)]:
            above += [other["source"]] if other["cell_type"] == "markdown" else []
            data = [output.get("data", output) for output in other.get("outputs", ())]
            above += ["".join(each.get("text/plain", each.get("text", ""))) for each in data]
        answer = prediction.answer if prediction else ""
        if isinstance(answer, str):
            words = [re.escape(answer)] if len(answer.split()) > 1 else []
        else:
            words = sorted({re.escape(written) for written in (f"{answer:g}", f"{answer:,.0f}", f"{answer:.2f}")})
        for text in above:
            told = [word for word in words if re.search(rf"(?<![\w.,]){word}(?![\w]|[.,]\d)", text, re.IGNORECASE)]
            assert not told, f"{ast.unparse(expression)} is answered above: {told} in{quote(dict(source=text))}{ASKING}"


@each_document
def test_a_companion_has_its_shape(path: Path):
    """Its title, its sections, and the worked example as a figure with the two sliders that every walk has."""
    prose = "\n".join(cell["source"] for cell in cells(path, "markdown"))
    titles = re.findall(r"^# (.+)$", prose, re.MULTILINE)
    assert titles == re.findall(r"\A# (D\d: .+)", prose), f"one title, # D1: …, and it comes first{COMPANION}"
    sections = re.findall(r"^## (.+)$", prose, re.MULTILINE)
    assert sections == OF_A_COMPANION, f"sections {sections}, where {OF_A_COMPANION} are expected{COMPANION}"
    given = [{keyword.arg for keyword in call.keywords} for _, call in nodes(path, ast.Call)]
    assert any({"learning_rate", "iteration"} <= names for names in given), (
        f"no figure has both controls, learning_rate and iteration{COMPANION}"
    )


@each_notebook
def test_cited_statements_stand_in_the_ledger(path: Path):
    with (ROOT / "notebooks" / "data" / "claims.csv").open(encoding="utf-8", newline="") as file:
        ledger = {row["id"] for row in csv.DictReader(file)}
    text = "\n".join(cell["source"] for cell in notebook(path)["cells"])
    cited = set(re.findall(r"\bD\d-\d+\b", text))
    assert cited <= ledger, f"{sorted(cited - ledger)} stand in no row of notebooks/data/claims.csv{SHAPE}"


def test_every_lesson_has_its_solutions():
    lessons, solutions = ([path.name for path in paths] for paths in (LESSONS, SOLUTIONS))
    assert solutions == lessons, f"a lesson and its solutions, in notebooks/solutions, have the same name{SHAPE}"


@each_lesson
def test_solutions_answer_every_exercise_right(path: Path):
    """An exercise is `name = ...` in the lesson; its solution ends with `practice.lesson.check(name)`."""
    asked = re.findall(r"^(\w+) = \.\.\.$", "\n".join(cell["source"] for cell in cells(path, "code")), re.MULTILINE)
    assert asked, f"a lesson has an exercise, a cell with `name = ...`{SHAPE}"
    solutions = path.parent / "solutions" / path.name
    answered = []
    for cell in cells(solutions, "code"):
        match syntax(cell["source"]).body:
            case [*_, ast.Expr(ast.Call(check, [answer]))] if ast.unparse(check).startswith("practice."):
                answered += [node.id for node in ast.walk(answer) if isinstance(node, ast.Name) and node.id in asked]
                said = "".join(cell["outputs"][0]["data"]["text/plain"])
                assert said.startswith("Right."), f"the solution is answered with: {said}{quote(cell)}{SHAPE}"
    assert answered == asked, f"notebooks/solutions/{path.name} answers each exercise once, in order{SHAPE}"
