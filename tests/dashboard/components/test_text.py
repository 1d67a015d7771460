"""Text that somebody wrote stays text."""

import pytest

from dashboard.components import plain


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
