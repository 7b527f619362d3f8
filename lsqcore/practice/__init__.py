"""The checks behind the exercises, a module a lesson: they name the mistake, not only that there is one."""

from lsqcore.practice import five_point_line, ledger, noisy_lines, shadows, start_here, trigonometric_fit

__all__ = ["five_point_line", "ledger", "noisy_lines", "shadows", "start_here", "trigonometric_fit"]
