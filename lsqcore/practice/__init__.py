"""The checks behind the exercises, a module a lesson: they name the mistake, not only that there is one."""

from lsqcore.practice import five_point_line, start_here

__all__ = ["five_point_line", "start_here"]
