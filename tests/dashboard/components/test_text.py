"""Text that somebody wrote stays text."""

import pytest

from dashboard.components import plain, told_apart


@pytest.mark.parametrize(
    "written",
    ["**bold**", "# title", "[a](http://x)", "<b>x</b>", "$x$", ":red[x]", ":material/home:", "1. one", "- one", "`x`", "a_b_c", "~~x~~", "![x](y)"],
)  # fmt: skip
def test_every_sign_of_markdown_is_taken_literally(written):
    shown = plain(written)
    assert shown.replace("\\", "") == written
    bare = [
        sign
        for before, sign in zip(" " + shown, shown, strict=False)
        if sign in "*#[<$:`_~!-." and before != "\\"
    ]
    assert not bare


@pytest.mark.parametrize("written", ["Anna & Bo", "مرحبا", "🙂", "caffè"])
def test_words_stay_words(written):
    assert plain(written).replace("\\", "") == written


def test_line_breaks_cannot_start_a_block():
    assert plain("one\n\n# two") == r"one \# two"


def test_choices_that_read_alike_are_told_apart_and_others_stay_as_they_are():
    labels = {1: "Ann Ash", 2: "Bo Birch", 3: "Ann Ash"}
    assert told_apart(labels) == {1: "Ann Ash (1)", 2: "Bo Birch", 3: "Ann Ash (2)"}
    assert told_apart({}) == {}
