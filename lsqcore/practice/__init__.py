"""The checks behind the exercises, a module a lesson: they name the mistake, not only that there is one."""

from lsqcore.practice import (
    beyond_plain_descent,
    direct_or_downhill,
    fine_tuning,
    five_point_line,
    gaussian_kernels,
    ledger,
    more_rows_than_memory,
    noisy_lines,
    one_sample_at_a_time,
    shadows,
    start_here,
    trigonometric_fit,
    weighted_least_squares,
)
from lsqcore.practice.own_data import let_asserts_speak

__all__ = [
    "beyond_plain_descent",
    "direct_or_downhill",
    "fine_tuning",
    "five_point_line",
    "gaussian_kernels",
    "ledger",
    "let_asserts_speak",
    "more_rows_than_memory",
    "noisy_lines",
    "one_sample_at_a_time",
    "shadows",
    "start_here",
    "trigonometric_fit",
    "weighted_least_squares",
]
