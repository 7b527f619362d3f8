"""The predictions before figures, and the checks behind exercises: they name the mistake, not only that there is one.

Every file of this folder is the module of one lesson, and is found by itself. What they share stands in `shared/`.
"""

from importlib import import_module
from pkgutil import iter_modules

from lsqcore.practice.shared.own_data import let_asserts_speak
from lsqcore.practice.shared.summary import summary

_LESSONS = [module.name for module in iter_modules(__path__) if not module.ispkg and module.name != "__main__"]
__all__ = ["let_asserts_speak", "summary", *_LESSONS]

for _name in _LESSONS:
    import_module(f"{__name__}.{_name}")
