"""What a run returns: its iterates, their losses, and why it ended. One function records every method."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice

import numpy as np


class Status(Enum):
    """Why a run ended. `str(status)` is a sentence."""

    TOLERANCE_MET = "The last step was shorter than the tolerance. That alone does not say that the minimum is near."
    MAX_ITERATIONS = "All steps that were asked for were taken."
    DIVERGED = "The loss grew without bound, and the run was cut: the learning rate is too large here."

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """The path of a run: row i is the iterate after `iterations[i]` steps, and row 0 is the start."""

    thetas: np.ndarray
    iterations: np.ndarray
    status: Status
    loss: np.ndarray | Callable[[np.ndarray], np.ndarray]  # of each row of `thetas`, or what computes it
    learning_rate_limit: float | None = None  # of a run that diverged, where it is known

    @cached_property
    def losses(self) -> np.ndarray:
        """J at each iterate, computed when it is first asked for."""
        return self.loss(self.thetas) if callable(self.loss) else self.loss

    def __repr__(self) -> str:
        steps, first, last = self.iterations[-1], self.losses[0], self.losses[-1]
        limit = "" if self.learning_rate_limit is None else f" The limit is {self.learning_rate_limit:.4g}."
        return f"{steps} steps, loss {first:.6g} at the start and {last:.6g} at the end. {self.status}{limit}"


def record(
    iterates: Iterable[tuple[np.ndarray, float]],
    iterations: int,
    *,
    tolerance: float | None = None,
    diverged: Callable[[np.ndarray, float], bool] = lambda theta, loss: False,
) -> Trajectory:
    """The run of a generator that yields (θ_k, J(θ_k)) for k = 0, 1, 2, …, for ever or not.

    It ends after so many `iterations`; or when ‖θ_k − θ_{k−1}‖ is below the `tolerance`; or when the loss is not finite
    or `diverged(theta, loss)` says that it is time to cut.
    """
    thetas, losses, status = [], [], Status.MAX_ITERATIONS
    with np.errstate(over="ignore", invalid="ignore"):
        for theta, loss in islice(iterates, iterations + 1):
            if finite := math.isfinite(loss):
                thetas.append(theta)
                losses.append(loss)
            if not finite or diverged(theta, loss):
                status = Status.DIVERGED
                break
            if tolerance is not None and len(thetas) > 1 and np.linalg.norm(theta - thetas[-2]) < tolerance:
                status = Status.TOLERANCE_MET
                break
    return Trajectory(np.array(thetas), np.arange(len(thetas)), status, np.array(losses))
