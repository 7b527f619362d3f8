"""The rules are tested: a notebook with one fault breaks the rule that is there for it, which says what to do."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.notebooks import WIDGET_VIEW
from tests.notebooks import test_rules as rules

CLOSED = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


def code(source: str, *outputs: dict, **metadata: object) -> dict:
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata=metadata)


def prose(*lines: str) -> dict:
    return new_markdown_cell("\n".join(lines))


def lesson(*sections: str) -> dict:
    return prose("# A lesson", "## The question", *(f"## {name}" for name in sections))


def companion(*sections: str) -> list[dict]:
    figure = code("fig.explore(panels, film, learning_rate=fig.slider(0, 1), iteration=fig.playhead(9))")
    return [prose("# D1: a document", *(f"## {name}" for name in sections)), figure]


PREDICTION = "practice.better_walkers.heavy_ball_past_the_limit"  # "it converges"
PICTURE = {"image/png": "", "text/plain": "A sentence."}
A_LESSON = lesson("Your turn", "In practice", "Sources")
#: A rule, cells that keep it, and pairs of cells that do not and words of what it says then.
RULES = [
    (
        rules.test_every_code_cell_was_run_once_in_order,
        [code("1")],
        [([code("1"), code("2")], "")],
    ),
    (
        rules.test_code_cells_are_short,
        [code("1\n" * 12), code("# Loss\n" + "1\n" * 44, **CLOSED), code("2")],
        [
            ([code("1\n" * 13)], "13 lines, where up to 12"),
            ([code("# Loss\n" + "1\n" * 45, **CLOSED)], "46 lines, where up to 45"),
            ([code("1\n" * 40, **CLOSED)], "begins with its name"),
            ([code("# Loss\n1", tags=["hide-input"])], "a closed cell has"),
            ([code("# Loss\n1", jupyter={"source_hidden": True})], "a closed cell has"),
            ([code("")], "0 lines"),
        ],
    ),
    (
        rules.test_code_cells_are_plain_python_and_all_of_them_are_tested,
        [code("1 / 0", tags=["raises-exception"]), code("1", tags=["worked-example"])],
        [
            ([code("%matplotlib inline")], "no %magic"),
            ([code("# NBVAL_IGNORE_OUTPUT\n1")], "without marks for nbval"),
            ([code("1", tags=["skip-this"])], "tags that nothing reads: {'skip-this'}"),
        ],
    ),
    (
        rules.test_figures_are_built_in_closed_cells,
        [code("# Loss\nfig.picture()", **CLOSED), code("figure.show()\nimport lsqcore.explore as fig")],
        [
            ([code("fig.picture()")], "close the cell .* or take fig.picture from it"),
            ([code("def film():\n    return fig.Curve")], "take fig.Curve from it"),
            ([code("fig.picture()", tags=["worked-example"])], "one in lesson 01, no other"),
        ],
    ),
    (
        rules.test_predictions_stand_in_practice,
        [code(f"fig.explore(prediction={PREDICTION})\nKernelRidge().predict(x)")],
        [
            ([code('fig.predict("How many?", 3)')], "with its answer into lsqcore/practice"),
            ([code("predict(question, answer)")], "with its answer into lsqcore/practice"),
            ([code("fig.explore(prediction=how_many)")], "how_many is no prediction"),
            (
                [code("fig.explore(prediction=practice.five_point_line.how_many)")],
                "practice.five_point_line.how_many is no prediction",
            ),
            (
                [code("dict(prediction=practice.five_point_line.first_summand)")],
                "expected prediction=practice.my_lesson",
            ),
        ],
    ),
    (
        rules.test_no_answer_stands_above_its_question,
        [
            code('"it converges sooner"'),
            code("ends = ['it diverges sooner', 'it diverges later', 'it circles for ever', 'it converges']"),
            code(f"fig.explore(prediction={PREDICTION})"),
            code('"it converges"'),
        ],
        [
            ([code('"it converges"'), code(f"fig.explore(prediction={PREDICTION})")], "before it is asked"),
            ([prose("Is it “it converges”?"), code(f"dict(prediction={PREDICTION})")], "“it converges” answers"),
            ([code(f"names = ['it converges']\ndict(prediction={PREDICTION})")], "or name the choice otherwise"),
        ],
    ),
    (
        rules.test_a_cell_can_run_twice,
        [code("x = 1\nx = x + 1\nx += 1"), code("x = 3"), code("for k in range(x):\n    k += 1")],
        [
            ([code("x = 1"), code("x = x + 1")], "what it had made of x"),
            ([code("x = 1"), code("x += 1")], "what it had made of x"),
            ([code("x, y = 1, 2"), code("x, y = y, x")], "what it had made of x, y"),
            ([code("x = [1]"), code("x = [each + 1 for each in x]")], "what it had made of x"),
        ],
    ),
    (
        rules.test_imports_are_the_standard_library_numpy_lsqcore_and_peers,
        [code("import math\nimport lsqcore.explore as fig\nfrom lsqcore import practice\nfrom scipy import linalg")],
        [
            ([code("import pandas")], "a lesson imports numpy"),
            ([code("from urllib.request import urlopen")], "no network"),
            ([code("from lsqcore.descent import record")], "a lesson imports numpy"),
        ],
    ),
    (
        rules.test_nothing_is_hidden_or_fetched,
        [code("import warnings")],
        [([code("warnings.filterwarnings('ignore')")], "hides no warning"), ([code("fetch_openml()")], "no network")],
    ),
    (
        rules.test_no_cell_ends_by_printing_a_bare_value,
        [code("print(f'{x} steps')")],
        [([code("print(x)")], "end with the value itself")],
    ),
    (
        rules.test_asserts_stand_outside_functions,
        [code("assert 1")],
        [([code("def f():\n    assert 1")], "outside functions")],
    ),
    (
        rules.test_every_draw_is_seeded,
        [
            code("np.random.default_rng(0)"),
            prose("The document's RandomState."),
            code("1"),
            code("np.random.RandomState(0)"),
        ],
        [
            ([code("np.random.default_rng()")], r"draw from np.random.default_rng\(seed\)"),
            ([code("np.random.randn(3)")], r"not from np.random.randn"),
            ([prose("Noise."), code("np.random.RandomState(0)")], "the document's RandomState"),
        ],
    ),
    (
        rules.test_outputs_are_the_same_on_every_machine,
        [code("1 / 0", new_output("error", ename="E", evalue=""), tags=["raises-exception"])],
        [
            ([code("1", new_output("stream", name="stderr", text="Look out"))], "warns nobody: Look out"),
            ([code("1", new_output("error", ename="E", evalue=""))], 'has the tag "raises-exception"'),
            ([code("1", new_output("stream", text="<f at 0x7f0123456789>"))], "an address or a path"),
        ],
    ),
    (
        rules.test_no_output_prints_rounding_noise,
        [code("1e-15", new_output("stream", text="1e-15, 0.5"))],
        [([code("1", new_output("stream", text="3.3e-16"))], "another processor has other digits")],
    ),
    (
        rules.test_pictures_have_a_caption_and_keep_the_budget,
        [code("1", new_output("display_data", data=PICTURE, metadata={"image/png": {"alt": "A sentence."}}))],
        [([code("1", new_output("display_data", data=PICTURE, metadata={"image/png": {}}))], "without its sentence")],
    ),
    (
        rules.test_explorers_live_where_nothing_runs_and_keep_the_budget,
        [code("1")],
        [([code("1", new_output("display_data", data=PICTURE | {WIDGET_VIEW: {"model_id": "0"}}))], "or its state")],
    ),
    (
        rules.test_a_lesson_has_its_shape,
        [lesson("A movement", "Your turn", "In short", "In practice", "Next", "Sources")],
        [
            ([code("1"), A_LESSON], "begins with its title"),
            ([A_LESSON, prose("# Another title")], "has one title"),
            ([lesson("Your turn", "Sources")], "sections, in this order"),
            ([lesson("In practice", "Your turn", "Sources")], "sections, in this order"),
            ([lesson("Your turn", "In practice", "Sources", "More")], "ends with 'Sources'"),
        ],
    ),
    (
        rules.test_the_stated_time_is_the_computed_one,
        [prose("**Time**: 5 minutes.", "word " * 900)],
        [
            ([prose("Words, and no time.")], "states None"),
            ([prose("**Time**: 5 minutes.", "word " * 1600)], r"states \(5, 0\); .* \(10, 0\) is computed"),
            ([prose("**Time**: 5 minutes."), code("answer = ...")], r"\(5, 4\) is computed"),
            ([prose("**Time**: 35 minutes.", "word " * 7000)], "where 30 are enough"),
        ],
    ),
    (
        rules.test_documents_are_named_where_their_errors_are_found,
        [prose("## 1. A movement", "## Your turn", "D1 says it.")],
        [([prose("## 1. A movement", "As D1 says.", "## Your turn")], "As D1 says")],
    ),
    (
        rules.test_nothing_above_a_form_holds_its_answer,
        [code(f"fig.explore(prediction={PREDICTION})"), prose("So it converges.")],
        [
            ([prose("So it converges."), code(f"fig.explore(prediction={PREDICTION})")], "is answered above"),
            ([code(f"fig.explore(prediction={PREDICTION})"), prose("## Why it converges")], "is answered above"),
            (
                [code("1", new_output("stream", text="It converges.")), code(f"fig.explore(prediction={PREDICTION})")],
                "is answered above",
            ),
        ],
    ),
    (
        rules.test_a_companion_has_its_shape,
        companion(*rules.OF_A_COMPANION),
        [
            (companion("The worked example", "Sources"), "sections .* are expected"),
            ([code("1"), prose("# Title"), *companion(*rules.OF_A_COMPANION)], "one title"),
            (companion(*rules.OF_A_COMPANION)[:1], "no figure has both controls"),
        ],
    ),
    (
        rules.test_cited_statements_stand_in_the_ledger,
        [A_LESSON, prose("As D1-07 says.")],
        [([prose("As D9-99 says.")], r"\['D9-99'\] stand in no row")],
    ),
]


@pytest.mark.parametrize(("rule", "good", "faults"), RULES, ids=[rule.__name__[5:] for rule, _, _ in RULES])
def test_a_rule_finds_each_fault_and_says_what_to_do(rule: Callable[[Path], None], good, faults, tmp_path: Path):
    nbformat.write(new_notebook(cells=good), tmp_path / "good.ipynb")
    rule(tmp_path / "good.ipynb")
    for number, (cells, words) in enumerate(faults):
        path = tmp_path / f"fault-{number}.ipynb"
        nbformat.write(new_notebook(cells=cells), path)
        with pytest.raises(AssertionError, match=f"(?s){words}.*(CONTRIBUTING.md|make notebooks)"):
            rule(path)
