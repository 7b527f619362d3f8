"""The tester is tested: a copy of a good notebook with one fault must turn the run red, and only where the fault is."""

import asyncio
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import lsqcore.explore as fig
from tests.notebooks import ROOT, WIDGET_STATE, processors
from tests.notebooks.run import main
from tests.notebooks.sweep import move_everything

IMPORTS = """\
import lsqcore as lsq
import lsqcore.explore as fig
from lsqcore import practice

practice.let_asserts_speak()"""
FILM = """\
def film(learning_rate):
    path = lsq.gradient_descent(problem, learning_rate=learning_rate, iterations=20)
    captions = [f"Rate {learning_rate:.3f}, iteration {k}: loss {j:.3g}." for k, j in enumerate(path.losses)]
    return dict(loss=[fig.Trail(path.iterations, path.losses)], caption=captions)
"""


def run_and_store(path: Path) -> str | None:
    """The runner, in a thread of its own: where browser tests came before, an event loop runs in the main one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(main([path]))).result()


@pytest.fixture(scope="module")
def stored(tmp_path_factory) -> Path:
    """A notebook with a number and an explorer, as `make notebooks` stores it."""
    cells = [
        new_markdown_cell("# A good notebook"),
        new_code_cell(IMPORTS),
        new_code_cell(
            "problem = lsq.LeastSquares(lsq.line([1, 2, 3, 4, 5]), [3, 5, 7, 9, 11])\n"
            "assert problem.loss([1, 2]) == 0\nproblem.loss([0, 0])"
        ),
        new_code_cell(
            FILM, metadata={"jupyter": {"source_hidden": True, "outputs_hidden": False}, "tags": ["hide-input"]}
        ),
        new_code_cell(
            'loss = fig.Panel("Loss", "iteration", "loss", (0, 20), (1e-2, 1e4), log_y=True)\n'
            "controls = dict(learning_rate=fig.slider(0.01, 0.2, value=0.1), iteration=fig.playhead(20))\n"
            "fig.explore(dict(loss=loss), film, **controls)"
        ),
    ]
    path = tmp_path_factory.mktemp("stored") / "good.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    assert run_and_store(path) is None
    return path


def a_wrong_number(notebook: dict) -> None:
    output = notebook["cells"][2]["outputs"][0]["data"]
    assert output["text/plain"] == ["28.5"]
    output["text/plain"] = ["28.4"]


def an_assert_that_fails(notebook: dict) -> None:
    source = notebook["cells"][2]["source"]
    assert source[1] == "assert problem.loss([1, 2]) == 0\n"
    source[1] = "assert problem.loss([1, 2]) == 1\n"


def a_wrong_caption(notebook: dict) -> None:
    output = notebook["cells"][4]["outputs"][0]["data"]
    assert output["text/plain"] == ["Rate 0.100, iteration 0: loss 28.5."]
    output["text/plain"] = ["Rate 0.100, iteration 0: loss 28.4."]


def a_wrong_caption_of_another_row(notebook: dict) -> None:
    states = notebook["metadata"]["widgets"][WIDGET_STATE]["state"].values()
    (captions,) = [model["state"]["captions"] for model in states if "captions" in model["state"]]
    captions[7] += " All is well."


def a_film_that_breaks_past_the_limit(notebook: dict) -> None:
    source = notebook["cells"][3]["source"]
    source.insert(1, "    assert learning_rate < problem.learning_rate_limit\n")


def a_film_that_warns_past_the_limit(notebook: dict) -> None:
    notebook["cells"][3]["source"].insert(1, "    problem.design[:1, 0] / max(0.15 - learning_rate, 0)\n")


# The sweep runs a notebook twice. What asks for this setting of the second run stands for what a processor decides.
ANOTHER = '"ANOTHER_PROCESSOR" in __import__("os").environ'


def a_number_of_another_processor(notebook: dict) -> None:
    notebook["cells"][2]["source"].append(f" + ({ANOTHER})")


def a_caption_of_another_processor_on_a_moved_slider(notebook: dict) -> None:
    notebook["cells"][3]["source"][-1:] = [
        f"    if learning_rate == 0.2 and {ANOTHER}:\n",
        "        captions[7] += ' All is well.'\n",
        notebook["cells"][3]["source"][-1],
    ]


def a_film_of_another_processor(notebook: dict) -> None:
    source = notebook["cells"][3]["source"]
    source[-1] = source[-1].replace("path.losses", f"path.losses * (2 if {ANOTHER} else 1)")


def a_film_of_rounding_noise_that_is_marked(notebook: dict) -> None:
    a_film_of_another_processor(notebook)
    source = notebook["cells"][3]["source"]
    source[-1] = source[-1].replace(")]", ", rounding=True)]")


HERE, THERE, BETWEEN = "On this processor", "On another processor", "Between the processors"
#: A fault, the cells that nbval turns red by it, and what the sweep says of it: where, and in which words. Where nbval
#: sees nothing, it is not asked.
FAULTS = {
    a_wrong_number: (["Cell 1"], [HERE, THERE], "Cell 1: stored is '28.4', but it says '28.5'"),
    an_assert_that_fails: (["Cell 1"], [HERE, THERE], "Cell 1: .* holds for the lesson's own data"),
    a_wrong_caption: (["Cell 3"], [HERE, THERE], "Cell 3: stored is 'Rate"),
    a_wrong_caption_of_another_row: ([], [HERE, THERE], "captions of an explorer: .* All is well"),
    a_film_that_breaks_past_the_limit: ([], [HERE, THERE], "it stopped\n(.*\n)*AssertionError"),
    a_film_that_warns_past_the_limit: ([], [HERE, THERE], "it stopped\n(.*\n)*RuntimeWarning: divide by zero"),
    a_number_of_another_processor: ([], [THERE], "Cell 1: stored is '28.5', but it says '29.5'"),
    a_caption_of_another_processor_on_a_moved_slider: ([], [BETWEEN], r"controls at \[?\(.* All is well"),
    a_film_of_another_processor: ([], [BETWEEN], "a mark lies .*% of a panel apart"),
    a_film_of_rounding_noise_that_is_marked: ([], [], ""),
}


@pytest.fixture(scope="module")
def copies(stored: Path, tmp_path_factory) -> dict[str, Path]:
    """The good notebook and one copy of it for each fault, by name; in a folder alone what nbval is asked about."""
    folder = tmp_path_factory.mktemp("copies")
    found = {"good": folder / "nbval" / "good.ipynb"}
    for fault, (cells, *_) in FAULTS.items():
        found[fault.__name__] = folder / ("nbval" if cells else "sweep") / f"{fault.__name__}.ipynb"
    for fault, path in zip((lambda notebook: None, *FAULTS), found.values(), strict=True):
        notebook = json.loads(stored.read_text(encoding="utf-8"))
        fault(notebook)
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def failures(copies: dict[str, Path]) -> dict[str, list[str]]:
    """The cells that fail in each copy when pytest runs them all under the project's settings."""
    folder = copies["good"].parent
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "conftest", "-rA", "--tb=no", "--color=no"]
    run = subprocess.run([*command, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    results = re.findall(
        r"^(PASSED|FAILED|ERROR) (?:\S*/)?(\w+)\.ipynb::([\w ]+?)(?: - .*)?$", run.stdout, re.MULTILINE
    )
    assert len(results) == 4 * len([*folder.iterdir()]), run.stdout
    failed = {name: [] for _, name, _ in results}
    for result, name, item in results:
        if result != "PASSED":
            failed[name].append(item)
    return failed


@pytest.fixture
def found(copies: dict[str, Path], monkeypatch) -> Callable[[str], list[str]]:
    """What the sweep finds in a copy: on this processor, and on one that calls itself another."""
    monkeypatch.setattr(
        processors, "PROCESSORS", {"this processor": {}, "another processor": {"ANOTHER_PROCESSOR": "1"}}
    )
    return lambda name: list(processors.differences(copies[name]))


def test_a_good_notebook_is_green(failures, found):
    assert failures["good"] == []
    assert found("good") == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_turns_the_run_red_where_it_is(fault: Callable[[dict], None], failures, found):
    cells, places, words = FAULTS[fault]
    assert failures.get(fault.__name__, []) == cells
    differences = found(fault.__name__)
    named = dict.fromkeys(re.match("On [a-z]+ processor|Between the processors", each)[0] for each in differences)
    assert list(named) == places
    assert [difference for difference in differences if not re.search(words, difference)] == []


@pytest.mark.skipif(len(processors.PROCESSORS) == 1, reason="only on x86 can a processor pass for an older one")
def test_the_oldest_processor_is_one_without_vector_features():
    command = [sys.executable, "-c", "import numpy; numpy.show_runtime()"]
    settings = processors.PROCESSORS["the oldest processor"]
    run = subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=True)
    assert re.search(r"'found': \[\]", run.stdout), run.stdout
    assert set(re.findall(r"'architecture': '(\w+)'", run.stdout)) <= {"Katmai", "Prescott"}, run.stdout


def test_a_second_run_changes_no_byte(stored: Path):
    before = stored.read_bytes()
    assert run_and_store(stored) is None
    assert stored.read_bytes() == before


def test_a_closed_cell_stays_closed(stored: Path):
    kept = [cell.metadata for cell in nbformat.read(stored, as_version=4).cells]
    assert kept == [{}, {}, {}, {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}, {}]


def test_a_cell_that_raises_is_named_and_nothing_is_stored(tmp_path: Path):
    path = tmp_path / "raises.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1"), new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    failure = run_and_store(path)
    assert "raises.ipynb" in failure
    assert "1 / 0" in failure
    assert "ZeroDivisionError" in failure
    assert path.read_bytes() == before


