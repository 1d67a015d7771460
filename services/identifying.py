"""A look for details that could identify a client, before a text is saved. It asks; it never decides."""

import re
from dataclasses import dataclass

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

# What to look for, in the order in which it is told. Bounded repeats: a long text must not stall the page.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an e-mail address", re.compile(r"[^\s@,;:<>()]{1,64}@[^\s@,;:<>()]{1,200}\.[^\W\d_]{2,24}")),
    ("a web address", re.compile(r"\b(?:https?://|www\.)\S{3,200}", re.I)),
    ("a full date", re.compile(
        rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTHS})[a-z]{{0,6}}\.?,?\s+(?:19|20)\d{{2}}"
        rf"|(?:{MONTHS})[a-z]{{0,6}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}})\b", re.I)),
    ("a long number", re.compile(r"(?<![\d+(-])(?<!\d[ ./-])\d{6,}(?![ ./-]\d)")),
    ("a phone number", re.compile(r"(?<![\w.])(?:\+|00)?\(?\d{1,4}\)?(?:[\s./-]?\(?\d{1,5}\)?){2,5}(?!\w)")),
    ("a name with a title", re.compile(
        r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|lady|herr|frau|mme|mlle|monsieur|madame|señor|señora|pastor|father|sister)\.?\s+"
        r"(?:(?:von|van|de|la|der|den)\s+){0,2}(?-i:[^\W\d_a-zß-ÿ])[\w'’-]{1,40}", re.I)),
)  # fmt: skip
ENOUGH_DIGITS = 7  # fewer are a score, a time or a year


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that was found: what it looks like, and the words themselves."""

    what: str
    words: str


def details(text: str | None) -> list[Detail]:
    """Everything in the text that looks like an identifying detail, each place once."""
    found: list[Detail] = []
    taken: list[range] = []
    for what, pattern in PATTERNS:
        for match in pattern.finditer(text or ""):
            here = range(*match.span())
            if what == "a phone number" and sum(c.isdigit() for c in match.group()) < ENOUGH_DIGITS:
                continue
            if any(here.start < other.stop and other.start < here.stop for other in taken):
                continue
            taken.append(here)
            found.append(Detail(what, match.group().strip()))
    return found


def sentence(text: str | None) -> str | None:
    """One sentence that says what was found and what to do, or None when nothing was."""
    found = details(text)
    if not found:
        return None
    kinds = list(dict.fromkeys(detail.what for detail in found))
    listed = kinds[0] if len(kinds) == 1 else ", ".join(kinds[:-1]) + " and " + kinds[-1]
    words = "; ".join(f"“{detail.words}”" for detail in found[:3])
    return f"This looks like {listed}: {words}. Please leave out what could identify a client, or save it as it is if it does not."
