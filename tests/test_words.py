"""One thing, one name, as CONTRIBUTING.md says; links that lead somewhere; nothing of one machine."""

import ast
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import lsqcore
from tests.readme import with_lessons

ROOT = Path(__file__).parents[1]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
FOLDERS = ("lsqcore", "pages", "tests", "notebooks", "settings", ".ci", ".github")
FILES = sorted(
    path
    for place in (ROOT, *(ROOT / folder for folder in FOLDERS))
    for path in (place.glob("*") if place == ROOT else place.rglob("*"))
    if path.is_file() and not {"__pycache__", ".ipynb_checkpoints", ".ruff_cache", ".git"} & set(path.parts)
)
CODE = [path for path in FILES if path.suffix in (".py", ".ipynb")]
PROSE = [path for path in FILES if path.suffix in (".md", ".ipynb")]


def refused(where: str) -> dict[str, tuple[str, str]]:
    """What the tables of CONTRIBUTING.md refuse there: (what to say instead, the file where it may stand)."""
    words = {}
    for table in re.findall(r"(?:^\|.*\n)+", CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE):
        header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        if f"refused in {where}" in header:
            for row in rows:
                cells = dict(zip(header, row, strict=True))
                for wrong, exception in re.findall(r"`([^`]+)`(?: but in `(.+?)`)?", cells[f"refused in {where}"]):
                    words[wrong] = cells["say"], exception
    return words


def notebook_cells(path: Path, cell_type: str) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == cell_type]


def code(path: Path) -> str:
    return "\n".join(notebook_cells(path, "code")) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    if path.suffix == ".ipynb":
        return "\n\n".join(notebook_cells(path, "markdown"))
    text = path.read_text(encoding="utf-8")
    return re.sub(r"^\|.*$", "", text, flags=re.MULTILINE) if path == CONTRIBUTING else text  # it names what it refuses


def bound_names(source: str) -> Iterator[str]:
    """Names that the code itself gives: variables, arguments, functions, classes, modules renamed."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(name, ast.Store()) | ast.arg(name):
                yield name
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def wrong_names(where: str, path: str, names: set[str]) -> list[str]:
    """A line for each name, of a file's code or its own, that stands in a table of what is refused."""
    return [
        f"{path}: `{name}`. Say {say}."
        for wrong, (say, exception) in refused(where).items()
        for name in sorted(names)
        if fnmatchcase(name, wrong) and not (exception and path.endswith(exception))
    ]


def expect_none(offenders: list[str], remedy: str) -> None:
    """A list for the eye in place of a traceback."""
    if offenders:
        pytest.fail("\n".join([*offenders, remedy]), pytrace=False)


ONE_NAME = "One thing has one name here: the tables are in CONTRIBUTING.md, under Words."


@pytest.mark.parametrize(("where", "folder"), [("code", "."), ("lsqcore", "lsqcore")])
def test_a_thing_has_one_name(where, folder):
    files = [path for path in CODE if path.is_relative_to(ROOT / folder)]
    wrong = [line for path in files for line in wrong_names(where, named(path), {*bound_names(code(path)), path.stem})]
    expect_none(wrong, ONE_NAME)


@pytest.mark.parametrize(
    ("where", "path", "source", "says"),
    [
        ("code", "lsqcore/new.py", "lr = 1", "lsqcore/new.py: `lr`. Say `learning_rate`."),
        ("code", "tests/new.py", "for idx, row in []:\n    prev = row", "tests/new.py: `idx`. Say `index`"),
        ("code", "lsqcore/new.py", "tmp = 1", "lsqcore/new.py: `tmp`. Say what it holds"),
        ("code", "lsqcore/new.py", "def get_loss(theta): ...", "lsqcore/new.py: `get_loss`. Say "),
        ("lsqcore", "lsqcore/new.py", "def door(start): ...", "lsqcore/new.py: `door`. Say "),
        ("lsqcore", "lsqcore/direct.py", "def record(theta): ...", "lsqcore/direct.py: `record`. Say "),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(where, path, source, says):
    line, *_ = wrong_names(where, path, set(bound_names(source)))
    assert line.startswith(says)


def test_a_walk_is_recorded_in_one_file():
    assert wrong_names("lsqcore", "lsqcore/trajectory.py", {"record"}) == []


def test_prose_uses_the_same_words():
    wrong = []
    for phrase, (say, _) in refused("prose").items():
        pattern = rf"\b{phrase.replace(' ', '[ -]')}s?\b"
        wrong += [f"{named(path)}: “{phrase}”. Say {say}." for path in PROSE if re.search(pattern, prose(path), re.I)]
    expect_none(wrong, ONE_NAME)


def leads_somewhere(path: Path, target: str) -> bool:
    if re.match(r"https://[\w.-]+\.\w+/?", target):
        return True  # tests stay off the network
    place, _, heading = target.partition("#")
    linked = (path.parent / place).resolve() if place else path
    if heading and linked.exists():
        titles = re.findall(r"^#+ (.+?)\s*$", prose(linked), re.MULTILINE)
        return heading in [title.replace(" ", "-") for title in titles]
    return linked.exists()


def test_links_lead_somewhere():
    links = [(path, target) for path in PROSE for target in re.findall(r"\]\(<?([^)\s>]+)", prose(path))]
    dead = [f"{named(path)}: {target}" for path, target in links if not leads_somewhere(path, target)]
    expect_none(dead, "Each of these links names a file or a heading that is not there.")


def places_of_one_machine(path: Path) -> list[str]:
    """Folders of somebody's machine, and package registries: pip and its configuration know where packages are."""
    if path.suffix in (".png", ".npz"):
        return []
    # tests/notebooks/test_rules.py reads the outputs
    text = code(path) + prose(path) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    return re.findall(r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|srv)/\w+", text) + re.findall(
        r"https?://\S*(?:pypi|pythonhosted|conda\.anaconda|registry|mirror)\S*", text
    )


def test_no_file_names_a_place_of_one_machine():
    found = [f"{named(path)}: {place}" for path in FILES for place in places_of_one_machine(path)]
    expect_none(found, "These are not there on another machine: leave them out.")


def test_the_readme_lists_every_lesson_in_its_own_words():
    readme = prose(ROOT / "README.md")
    assert readme == with_lessons(readme, ROOT / "notebooks"), (
        "to write the list anew: .venv/bin/python -m tests.readme"
    )
    assert readme.count("](notebooks/") >= 10


def test_the_changelog_begins_with_this_version():
    versions = re.findall(r"^## (\S+?),", prose(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == lsqcore.__version__