def test_an_assert_that_fails_is_named_and_nothing_is_stored(tmp_path: Path):
    path = tmp_path / "speaks.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(IMPORTS), new_code_cell("two = 2\nassert two == 3\ntwo")]), path)
    before = path.read_bytes()
    failure = run_and_store(path)
    assert "speaks.ipynb" in failure
    assert "assert two == 3\n" in failure
    assert "two = 2." in failure
    assert path.read_bytes() == before


def test_a_cell_may_raise_when_its_tag_says_so(tmp_path: Path):
    path = tmp_path / "tagged.ipynb"
    cell = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    nbformat.write(new_notebook(cells=[cell]), path)
    assert run_and_store(path) is None
    (output,) = nbformat.read(path, as_version=4).cells[0].outputs
    assert output.traceback == ["ZeroDivisionError: division by zero"]


def test_a_notebook_runs_with_the_python_of_the_tests(tmp_path: Path):
    path = tmp_path / "python.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("import sys\nsys.prefix")]), path)
    assert run_and_store(path) is None
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].data["text/plain"] == repr(sys.prefix)


def dull_film(**changes: object) -> Callable:
    """A film without fault, but for what is given."""

    def film(rate):
        drawn = dict(loss=[fig.Trail([0, 1], [1, rate])], caption=[f"Rate {rate}, row {row}." for row in (0, 1)])
        return drawn | {name: change(rate) for name, change in changes.items()}

    return film


