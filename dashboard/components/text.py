"""Text that somebody wrote, made safe to stand in markdown."""

import re

SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&=])")


def plain(text: str) -> str:
    """The same text with every sign of markdown taken literally; line breaks become spaces."""
    return SIGNS.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """The same text with its lines and paragraphs, and every sign of markdown taken literally."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("  \n".join(plain(line) for line in block.splitlines()) for block in blocks)
