"""Text that somebody wrote, made safe to stand in markdown."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")

SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&=])")


def plain(text: str) -> str:
    """The same text with every sign of markdown taken literally; line breaks become spaces."""
    return SIGNS.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """The same text with its lines and paragraphs, and every sign of markdown taken literally."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("  \n".join(plain(line) for line in block.splitlines()) for block in blocks)


def told_apart(labels: Mapping[K, str]) -> dict[K, str]:
    """The same labels, numbered where several read alike: "2 March: Withdrawal (2)".

    A list to choose from knows its choices by their labels only, so of two that read alike it would take the first.
    """
    alike, so_far, found = Counter(labels.values()), Counter(), {}
    for key, label in labels.items():
        so_far[label] += 1
        found[key] = f"{label} ({so_far[label]})" if alike[label] > 1 else label
    return found
