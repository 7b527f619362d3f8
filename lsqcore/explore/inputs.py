"""What a film is made of: whether the cells above a figure have changed since."""

import dis
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from types import CellType, CodeType, FunctionType
from typing import NamedTuple

import numpy as np

_LARGE = 1_000_000  # bytes: of larger arrays it counts which one it is, not what is in it


def fingerprint(film: Callable) -> bytes:
    """A digest, in this process, of a film's code and of what it uses: functions, numbers, arrays, problems."""
    found = blake2b()
    _add(found, film, {}, getattr(film, "__globals__", {}))
    return found.digest()


def _add(found: blake2b, value: object, seen: dict, notebook: dict) -> None:
    if id(value) in seen:  # its order among them says which one it is
        found.update(f"again {seen[id(value)][0]}".encode())
        return
    seen[id(value)] = len(seen), value  # kept, so that no other object gets its id
    parts: Iterable = ()
    match value:
        case None | bool() | int() | float() | complex() | str() | bytes() | np.generic():
            found.update(repr(value).encode())
        case np.ndarray() if value.dtype != object and value.nbytes <= _LARGE:
            # Python's own hash: 64 bits, and five times as fast as a digest of so many bytes
            found.update(f"{value.dtype.str}{value.shape}{hash(value.tobytes())}".encode())
        case list() | tuple():
            found.update(f"{type(value).__name__}{len(value)}".encode())
            parts = value
        case set() | frozenset():
            parts = sorted(value, key=repr)
        case dict():
            parts = [*value, *value.values()]
        case FunctionType(__globals__=names) if names is notebook or names.get("__name__") == "__main__":
            cells = [_now(cell.cell_contents) for cell in value.__closure__ or () if cell != CellType()]
            code = _of_code(value.__code__)
            used = sorted(code.names & names.keys())
            found.update(code.steps)
            parts = [
                code.attributes,
                code.constants,
                value.__defaults__,
                value.__kwdefaults__,
                cells,
                used,
                *(names[name] for name in used),
            ]
        case _ if isinstance(inner := getattr(value, "__wrapped__", None), FunctionType):  # one that keeps its answers
            parts = [inner]
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = [getattr(value, field.name) for field in fields(value)]
        case _:  # a module, a library's function or object: which one it is
            found.update(str(id(value)).encode())
    for part in parts:
        _add(found, part, seen, notebook)


def _now(value: object) -> object:
    """Of a function of the notebook that a figure holds, as `explore_run` does, what now has its name."""
    if isinstance(value, FunctionType) and value.__globals__.get("__name__") == "__main__":
        return value.__globals__.get(value.__qualname__, value)
    return value


class _Code(NamedTuple):
    """What the code of a function, and of all functions in it, says and names."""

    steps: bytes
    attributes: list[tuple[str, ...]]
    constants: list
    names: set[str]  # the globals that it reads


@cache
def _of_code(code: CodeType) -> _Code:
    codes = _codes(code)
    constants = [each for part in codes for each in part.co_consts if not isinstance(each, CodeType)]
    steps = [step for part in codes for step in dis.get_instructions(part)]
    return _Code(
        b"".join(part.co_code for part in codes),
        [part.co_names for part in codes],
        constants,
        {step.argval for step in steps if step.opname == "LOAD_GLOBAL"},
    )


def _codes(code: CodeType) -> list[CodeType]:
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return [code, *(each for part in inner for each in _codes(part))]
