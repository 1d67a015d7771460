"""Parts of a screen that more than one page shows."""

from dashboard.components.answers import (
    CANNOT_TELL,
    cause_rating,
    choice,
    choices,
    rating,
    rating_value,
)
from dashboard.components.difference import difference
from dashboard.components.figures import figure_with_table, period_picker
from dashboard.components.states import (
    age_words,
    empty_state,
    page_frame,
    saved_state,
    suppressed,
    sync_badge,
    week_words,
)
from dashboard.components.sure import sure
from dashboard.components.text import paragraphs, plain, told_apart

__all__ = [
    "CANNOT_TELL",
    "age_words",
    "cause_rating",
    "choice",
    "choices",
    "difference",
    "empty_state",
    "figure_with_table",
    "page_frame",
    "paragraphs",
    "period_picker",
    "plain",
    "rating",
    "rating_value",
    "saved_state",
    "suppressed",
    "sure",
    "sync_badge",
    "told_apart",
    "week_words",
]
