"""One thing, one name, everywhere (design.md, section 2); links that lead somewhere; nothing of one machine."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("lsqcore", "tests", "notebooks", ".ci", ".github")
FILES = sorted(
    path
    for place in (ROOT, *(ROOT / folder for folder in FOLDERS))
    for path in (place.glob("*") if place == ROOT else place.rglob("*"))
    if path.is_file() and not {"__pycache__", ".ipynb_checkpoints", ".ruff_cache"} & set(path.parts)
)
CODE = [path for path in FILES if path.suffix in (".py", ".ipynb")]
PROSE = [path for path in FILES if path.suffix in (".md", ".ipynb")]

#: The word in code, and what it is not called.
WORDS = {
    "design": "phi Phi design_matrix feature_matrix",
    "theta": "coef coefs coeffs params",
    "residual": "resid err",
    "loss": "cost_function loss_fn loss_function sse",
    "weights": "wts sample_weights",
    "hessian": "hess",
    "eigenvalues": "eigvals evals lam lams lambdas",
    "learning_rate": "lr eta step_size stepsize",
    "learning_rate_limit": "lr_max max_learning_rate",
    "iteration or iterations": "iter iters it n_iter num_iter max_iter niter epoch epochs",
    "condition_number": "cond cond_number",
    "kernel_matrix": "kernel_gram gram_kernel",
    "bandwidth": "bw band_width",
    "momentum": "mom",
    "a full word": "arr cfg cnt cur curr fn func idx mat msg opts prev ret tmp tol val vals vec",
}
PHRASES = {
    "learning rate": r"step[ -]?sizes?\b|learningrate",
    "loss": r"cost function",
    "Gram matrix": r"Gramian",
    "eigenvalue": r"eigen[ -]value",
    "bandwidth": r"band[ -]width",
    "nothing": r"\b(?:simply|obviously|note that)\b",
}


def notebook_cells(path: Path, cell_type: str) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == cell_type]


def code(path: Path) -> str:
    return "\n".join(notebook_cells(path, "code")) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    return (
        "\n\n".join(notebook_cells(path, "markdown")) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    )


def bound_names(source: str) -> Iterator[str]:
    """Names that the code itself gives: variables, arguments, functions, classes, modules renamed."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(name, ast.Store()) | ast.arg(name) | ast.FunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=named)
def test_a_thing_has_the_name_of_section_2(path: Path):
    right_word = {wrong: right for right, wrongs in WORDS.items() for wrong in wrongs.split()}
    names = set(bound_names(code(path)))
    assert {name: right_word[name] for name in names & set(right_word)} == {}
    assert [name for name in names if re.match(r"(get|compute|calculate)_", name)] == []
    assert not re.search(r"util|helper|common|misc", path.stem)


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_prose_uses_the_same_words(path: Path):
    found = {right: re.findall(wrong, prose(path), re.IGNORECASE) for right, wrong in PHRASES.items()}
    assert {right: wrong for right, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_links_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(<?([^)\s>]+)", prose(path)):
        if re.match(r"https://[\w.-]+\.\w+/?", target):
            continue  # tests stay off the network
        place, _, heading = target.partition("#")
        linked = (path.parent / place).resolve() if place else path
        assert linked.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+?)\s*$", prose(linked), re.MULTILINE)
            assert heading in [title.replace(" ", "-") for title in titles], target


def test_the_readme_lists_every_lesson():
    listed = re.findall(r"\]\((notebooks/\d\d_\w+\.ipynb)\)", prose(ROOT / "README.md"))
    assert listed == [named(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_file_names_a_place_of_one_machine(path: Path):
    """No folder of somebody's machine and no package registry: pip and its configuration know where packages are."""
    if path.suffix == ".ipynb":
        text = code(path) + prose(path)  # tests/notebooks/test_rules.py reads the outputs
    elif path.suffix in (".png", ".npz"):
        return
    else:
        text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|srv)/\w+", text) == []
    assert re.findall(r"https?://\S*(?:pypi|pythonhosted|conda\.anaconda|registry|mirror)\S*", text) == []
