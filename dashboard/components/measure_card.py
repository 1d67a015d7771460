"""A measure in words: what it is about, its range and direction, its thresholds with their basis, where they come from."""

from dashboard.components.text import plain
from services.measures import Measure, spelt
from services.vocabulary import MEASURE_DIRECTIONS, THRESHOLD_BASES

ONLY_SCORES = "Only scores are kept here, never the questions of a questionnaire or the answers to them."


def about(measure: Measure) -> str:
    """As markdown, a line each. What is not claimed is said as well."""
    lines = [
        ("About", measure.about or "not stated"),
        ("Range", f"{measure.range_words}, in steps of {spelt(measure.step)}"),
        ("Direction", MEASURE_DIRECTIONS[measure.direction].label),
        ("Reliable change", _threshold(measure.reliable_change, measure.reliable_basis)),
        ("Cut-off", _threshold(measure.cut_off, measure.cut_off_basis)),
        ("Source", measure.source or "not stated"),
        ("Licence", measure.licence or "not stated"),
    ]
    return "\n".join(f"- **{name}:** {plain(words)}" for name, words in lines)


def _threshold(value: float | None, basis: str) -> str:
    word = THRESHOLD_BASES[basis]
    return "none is claimed" if value is None else f"{spelt(value)}, {word.label.lower()}. {word.help}"
