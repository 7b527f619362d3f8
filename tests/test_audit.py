"""The page of lesson 16: its lines are those that the check judges, and its program does what the check says of it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from lsqcore import practice

LESSON = Path(__file__).parents[1] / "notebooks" / "16_audit_a_tutorial.ipynb"
CELLS = {cell["id"]: "".join(cell["source"]) for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]}
PROGRAM = CELLS["page-program"]


def run(*changes: tuple[str, str]) -> dict:
    """What the page's program has in the end, after these changes of its text."""
    source, names = PROGRAM, {"np": np}
    for before, after in changes:
        assert source.count(before) == 1, f"{before!r} is to stand once in the program of {LESSON.name}"
        source = source.replace(before, after)
    with np.errstate(all="ignore"):
        exec(source, names)
    return names


def loss(theta: np.ndarray) -> float:
    """J as line 3 has it."""
    weights, length = np.arange(1, 7), np.array([12.1, 13.8, 16.1, 18.1, 19.8, 22.1])
    return float(np.mean((theta[0] + theta[1] * weights - length) ** 2))


def nudged(theta: np.ndarray) -> np.ndarray:
    return np.array([loss(theta + nudge) - loss(theta - nudge) for nudge in 1e-4 * np.eye(2)]) / 2e-4


def test_every_line_of_the_page_is_judged() -> None:
    prose = re.findall(r"^> \*\*(\d+)\*\* · ", CELLS["page"] + "\n" + CELLS["page-end"], re.MULTILINE)
    code = re.findall(r"# +(\d+)$", PROGRAM, re.MULTILINE)
    assert len(code) == len(PROGRAM.splitlines()), "each line of the program ends with its number"
    lines = sorted(map(int, prose + code))
    assert lines == list(range(1, len(lines) + 1)), f"the lines of the page are {lines}"
    said = practice.audit_a_tutorial.audit(lines).sentence
    assert sorted(map(int, re.findall(r"^Line (\d+)", said, re.MULTILINE))) == lines
    assert f"1 to {len(lines)}" in practice.audit_a_tutorial.audit([99]).sentence


def test_the_program_ends_as_lines_21_and_23_say(capsys: pytest.CaptureFixture) -> None:
    run()
    assert capsys.readouterr().out == "421 steps: a = 9.91, b = 2.02, mean square 23.59\n"
    assert round(np.sqrt(23.59), 1) == 4.9
    assert round(loss(np.zeros(2)), 1) == 300.7  # line 4


def test_the_slips_are_slips() -> None:
    ends, zero = run(), np.zeros(2)
    lengths = ends["y"][:, 0]
    assert np.allclose(2 / 6 * ends["design"].T @ lengths, -nudged(zero), rtol=1e-6)  # line 5: r there is y
    faster, too_fast = run(("0.005", "0.01")), run(("0.005", "0.02"))
    assert (run(("0.005", "0.0025"))["k"], ends["k"], faster["k"]) == (717, 421, 242)  # line 8
    near = run(("0.005", "0.0104"), ("k < 1000", "k < 9999"))
    limit = 1 / np.linalg.eigvalsh(ends["design"].T @ ends["design"])[-1]
    assert (run(("0.005", "0.0052"))["k"], near["k"]) == (408, 1744)
    assert np.isclose(limit, 0.010427, rtol=1e-4)
    assert not np.linalg.norm(too_fast["theta"]) < 1e100
    first = run(("k < 1000", "k < 1"))
    assert np.allclose(first["step"], -0.005 * 6 * nudged(zero), rtol=1e-6)  # line 15
    assert (ends["design"] @ ends["theta"] - ends["y"]).size == 36  # line 19
    mended = run(("2 * design.T", "2 / 6 * design.T"))  # line 21 leans on line 15
    assert mended["k"] == 1000
    assert np.allclose(mended["theta"], [8.54, 2.34], atol=5e-3)
    assert round(run(("theta - y) **", "theta - y[:, 0]) **"))["mean_square"], 2) == 0.02
    best = np.polyfit(ends["x"], lengths, 1)[::-1]
    assert np.allclose(best, [10, 2], rtol=1e-9)
    assert round(best[0] - ends["theta"][0], 3) == 0.088  # line 22
    assert round(3 * 2.02, 2) == 6.06  # line 24
