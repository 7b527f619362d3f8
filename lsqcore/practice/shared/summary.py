"""What a learner has solved, read off the saved notebooks: each lesson has a kernel of its own, and none knows all."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from inspect import isfunction
from pathlib import Path

import lsqcore
from lsqcore.practice.shared.feedback import read
from lsqcore.practice.shared.prediction import Prediction

COURSE = dict(course="Downhill", version=lsqcore.__version__, format=1)
_WIDGETS = "application/vnd.jupyter.widget-state+json"
_STATES = ["open", "tried", "solved"]


@dataclass(frozen=True)
class Summary:
    """What `summary` has found."""

    lessons: Mapping[str, dict]
    unread: Mapping[str, str]

    @property
    def content(self) -> dict:
        """All of it, in the form of the file."""
        return COURSE | dict(lessons=self.lessons, unread=self.unread)

    def save(self, file: str | Path) -> None:
        """Write it as JSON; nothing is sent anywhere."""
        write(self.content, file)

    def __str__(self) -> str:
        counts = [sum(column) for column in zip(*map(_counts, self.lessons.values()), strict=True)] or [0] * 5
        solved, tried, still_open, made, asked = counts
        exercises = f"{solved} of {solved + tried + still_open} exercises solved, {tried} tried"
        unread = [f"{name} was not read: {why}" for name, why in self.unread.items()]
        return "; ".join([exercises, f"{made} of {asked} predictions made", *unread])

    def __repr__(self) -> str:
        rows = [f"{'lesson':28}  solved  tried  open  predictions  saved"]
        for lesson in self.lessons.values():
            solved, tried, still_open, made, asked = _counts(lesson)
            name = Path(lesson["notebooks"][0]).stem.replace("_", " ")
            saved = datetime.fromisoformat(lesson["saved"]).astimezone()
            answers = f"{solved:6}  {tried:5}  {still_open:4}  {f'{made} of {asked}':>11}"
            rows.append(f"{name:28}  {answers}  {saved:%Y-%m-%d %H:%M}")
        return "\n".join([*rows, "", f"{self}.", "Read off the saved notebooks: what is not saved does not count."])


def summary(folder: str | Path = ".") -> Summary:
    """What is solved in the lessons of a folder, as they were last saved: save a lesson first.

    It is shown as a table, and `summary().save("ada.json")` writes it into a file, which has

    - `course`; `version`, of the course that has read the lessons; `format`, 1
    - `lessons`: by the name of the module in `lsqcore.practice`, each with
        - `notebooks`: its files; of two for one lesson the better answer counts
        - `saved`: when the last of them was, as the file says: a copy may say when it was copied
        - `exercises`: for each check "solved", "tried", or "open" where nothing was answered
        - `predictions`: for each its `state`, "made", "skipped" or "open", and the `guess`, or null. JupyterLab keeps
          it in the notebook, where *Save Widget State Automatically* is on, until the figure's cell runs again
    - `unread`: for each notebook that is broken, why

    What a check said is text below its cell, and text can be edited: to be sure, run the notebooks again.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"folder is {str(folder)!r}, and there is no such folder; expected one that holds lessons")
    found, unread = {}, {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            said, guesses = _said(notebook["cells"]), _guesses(notebook["metadata"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            unread[path.name] = f"expected a notebook, but {type(error).__name__}: {error}"
            continue
        for module, states in said.items():
            found.setdefault(module, []).append((path, states, guesses))
    if not found and not unread:
        raise ValueError(f"folder is {str(folder)!r}, and no notebook in it is a lesson; expected the course's lessons")
    return Summary({module: _lesson(module, notebooks) for module, notebooks in found.items()}, unread)


def write(content: Mapping, file: str | Path) -> None:
    """Of one learner, or of a class."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    Path(file).write_text(text + "\n", encoding="utf-8", newline="\n")


def _said(cells: Sequence[Mapping]) -> dict[str, list[tuple[str, str]]]:
    """For each module of a lesson that the cells name: its checks that they call, each with what came of it."""
    lessons = import_module("lsqcore.practice").__all__
    found = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            found |= {name: [] for name in re.findall(r"\bpractice\.(\w+)\.", source) if name in {*lessons} - {*found}}
            for module, check in re.findall(r"^practice\.(\w+)\.(\w+)\(", source, re.MULTILINE)[-1:]:
                if module in found:
                    found[module].append((check, _state(cell["outputs"])))
    return found


def _state(outputs: Sequence[Mapping]) -> str:
    """Of an exercise: by the value of its cell, which is what its last line says, or by the error that ended it."""
    values = ["".join(output["data"]["text/plain"]) for output in outputs if output["output_type"] == "execute_result"]
    said = [read(value) for value in values] + [False for output in outputs if output["output_type"] == "error"]
    return "solved" if True in said else "tried" if False in said else "open"


def _guesses(metadata: Mapping) -> dict[str, object]:
    """The guess for each question that was answered; None where it was skipped."""
    models = metadata.get("widgets", {}).get(_WIDGETS, {}).get("state", {}).values()
    answered = [model["state"] for model in models if "guess" in model["state"]]  # film.js keeps it there
    return {state["scene"]["prediction"]["question"]: state["guess"] for state in answered}


def _lesson(name: str, notebooks: Sequence[tuple[Path, list, dict]]) -> dict:
    """A lesson as its module knows it, with what was found in its notebooks."""
    members = vars(import_module(f"lsqcore.practice.{name}"))
    checks = [each for each, value in members.items() if isfunction(value) and value.__module__ == members["__name__"]]
    asked = {each: value.question for each, value in members.items() if isinstance(value, Prediction)}
    states = {check: ["open"] for check in checks if not check.startswith("_")}
    guesses = {}
    for _, said, given in notebooks:
        guesses |= given
        for check, state in said:
            states.get(check, []).append(state)
    return dict(
        notebooks=[path.name for path, _, _ in notebooks],
        saved=datetime.fromtimestamp(max(path.stat().st_mtime for path, _, _ in notebooks), UTC).isoformat(
            "T", "seconds"
        ),
        exercises={check: max(came, key=_STATES.index) for check, came in states.items()},
        predictions={each: _prediction(question, guesses) for each, question in asked.items()},
    )


def _prediction(question: str, guesses: Mapping[str, object]) -> dict:
    guess = guesses.get(question)
    state = "open" if question not in guesses else "skipped" if guess is None else "made"
    return dict(state=state, guess=guess)


def _counts(lesson: Mapping) -> list[int]:
    """How many exercises are solved, tried and open, how many predictions made, and how many there are."""
    states, predictions = list(lesson["exercises"].values()), lesson["predictions"].values()
    made = sum(each["state"] == "made" for each in predictions)
    return [*map(states.count, reversed(_STATES)), made, len(predictions)]
