"""A question takes only answers and limits that make sense."""

import pytest

from infogan_lite.widgets.prediction import predict, predict_number


def test_replies_stay_with_their_answers():
    widget = predict("Which?", {"a": "no a", "b": "yes b"}, "b", "b it was")
    assert widget.replies[widget.answers.index("a")] == "no a"
    assert widget.answers[widget.right] == "b"


def test_a_number_has_no_right_answer_but_limits():
    widget = predict_number("How many?", 0, 10, [(3, "more"), (10, "less")], "four", step=0.5)
    assert (widget.right, widget.limits, widget.step) == (-1, [3.0, 10.0], 0.5)


@pytest.mark.parametrize(
    ("answers", "right", "message"),
    [({"a": "yes"}, "a", "at least two answers, got 1"), ({"a": "", "b": ""}, "c", "got 'c'")],
)
def test_a_question_without_a_choice_is_refused(answers, right, message):
    with pytest.raises(ValueError, match=message):
        predict("Which?", answers, right, "")


@pytest.mark.parametrize(
    ("low", "high", "replies", "message"),
    [
        (1, 1, [(1, "")], "low < high"),
        (0, 1, [(1, "")], "0 < step <= high - low are wanted, got low 0, high 1, step 2"),
        (0, 9, [(5, ""), (5, "")], "must rise"),
        (0, 9, [], "must rise"),
        (0, 9, [(float("nan"), "")], "must rise"),
        (0, float("inf"), [(5, "")], "low < high"),
        ("a", "b", [(5, "")], "low < high"),
    ],
)
def test_an_empty_range_is_refused(low, high, replies, message):
    with pytest.raises(ValueError, match=message):
        predict_number("How many?", low, high, replies, "", step=2)
