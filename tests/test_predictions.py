"""The questions before figures: what stands there as the answer is computed here, and each choice has its sentence."""

from collections import Counter

import pytest

from lsqcore import practice
from lsqcore.practice.shared.prediction import Prediction
from tests.prediction_answers import ANSWERS

PREDICTIONS = {
    f"{name}.{constant}": value
    for name in practice.__all__
    for constant, value in vars(getattr(practice, name)).items()
    if isinstance(value, Prediction)
}
TABLE = "tests/prediction_answers.py"


def test_every_prediction_has_a_function_that_computes_its_answer():
    missing, gone = sorted(PREDICTIONS.keys() - ANSWERS.keys()), sorted(ANSWERS.keys() - PREDICTIONS.keys())
    assert not missing, f"ANSWERS of {TABLE} lacks {', '.join(missing)}: add a function that computes the answer"
    assert not gone, f"lsqcore/practice has no {', '.join(gone)}: take it from ANSWERS of {TABLE}, or name it as there"


@pytest.mark.parametrize("name", sorted(PREDICTIONS.keys() & ANSWERS.keys()))
def test_the_answer_of_a_prediction_is_what_is_computed(name: str):
    stated, computed = PREDICTIONS[name].answer, ANSWERS[name]()
    assert stated == computed, (
        f"lsqcore.practice.{name} says {stated!r}, but {computed!r} is computed: see its function in {TABLE}"
    )


@pytest.mark.parametrize("name", sorted(PREDICTIONS))
def test_every_choice_of_a_prediction_has_its_sentence(name: str):
    prediction = PREDICTIONS[name]
    sentences = prediction.choices or {"because": prediction.because}
    for choice, sentence in sentences.items():
        assert sentence.endswith("."), (
            f"lsqcore.practice.{name}, {choice!r}: {sentence!r} is no sentence; say what speaks for it, and why not"
        )


def test_no_two_choices_share_a_sentence():
    told = Counter(sentence for prediction in PREDICTIONS.values() for sentence in prediction.choices.values())
    shared = [sentence for sentence, times in told.items() if times > 1]
    assert not shared, f"choices of lsqcore/practice share the sentence {shared[0]!r}: each needs one of its own"
