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


def notebook(path: Path, *stored: str, kernel: str = "python3") -> Path:
    """A notebook of these sources, with the outputs that are given as stored."""
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
    return path


def outcomes(path: Path, *options: str) -> dict[str, str]:
    """What became of each cell, when pytest is called with these options."""
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "conftest", "-rA", "--color=no", "--tb=no"]
    run = subprocess.run([*command, *options, path], cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.findall(r"^([A-Z]+) \S*::([\w ]+?)(?: - .*)?$", run.stdout, re.MULTILINE)
    assert len(found) == len(SOURCES), run.stdout + run.stderr
    return {cell: outcome for outcome, cell in found}


def test_strict_compares_every_output(tmp_path: Path):
    found = outcomes(notebook(tmp_path / "one.ipynb", "1", "41", "56"), "--nbval")
    assert found == {"Cell 0": "PASSED", "Cell 1": "PASSED", "Cell 2": "FAILED", "Cell 3": "PASSED"}


def test_lax_compares_what_is_marked_alone(tmp_path: Path):
    found = outcomes(notebook(tmp_path / "one.ipynb", "3", "41", "55"), "--nbval-lax")
    assert found == {"Cell 0": "PASSED", "Cell 1": "PASSED", "Cell 2": "PASSED", "Cell 3": "FAILED"}


#: A kernel that finds its port taken the first time.
DIES_ONCE = """\
import pathlib, runpy, sys
born = pathlib.Path(__file__).with_name("born")
if not born.exists():
    born.touch()
    sys.exit("Address already in use")
runpy.run_module("ipykernel_launcher", run_name="__main__")
"""


def test_a_kernel_that_dies_at_birth_is_born_again(tmp_path: Path, monkeypatch):
    folder = tmp_path / "kernels" / "dies_once"
    folder.mkdir(parents=True)
    (folder / "kernel.py").write_text(DIES_ONCE, encoding="utf-8")
    argv = [sys.executable, str(folder / "kernel.py"), "-f", "{connection_file}"]
    spec = json.dumps(dict(argv=argv, display_name="", language="python"))
    (folder / "kernel.json").write_text(spec, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = outcomes(notebook(tmp_path / "one.ipynb", "1", "42", "56", kernel="dies_once"))
    assert (folder / "born").exists()
    assert set(found.values()) == {"PASSED"}
