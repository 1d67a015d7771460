"""Correcting an episode on the version that is on screen, and what it said before: its author's alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.forms import asking, clock, episode_form, folded, last_seen, notices
from dashboard.forms.form import Form
from services import episodes, history, vocabulary
from services.episodes import Episode

NO_TEXT: dict[str, str] = {}
# Columns of an episode: what each is called, and the words of its keys.
COLUMNS = {
    "kind": ("What happened", "episode_kind"), "happened_on": ("Day", None), "intensity": ("Strength", None),
    "first_blame": ("First blame", "blame"), "next_move": ("What came next", "next_move"), "named": ("Named with the client", "named"),
    "markers": ("Also noticed", "episode_kind"), "outside": ("Outside therapy", "outside_factor"),
}  # fmt: skip


def correct(at: At, episode: Episode) -> None:
    def change() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name="case_episode", key=f"{at.case.id}/{episode.id}", prefix=at.key(f"episode_{episode.id}"),
                edition=episode.version,
                start={
                    "happened_on": episode.happened_on, "kind": episode.kind, "markers": list(episode.markers), "intensity": episode.intensity,
                    "first_blame": episode.first_blame, "next_move": episode.next_move, "named": episode.named,
                    "outside": list(episode.outside),
                    **{
                        f"cause_{number}": asking.answer(episode.ratings[number]) if number in episode.ratings else None
                        for number in vocabulary.CAUSES
                    },
                },
            )  # fmt: skip
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                asking.not_to_come(form, "happened_on", "The day", today=at.today)
                with form.saving():
                    episodes.amend(
                        outbox, episode=episode.id, based_on=form.edition, happened_on=form["happened_on"], kind=form["kind"],
                        today=at.today, markers=form["markers"], intensity=form["intensity"], first_blame=form["first_blame"],
                        next_move=form["next_move"], named=form["named"], outside=form["outside"], ratings=asking.ratings(form),
                        op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        notices.begun_before(form)
        asking.day(form, "happened_on", "When", today=at.today)
        components.choice("What happened?", vocabulary.EPISODE_KINDS, explain=True, **form.field("kind"))
        episode_form.ask_more(form)
        episode_form.ask_causes(form)
        notices.kept(form)
        asking.save_bar(form, "Save the correction", NO_TEXT, refused=refusal.sentence, width="content")

    folded.away("Correct it", change, key=at.key(f"episode_{episode.id}_open"), type="compact")


def earlier(at: At, episode: Episode) -> None:
    opened = st.expander(
        "What it said before", key=at.key(f"episode_{episode.id}_before"), on_change="rerun", type="compact"
    )
    if not opened.open:
        return
    with opened:
        read = last_seen.of(
            at.key(f"history_{episode.id}_{episode.version}"),
            lambda: (
                history.of(session.db(), table="episodes", row=episode.id),
                history.of_ratings(session.db(), episode=episode.id),
            ),
            otherwise=([], []),
        )
        states, rated = read.value
        if not states:
            st.caption(
                "This cannot be shown just now." if read.trouble else "The correction is still on its way."
            )
            return
        later, ratings = {name: _value(getattr(episode, name)) for name in COLUMNS}, dict(episode.ratings)
        for state in states:
            said = [
                *_differences(state.said, later),
                *_rated(ratings, [one.said for one in rated if one.until == state.until]),
            ]
            st.markdown(f"Until {clock.moment(state.until)}: " + ("; ".join(said) or "a rating was added"))
            later = state.said
        st.caption("Only you can read this. Ratings that were added are not listed one by one.")


def _rated(later: dict[int, int | None], before: list[dict[str, Any]]) -> Iterator[str]:
    """What ratings said before, beside what they said `later`; that is taken back to what stood before."""
    for row in before:
        cause, value = row["cause"], row["rating"]
        now = vocabulary.rating_label(later[cause]) if cause in later else "not rated"
        if cause not in later or later[cause] != value:
            yield f"{vocabulary.CAUSES[cause].label.lower()} {vocabulary.rating_label(value)}, then {now}"
        later[cause] = value


def _differences(before: dict[str, Any], later: dict[str, Any]) -> Iterator[str]:
    for name, (called, enum) in COLUMNS.items():
        if _value(before.get(name)) != _value(later.get(name)):
            yield f"{called.lower()} {_words(before.get(name), enum)}, then {_words(later.get(name), enum)}"


def _value(said: Any) -> Any:
    return (
        list(said)
        if isinstance(said, (list, tuple))
        else said.isoformat()
        if hasattr(said, "isoformat")
        else said
    )


def _words(said: Any, enum: str | None) -> str:
    if isinstance(said, list):
        return ", ".join(_words(each, enum) for each in said) or "none"
    return "not stated" if said is None else vocabulary.label(enum, said) if enum else str(said)
