"""`pytest --nbval` and `pytest --nbval-lax` mean here what they mean everywhere, and every cell runs once."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.notebooks import ROOT

#: An extra cell would be counted, and one that runs twice would give 2.
SOURCES = ["runs = 0", "runs += 1\nruns", "6 * 7", "# NBVAL_CHECK_OUTPUT\n7 * 8"]


def notebook(path: Path, *stored: str, kernel: str = "python3") -> None:
    """Write a notebook of these sources, with the outputs that are given as stored."""
    texts = dict(zip(SOURCES[1:], stored, strict=True))
    cells = [
        new_code_cell(
            source,
            execution_count=number,
            outputs=[
                new_output("execute_result", data={"text/plain": texts[source]}, execution_count=number)
                for _ in range(source in texts)
            ],
        )
        for number, source in enumerate(SOURCES, start=1)
    ]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": {"name": kernel, "display_name": ""}}), path)


def outcomes(option: str, folder: Path) -> dict[str, dict[str, str]]:
    """What became of each cell of each notebook in a folder, when pytest is called with this option."""
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "conftest", "-rA", "--color=no", "--tb=no"]
    run = subprocess.run([*command, option, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    found: dict[str, dict[str, str]] = {}
    for outcome, name, cell in re.findall(
        r"^([A-Z]+) (?:\S*/)?(\w+)\.ipynb::([\w ]+?)(?: - .*)?$", run.stdout, re.MULTILINE
    ):
        found.setdefault(name, {})[cell] = outcome
    assert {len(cells) for cells in found.values()} == {len(SOURCES)}, run.stdout + run.stderr
    return found


def test_lax_compares_what_is_marked_alone(tmp_path: Path):
    notebook(tmp_path / "one.ipynb", "3", "41", "55")
    found = outcomes("--nbval-lax", tmp_path)
    assert found == {"one": {"Cell 0": "PASSED", "Cell 1": "PASSED", "Cell 2": "PASSED", "Cell 3": "FAILED"}}


#: A kernel that finds its port taken the first time.
DIES_ONCE = """\
import pathlib, runpy, sys
born = pathlib.Path(__file__).with_name("born")
if not born.exists():
    born.touch()
    sys.exit("Address already in use")
runpy.run_module("ipykernel_launcher", run_name="__main__")
"""


def test_strict_compares_every_output_and_a_kernel_that_dies_at_birth_is_born_again(tmp_path: Path, monkeypatch):
    folder = tmp_path / "kernels" / "dies_once"
    folder.mkdir(parents=True)
    (folder / "kernel.py").write_text(DIES_ONCE, encoding="utf-8")
    argv = [sys.executable, str(folder / "kernel.py"), "-f", "{connection_file}"]
    spec = json.dumps(dict(argv=argv, display_name="", language="python"))
    (folder / "kernel.json").write_text(spec, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    notebook(tmp_path / "wrong.ipynb", "1", "41", "56")
    notebook(tmp_path / "reborn.ipynb", "1", "42", "56", kernel="dies_once")
    found = outcomes("--nbval", tmp_path)
    assert found["wrong"] == {"Cell 0": "PASSED", "Cell 1": "PASSED", "Cell 2": "FAILED", "Cell 3": "PASSED"}
    assert (folder / "born").exists()
    assert set(found["reborn"].values()) == {"PASSED"}
