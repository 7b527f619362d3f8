"""The rules of the house: who may import whom, how long a room may be, and nothing private of another package."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lsqcore"
TREES = {
    file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
}
NUMERICS = [path for path in TREES if not path.startswith(("explore/", "practice/"))]
STANDARD = sys.stdlib_module_names
HOUSE = "See CONTRIBUTING.md, 'The house'"
#: What a file may import beside the standard library; the longest path that matches a file holds for it.
ALLOWED = {
    "": {"numpy", "scipy", "lsqcore"},
    "__init__.py": {"lsqcore"},
    "stream.py": {"numpy", "lsqcore", "tqdm"},
    "fast/cluster.py": {"numpy", "dask", "distributed"},
    "practice": {"numpy", "lsqcore"},
    "practice/shared/own_data.py": {"numpy", "IPython"},
    "explore": {"numpy", "lsqcore"},
    "explore/marks.py": {"numpy", "contourpy", "lsqcore"},
    "explore/ticks.py": {"numpy", "matplotlib"},
    "explore/cells.py": {"IPython", "lsqcore"},
    "explore/canvas.py": {"numpy", "matplotlib", "lsqcore"},
    "explore/png.py": {"numpy", "PIL"},
    "explore/setting.py": {"traitlets", "lsqcore"},
    "explore/explorer.py": {"numpy", "anywidget", "traitlets", "lsqcore"},
}
FRONT_ROOMS = ["problem.py", "design.py", "trajectory.py", "descent.py", "direct.py", "stochastic.py"]


def imported(nodes) -> set[str]:
    """The modules that import statements name, with their dots; of `from a import b` both a and a.b."""
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    names |= {node.module or "." * node.level for node in froms}
    return names | {f"{node.module}.{name.name}" for node in froms for name in node.names}


def allowed(path: str) -> set[str]:
    return ALLOWED[max((place for place in ALLOWED if path.startswith(place)), key=len)]


@pytest.mark.parametrize("path", TREES)
def test_a_file_imports_only_what_its_layer_sees(path: str):
    modules = imported(list(ast.walk(TREES[path])))
    strangers = {module.partition(".")[0] for module in modules} - STANDARD - allowed(path)
    assert not strangers, f"{path} imports {strangers}, allowed are {allowed(path)}. {HOUSE}"
    own = {module for module in modules if module.startswith("lsqcore.")}
    if path in NUMERICS:
        assert not [module for module in own if module.startswith(("lsqcore.explore", "lsqcore.practice"))], HOUSE
    for room, beside in (("explore", "lsqcore.practice.shared.prediction"), ("fast", "lsqcore.fast")):
        if path.startswith(f"{room}/"):
            assert not [module for module in own if not module.startswith((f"lsqcore.{room}", beside))], HOUSE


def test_no_import_goes_in_a_circle():
    names = {f"lsqcore.{path.removesuffix('.py').replace('/', '.').removesuffix('.__init__')}": path for path in TREES}
    inner = {name: tree for name, tree in ((name, TREES[path]) for name, path in names.items()) if "." in name}
    graph = {name: (imported(list(ast.walk(tree))) & set(inner)) - {name} for name, tree in inner.items()}
    list(TopologicalSorter(graph).static_order())  # a CycleError names the circle


@pytest.mark.parametrize("path", TREES)
def test_nothing_private_of_another_file_or_package_is_used(path: str):
    private = [name for name in imported(list(ast.walk(TREES[path]))) if "._" in name and "__" not in name]
    assert not private, f"{path} uses {private}: an underscore means, not for another file. {HOUSE}"


def test_rooms_stay_small():
    lines = {path: len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) for path in TREES}
    long = {path: count for path, count in lines.items() if count > 210}
    assert not long, f"over 210 lines: {long}. {HOUSE}"
    assert sum(lines[path] for path in FRONT_ROOMS) <= 900, f"a method as its formula; what is fast, to fast/. {HOUSE}"
    assert sum(lines[path] for path in NUMERICS if path.startswith("fast/")) <= 420, HOUSE
    assert sum(lines[path] for path in NUMERICS) <= 1600, HOUSE


@pytest.mark.parametrize("path", ["stream.py", "fast/cluster.py"])
def test_dask_and_bars_are_imported_when_asked_only(path: str):
    modules = {name.partition(".")[0] for name in imported(TREES[path].body)}
    assert modules <= STANDARD | {"numpy", "lsqcore"}, HOUSE


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
    """`lsqcore/__init__.py` is the table of contents: imports, the version, `__all__`, and nothing else."""
    docstring, *statements, version, names = TREES["__init__.py"].body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(statement, ast.ImportFrom) for statement in statements)
    assert ast.unparse(version).startswith("__version__ = ")
    offered = [name.asname or name.name for statement in statements for name in statement.names]
    assert sorted(ast.literal_eval(names.value)) == sorted(offered)
