"""Puts a wrong sign into every formula of the front rooms, one at a time, and says which of them no test notices.

`python -m tests.mutants` takes about six minutes on two cores; `python -m tests.mutants descent.py` looks at one room.
"""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.test_layers import FRONT_ROOMS

ROOT = Path(__file__).parents[1]
NAMES = ("fast", "problem", "design", "descent", "stochastic", "direct", "stream", "bad_input")
TESTS = [f"tests/test_{name}.py" for name in NAMES]


def wrong_signs(source: str) -> Iterator[tuple[int, str]]:
    """(line, source) with one + or − between two terms, or before one, the other way round."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    code = source.encode()
    place = lambda line, column: starts[line - 1] + column  # noqa: E731
    nodes = list(ast.walk(ast.parse(source)))
    in_words = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in nodes:
        match node:
            case ast.BinOp(left, ast.Add() | ast.Sub(), right):
                first, last = place(left.end_lineno, left.end_col_offset), place(right.lineno, right.col_offset)
            case ast.UnaryOp(ast.USub(), term) if not isinstance(term, ast.Constant):
                first, last = place(node.lineno, node.col_offset), place(term.lineno, term.col_offset)
            case _:
                continue
        between = code[first:last]
        sign = b"-" if b"-" in between else b"+"
        if id(node) not in in_words and between.count(sign) == 1:
            other = between.replace(sign, b"+" if sign == b"-" else b"-")
            yield node.lineno, (code[:first] + other + code[last:]).decode()


def noticed(room: str, source: str) -> bool:
    """Whether the tests of the numerics fail with this source in place of the room."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "*.ipynb", "benchmarks"))
        (Path(folder) / "lsqcore" / room).write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *TESTS]
        environment = os.environ | {"PYTHONPATH": folder}
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode == 1


def main(rooms: list[str]) -> str | None:
    mutants = [
        (room, line, source)
        for room in rooms
        for line, source in wrong_signs((ROOT / "lsqcore" / room).read_text(encoding="utf-8"))
    ]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        results = list(threads.map(lambda mutant: noticed(mutant[0], mutant[2]), mutants))
    print(f"{sum(results)} of {len(mutants)} wrong signs are noticed")
    missed = [
        f"{room}:{line} {source.splitlines()[line - 1].strip()}"
        for (room, line, source), result in zip(mutants, results, strict=True)
        if not result
    ]
    return "\n".join(missed) or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or FRONT_ROOMS))
