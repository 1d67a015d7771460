"""The items of a mirror: for each its figure, its sentence and its table, from one therapist's own entries."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import charts
from dashboard.charts import mirror as drawn
from dashboard.charts import mirror_pairs as pairs
from services import vocabulary, weeks
from services.mirror import Mirror

LATEST = 5  # strengths that are shown at once


@dataclass(frozen=True)
class Item:
    """One item as it stands on screen. Without a figure it is read as a list."""

    key: str
    words: str
    table: pd.DataFrame
    figure: go.Figure | None = None

    @property
    def title(self) -> str:
        return vocabulary.MIRROR_ITEMS[self.key].label


def of(seen: Mirror) -> dict[str, Item]:
    """Every item, strengths first. No figure has a line that could be read as a target: the team's half-way line is left out."""
    blame = seen.blame.rename(columns={"key": "blame"})
    made = [
        strengths(seen),
        Item("six_causes", charts.own_weeks_in_words(seen.causes), charts.own_weeks_table(seen.causes),
             charts.own_weeks(seen.causes, title=vocabulary.MIRROR_ITEMS["six_causes"].label)),
        Item("first_blame", charts.first_blame_balance_in_words(blame) + _unstated(seen.blame_unstated), charts.first_blame_balance_table(blame),
             charts.first_blame_balance(blame, title=vocabulary.MIRROR_ITEMS["first_blame"].label).update_layout(shapes=[])),
        Item("next_moves", drawn.next_moves_in_words(seen.moves) + _unstated(seen.moves_unstated), drawn.next_moves_table(seen.moves),
             drawn.next_moves(seen.moves)),
        Item("reframes", drawn.reframes_in_words(seen.reframes), drawn.reframes_table(seen.reframes), drawn.reframes(seen.reframes)),
        Item("repairs", drawn.repairs_in_words(seen.repairs, still_open=seen.ruptures_open, outcomes=dict(seen.outcomes), stages=dict(seen.stages)),
             drawn.repairs_table(seen.repairs), drawn.repairs(seen.repairs)),
        Item("guesses", pairs.guesses_in_words(seen.guesses), pairs.guesses_table(seen.guesses), pairs.guesses(seen.guesses)),
        Item("after_supervision", pairs.after_supervision_in_words(seen.supervised, days=seen.supervision_days),
             pairs.after_supervision_table(seen.supervised), pairs.after_supervision(seen.supervised)),
        Item("frustration", pairs.frustration_in_words(seen.frustration), pairs.frustration_table(seen.frustration), pairs.frustration(seen.frustration)),
    ]  # fmt: skip
    return {item.key: item for item in made}


def strengths(seen: Mirror, *, latest: int = LATEST) -> Item:
    """The latest strengths in their own words, and which behaviours were ticked most."""
    table = pd.DataFrame(
        [[weeks.spelt(s.week), s.text] for s in seen.strengths[:latest]], columns=["Week", "Strength"]
    )
    if not seen.strengths_count and not seen.behaviours:
        return Item(
            "strengths", "No strengths written down yet; the weekly reflection has a place for one.", table
        )
    noted, of = seen.strengths_count, seen.weeks
    said = f"You wrote down a strength in {noted} of {of} week{'s' if of != 1 else ''}."
    ticked = sorted(seen.behaviours.items(), key=lambda pair: -pair[1])[:3]
    if ticked:
        named = ", ".join(f"{vocabulary.label('rapport_behaviour', key).lower()} ({n})" for key, n in ticked)
        said += f" Ticked most often: {named}."
    if noted > len(table) > 0:
        said += f" The latest {len(table)}:"
    return Item("strengths", said, table)


def _unstated(count: int) -> str:
    if not count:
        return ""
    return f" Not stated in {count:,} more." if count > 1 else " Not stated in one more."
