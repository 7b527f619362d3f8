"""What a film is made of: whether the cells above a figure have changed since."""

import dis
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from types import CellType, CodeType, FunctionType

import numpy as np

_LARGE = 1_000_000  # bytes: of larger arrays it counts which one it is, not what is in it


def fingerprint(film: Callable) -> bytes:
    """A digest of a film's code and of the values that it uses: functions, numbers, arrays, problems."""
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
            found.update(f"{value.dtype.str}{value.shape}".encode() + value.tobytes())
        case list() | tuple():
            found.update(f"{type(value).__name__}{len(value)}".encode())
            parts = value
        case set() | frozenset():
            parts = sorted(value, key=repr)
        case dict():
            parts = [*value, *value.values()]
        case FunctionType(__globals__=names) if names is notebook or names.get("__name__") == "__main__":
            cells = [_now(cell.cell_contents) for cell in value.__closure__ or () if cell != CellType()]
            used = sorted({name for code in _codes(value.__code__) for name in _globals(code)} & names.keys())
            found.update(b"".join(code.co_code for code in _codes(value.__code__)))
            attributes = [code.co_names for code in _codes(value.__code__)]
            constants = [each for code in _codes(value.__code__) for each in code.co_consts]
            plain = [each for each in constants if not isinstance(each, CodeType)]
            parts = [
                attributes,
                plain,
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


def _codes(code: CodeType) -> list[CodeType]:
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return [code, *(each for part in inner for each in _codes(part))]


def _globals(code: CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
