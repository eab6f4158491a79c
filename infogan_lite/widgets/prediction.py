"""Predict, then see: a question that one answers before the page shows what came out.

The page answers to what was chosen.  Nothing is sent or stored: a new visit starts afresh.

Used in chapters 1 to 11.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from numbers import Real

import traitlets

from infogan_lite.widgets.base import Widget
from infogan_lite.widgets.packing import front_end


class Prediction(Widget):
    """The widget that ``predict`` and ``predict_number`` return.

    With answers it is a choice among them, without it is a slider from ``low`` to ``high``;
    then ``limits[i]`` is the largest guess that ``replies[i]`` is for.
    """

    _esm = front_end("prediction.js")
    _css = front_end("widgets.css")

    question = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List().tag(sync=True)
    replies = traitlets.List().tag(sync=True)
    result = traitlets.Unicode().tag(sync=True)
    right = traitlets.Int(-1).tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.01).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    limits = traitlets.List().tag(sync=True)

    def what(self) -> str:
        return f"A question to answer before you read on: {self.question}"


def predict(question: str, answers: Mapping[str, str], right: str, result: str) -> Prediction:
    """A question with answers to choose from; ``result`` is shown once one is chosen.

    Args:
        answers: each answer with the reply to whoever chooses it.
        right: the answer that is right.
        result: what came out, with the numbers of this run.

    Raises:
        ValueError: if there are fewer than two answers, or ``right`` is none of them.
    """
    if len(answers) < 2:
        raise ValueError(f"a question needs at least two answers, got {len(answers)}")
    if right not in answers:
        raise ValueError(f"right must be one of the answers, got {right!r}")
    return Prediction(
        question=question,
        answers=list(answers),
        replies=list(answers.values()),
        right=list(answers).index(right),
        result=result,
    )


def predict_number(
    question: str,
    low: float,
    high: float,
    replies: Sequence[tuple[float, str]],
    result: str,
    *,
    step: float = 1.0,
    unit: str = "",
) -> Prediction:
    """A question whose answer is a number on a slider from ``low`` to ``high``.

    Args:
        replies: (limit, reply) in rising order; a guess gets the first reply whose limit is
            not below it, and the last one if there is none.

    Raises:
        ValueError: if the range or the step is empty or infinite, or the limits do not rise.
    """
    limits = [float(limit) for limit, _ in replies]
    finite = all(isinstance(v, Real) and isfinite(v) for v in (low, high, step))
    if not finite or not low < high or not 0 < step <= high - low:
        raise ValueError(
            "low < high and 0 < step <= high - low are wanted, "
            f"got low {low}, high {high}, step {step}"
        )
    if not limits or not all(map(isfinite, limits)) or sorted(set(limits)) != limits:
        raise ValueError(f"the limits of the replies must rise, got {limits}")
    return Prediction(
        question=question,
        replies=[reply for _, reply in replies],
        limits=limits,
        result=result,
        low=float(low),
        high=float(high),
        step=float(step),
        unit=unit,
    )
