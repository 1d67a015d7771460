"""The look for identifying details: what it finds, what it lets pass, and that it never stalls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import identifying


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write to anna.k@example.org please", "an e-mail address"),
        ("see www.herblog.example/me", "a web address"),
        ("call 0171 2345678", "a phone number"),
        ("+49 (30) 123-4567", "a phone number"),
        ("file 20481234", "a long number"),
        ("born 03.04.1987", "a full date"),
        ("born 1987-04-03", "a full date"),
        ("born 3rd April 1987", "a full date"),
        ("on April 3, 1987", "a full date"),
        ("Mr Smith was late", "a name with a title"),
        ("MRS JONES was late", "a name with a title"),
        ("her GP Dr. de la Cruz", "a name with a title"),
        ("Frau Özdemir kam", "a name with a title"),
    ],
)
def test_what_could_identify_someone_is_found(text, what):
    assert [detail.what for detail in identifying.details(text)] == [what]
    assert what in identifying.sentence(text)


@pytest.mark.parametrize(
    "text",
    [
        "", None, "Went quiet when we came to the exam.", "scored 12 on the PHQ-9, 3 of 4", "for 10-12 minutes in session 14",
        "In 2019 it was the same, in 2024 too", "dr. or not, the drama stayed", "he said: miss it, miss me", "50/50", "C-4821 again",
    ],
)  # fmt: skip
def test_ordinary_notes_pass(text):
    assert identifying.sentence(text) is None


def test_the_sentence_says_what_was_found_and_what_to_do():
    said = identifying.sentence("Mr Smith, anna@x.org, 0171 2345678")
    assert said.startswith("This looks like an e-mail address, a phone number and a name with a title:")
    assert "“anna@x.org”" in said
    assert "leave out" in said


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text):
    for detail in identifying.details(text):
        assert detail.words in text


@pytest.mark.parametrize(
    "text", ["1-2-3-4-5-6-7-8" * 700, "a@" * 5_000, "Mr " * 4_000, "x" * 20_000, "0 " * 9_000]
)
def test_a_long_text_does_not_stall(text):
    identifying.details(text)
