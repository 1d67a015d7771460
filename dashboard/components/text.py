"""Text that somebody wrote, made safe to stand in markdown."""

import re

SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&=])")


def plain(text: str) -> str:
    """The same text with every sign of markdown taken literally; line breaks become spaces."""
    return SIGNS.sub(r"\\\1", " ".join(text.split()))
