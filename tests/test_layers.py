"""Who may import whom: the lines that design.md draws between numerics, pictures and notebooks."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lsqcore"
FILES = sorted(PACKAGE.rglob("*.py"))
STANDARD = sys.stdlib_module_names
#: What a file may import beside the standard library; the longest path that matches a file holds for it.
ALLOWED = {
    "": {"numpy", "scipy", "lsqcore"},
    "__init__.py": {"lsqcore"},
    "stream.py": {"numpy", "scipy", "lsqcore", "dask", "distributed", "tqdm"},
    "practice": {"numpy", "lsqcore"},
    "practice/own_data.py": {"numpy", "IPython"},
    "explore": {"numpy", "lsqcore"},
    "explore/canvas.py": {"numpy", "matplotlib", "lsqcore"},
    "explore/png.py": {"numpy", "PIL"},
    "explore/explorer.py": {"numpy", "anywidget", "ipywidgets", "traitlets", "IPython", "lsqcore"},
}


def imported(nodes) -> set[str]:
    """The modules that import statements name, with their dots."""
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return names | {node.module or "." * node.level for node in nodes if isinstance(node, ast.ImportFrom)}


def allowed(path: str) -> set[str]:
    return ALLOWED[max((place for place in ALLOWED if path.startswith(place)), key=len)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_imports_only_what_its_layer_sees(file: Path):
    path = file.relative_to(PACKAGE).as_posix()
    modules = imported(list(ast.walk(ast.parse(file.read_text(encoding="utf-8")))))
    assert {module.partition(".")[0] for module in modules} - STANDARD - allowed(path) == set()
    own = {module for module in modules if module.startswith("lsqcore")}
    if "/" not in path:
        assert {module for module in own if module.startswith(("lsqcore.explore", "lsqcore.practice"))} == set()
    if path.startswith("explore/"):
        assert {module for module in own if not module.startswith("lsqcore.explore")} == set()


def test_dask_is_imported_when_asked_only():
    module = ast.parse((PACKAGE / "stream.py").read_text(encoding="utf-8"))
    assert {name.partition(".")[0] for name in imported(module.body)} <= STANDARD | {"numpy", "scipy", "lsqcore"}


@pytest.mark.parametrize("package", ["lsqcore", "lsqcore.practice"])
def test_importing_it_loads_nothing_that_numpy_and_scipy_linalg_do_not(package: str):
    """So it takes little longer than they do, and no matplotlib, no widgets and no peer come along."""
    code = f"""
import sys, numpy, numpy.typing, scipy.linalg
before = set(sys.modules)
import {package}
print(*{{name.partition(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["lsqcore"]


def test_the_package_names_what_it_offers():
    """`lsqcore/__init__.py` is the table of contents: imports, `__all__`, and nothing else."""
    module = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    docstring, *statements, names = module.body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(statement, ast.ImportFrom) for statement in statements)
    offered = [name.asname or name.name for statement in statements for name in statement.names]
    assert sorted(ast.literal_eval(names.value)) == sorted(offered)