calls = itertools.count()
FAULTY_FILMS = {
    "the control rate moves nothing": dict(loss=lambda rate: [fig.Trail([0, 1], [1, 1])]),
    "the control rate changes no caption": dict(caption=lambda rate: ["Start.", "End."]),
    "the playhead changes no caption": dict(caption=lambda rate: [f"Rate {rate}."]),
    "the same controls give another film": dict(caption=lambda rate: [f"Rate {rate}.", f"Call {next(calls)}."]),
    "not a number": dict(caption=lambda rate: [f"Rate {rate}.", "Loss nan."]),
    "digits of rounding noise, 3.3e-16": dict(caption=lambda rate: [f"Rate {rate}, off by 3.3e-16.", "Loss 1."]),
    "digits of rounding noise, -0.0:": dict(caption=lambda rate: [f"Rate {rate}.", f"Loss {-1e-17:.1f}."]),
    "digits of rounding noise, −0:": dict(
        loss=lambda rate: [fig.Trail([0, 1], [1, rate]), fig.Note(1, rate, ["−0.5", "−0"])]
    ),
    "not a plain line": dict(caption=lambda rate: [f"Rate {rate}.", "Two\nlines."]),
    "divide by zero": dict(loss=lambda rate: [fig.Trail([0, 1], [1, np.divide(1, rate - 2)])]),
}


