"""The words: complete, short, and free of blame."""

import re

import pytest

from services import vocabulary

MAPPINGS = {
    **vocabulary.ENUMS,
    "operation_kind": vocabulary.OPERATION_KINDS,
    "operation_state": vocabulary.OPERATION_STATES,
    "threshold": vocabulary.THRESHOLDS,
}
EVERY_WORD = [
    pytest.param(word, id=f"{enum}.{key}") for enum, words in MAPPINGS.items() for key, word in words.items()
]


@pytest.mark.parametrize("word", EVERY_WORD)
def test_a_word_has_a_short_label_and_one_sentence_of_help(word):
    assert 2 <= len(word.label) <= 40
    assert word.help.endswith(".")
    assert len(word.help) <= 125
    assert len(re.findall(r"[.!?](?=\s|$)", word.help)) == 1


@pytest.mark.parametrize(("enum", "words"), MAPPINGS.items())
def test_labels_within_one_question_differ_and_sit_under_their_own_key(enum, words):
    assert len({word.label for word in words.values()}) == len(words)
    assert all(word.key == key for key, word in words.items())


def test_there_are_six_causes_with_a_question_each():
    assert list(vocabulary.CAUSES) == [1, 2, 3, 4, 5, 6]
    assert all(cause.number == number for number, cause in vocabulary.CAUSES.items())
    assert all(
        cause.question.endswith("?") and cause.help.endswith(".") for cause in vocabulary.CAUSES.values()
    )


def test_eight_behaviours_and_four_reframes():
    assert len(vocabulary.RAPPORT_BEHAVIOURS) == 8
    assert len(vocabulary.REFRAMES) == 4


def test_scales_run_without_a_hole():
    assert list(vocabulary.RATINGS) == list(vocabulary.FRUSTRATIONS) == [0, 1, 2, 3, 4]
    assert list(vocabulary.INTENSITIES) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "phrase",
    [r"resistant (client|patient)", r"non-?complian", r"\bdifficult (client|patient)", r"failed", r"\bbad\b"],
)
def test_no_wording_blames_anybody(phrase):
    said = [
        text for words in MAPPINGS.values() for word in words.values() for text in (word.label, word.help)
    ]
    said += [
        text
        for cause in vocabulary.CAUSES.values()
        for text in (cause.label, cause.question, cause.help, cause.zero, cause.four)
    ]
    assert not [text for text in said if re.search(phrase, text, re.IGNORECASE)]


def test_an_unknown_key_is_readable_and_a_missing_one_says_so():
    assert vocabulary.label("blame", "neither") == "Neither"
    assert vocabulary.label("blame", "the_weather") == "the weather"
    assert vocabulary.label("blame", None) == "not stated"


def test_a_rating_reads_with_its_word():
    assert vocabulary.rating_label(3) == "3 · a lot"
    assert vocabulary.rating_label(None) == "can’t tell"


def test_the_words_cannot_be_changed_by_a_page():
    with pytest.raises(TypeError):
        vocabulary.BLAMES["client"] = None