def explorer_of(film: Callable) -> fig.Explorer:
    panels = dict(loss=fig.Panel("Loss", "row", "loss", (0, 1), (0, 2)))
    return fig.explore(panels, film, rate=fig.slider(0, 2, value=1, steps=4), k=fig.playhead(1))


def explorer_with_handle(film: Callable) -> fig.Explorer:
    panels = dict(plane=fig.Panel("A plane", "x", "y", (0, 2), (0, 2)))
    points = fig.handle([0.5, 1.5], [0.5, 0.5], xlim=(0, 2), ylim=(0, 2))
    return fig.explore(panels, film, points=points)


def dragged(points: np.ndarray) -> dict:
    dots = fig.Dots(*points.T, drag="points")
    return dict(plane=[dots], caption=f"The points are {np.ptp(points[:, 0]):.2f} apart, the first at {points[0]}.")


def test_the_sweep_moves_handles_to_their_limits():
    explorer = explorer_with_handle(dragged)
    seen = move_everything(explorer)
    corners = [(((low, low), (low, low)),) for low in (0.0, 2.0)]
    assert list(seen) == [(((0.5, 0.5), (1.5, 0.5)),), *corners]
    assert explorer.points == ((0.5, 0.5), (1.5, 0.5))


def test_the_sweep_sees_a_film_that_fails_where_two_points_meet():
    def film(points):
        return dragged(points) | dict(caption=f"Slope {np.divide(*np.diff(points, axis=0)[0, ::-1]):.2f}.")

    with pytest.raises(RuntimeWarning, match="invalid value"):
        move_everything(explorer_with_handle(film))


def test_the_sweep_sees_a_handle_that_changes_nothing():
    with pytest.raises(AssertionError, match="the control points changes no caption"):
        move_everything(explorer_with_handle(lambda points: dragged(points) | dict(caption="Drag a point.")))


def test_the_sweep_lets_a_figure_wait_for_a_function_that_is_still_to_be_written():
    height = fig.of_reader(lambda rate: None, ())
    explorer = explorer_of(lambda rate: dull_film(loss=lambda rate: [fig.Dots([1], height(rate))])(rate))
    assert [shown.film for shown in move_everything(explorer).values()] == [b""]


rates = []


def test_the_sweep_sees_a_film_that_changes_what_another_is_made_of():
    """As where two films write into one array of a cell above."""
    explorer = explorer_of(lambda rate: dull_film()(rate) if len(rates) < 9 else {})
    other = explorer_of(lambda rate: rates.append(rate) or dull_film()(rate))
    explorer.observe(lambda _: setattr(other, "rate", explorer.rate), names="at")
    with pytest.raises(AssertionError, match="changes what it is made of"):
        move_everything(explorer)


def test_the_sweep_leaves_a_good_explorer_as_it_was():
    explorer = explorer_of(dull_film())
    move_everything(explorer)
    assert (explorer.values, explorer.k, explorer.caption) == ({"rate": 1.0}, 0, "Rate 1.0, row 0.")


@pytest.mark.parametrize("fault", FAULTY_FILMS)
def test_the_sweep_names_the_fault_of_a_film(fault: str):
    explorer = explorer_of(dull_film(**FAULTY_FILMS[fault]))
    with pytest.raises((AssertionError, RuntimeWarning), match=fault):
        move_everything(explorer)
