"""The six causes in the light of what was logged: what speaks for and against each, with its entry. Nothing is decided here."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import ways
from dashboard.case.at import At
from dashboard.forms import clock, last_seen
from services import cause_entries, cause_rules, vocabulary, weeks
from services.cause_facts import Entry
from services.cause_rules import Line, Rating, View

LATEST = 12  # episodes to choose from
AT_ONCE = 2  # entries under one fact
WHOLE = "whole"


def show(at: At) -> None:
    read = last_seen.of(
        at.key("cause_entries"),
        lambda: cause_entries.of_case(session.db(), case=at.case, today=at.today),
        otherwise=[],
    )
    if read.trouble and not read.known:
        st.caption("What was logged in this case cannot be shown just now.")
        return
    st.markdown(
        f"**{cause_rules.THEY_DO_NOT_DECIDE}** What speaks for one cause can speak for another as well."
    )
    entries = _chosen(at, read.value)
    for view in cause_rules.look(entries):
        _card(at, view)
    _where_it_comes_from(at)


def _chosen(at: At, entries: list[Entry]) -> list[Entry]:
    """The whole case, or what belongs to one of its latest episodes."""
    episodes = {entry.id: entry for entry in cause_entries.episodes_among(entries)}
    key = at.key(ways.LOOKED_AT)
    offered = [WHOLE, *list(episodes)[:LATEST]]
    if (kept := st.session_state.get(key)) in episodes and kept not in offered:
        offered.append(kept)  # an older one that a fact led to
    elif kept not in offered:
        st.session_state.pop(key, None)

    def named(one: str) -> str:
        if one == WHOLE:
            return "The whole case"
        kind = episodes[one].title.removeprefix("Episode: ")
        return f"{clock.opening(clock.day(episodes[one].day, now=at.today))}: {kind}"

    names = components.told_apart({one: named(one) for one in offered})
    chosen = st.selectbox("Look at", offered, format_func=names.get, key=key, persist_state="session")
    if chosen == WHOLE:
        return entries
    _episode(episodes[chosen])
    return cause_entries.around(entries, chosen)


def _episode(entry: Entry) -> None:
    """The entry itself, in a line."""
    facts = entry.facts
    said = [", ".join(vocabulary.label("episode_kind", kind) for kind in facts["markers"])]
    said += [f"intensity {facts['intensity']} of 5"] if "intensity" in facts else []
    for name, enum, what in (
        ("first_blame", "blame", "first blame"), ("next_move", "next_move", "next move"), ("named", "named", "named with the client"),
    ):  # fmt: skip
        said += [f"{what}: {vocabulary.label(enum, facts[name]).lower()}"] if name in facts else []
    st.markdown(" · ".join(components.plain(one) for one in said))
    st.caption(
        "With it: the reflection of that week, the check-in and the between-session work just before, goals, strategies and ruptures of"
        " that day, and what stands on the formulation card."
    )


def _card(at: At, view: View) -> None:
    cause = vocabulary.CAUSES[view.cause]
    with st.container(border=True, key=at.key(f"cause_{view.cause}_card"), gap="small"):
        st.subheader(f"{cause.number} {cause.label}", anchor=False)
        st.markdown(f"{cause.question} {_rating(at, view.own_rating)}")
        if view.why_not:
            st.markdown(f"Not offered here. {view.why_not}")
        elif view.not_enough:
            st.markdown("**Not enough to say.** Nothing that was logged speaks for or against it.")
        else:
            sides = (
                ("Speaks for it", view.speaks_for, "for"),
                ("Speaks against it", view.speaks_against, "against"),
            )
            for column, (words, lines, side) in zip(st.columns(2, gap="large"), sides, strict=True):
                with column, st.container(key=at.key(f"cause_{view.cause}_{side}"), gap="small"):
                    st.markdown(f"**{words}**")
                    if not lines:
                        st.markdown("Nothing that was logged.")
                    for line in lines:
                        _line(at, line)
        if view.would_help:
            with st.expander(
                "What would help to say more", key=at.key(f"cause_{view.cause}_more"), type="compact"
            ):
                st.markdown("\n".join(f"- {clock.opening(words)}" for words in view.would_help))


def _rating(at: At, rating: Rating | None) -> str:
    if rating is None:
        return "Own rating: none yet."
    when = (
        f"in the reflection of {weeks.spelt(rating.entry.day)}, on that whole week"
        if rating.entry.about == "reflection"
        else f"in the episode of {clock.date_words(rating.entry.day, now=at.today)}"
    )
    return f"Own rating: **{vocabulary.rating_label(rating.value)}**, {when}."


def _line(at: At, line: Line) -> None:
    rule, key = line.rule, at.key(f"cause_{line.rule.id}")
    with st.container(key=key, gap="xsmall"):
        st.markdown(f"{rule.says}", help=f"{rule.because} After {rule.source}.")
        for seen in line.seen[:AT_ONCE]:
            ways.button(at, seen.entry, seen.words, key=f"{key}_{seen.entry.id}")
        if earlier := line.seen[AT_ONCE:]:
            opened = st.expander("Earlier ones", key=f"{key}_earlier", on_change="rerun", type="compact")
            if opened.open:
                with opened:
                    for seen in earlier:
                        ways.button(at, seen.entry, seen.words, key=f"{key}_{seen.entry.id}")


def _where_it_comes_from(at: At) -> None:
    if at.waiting:
        st.caption("What is still on its way to the database is not among the facts yet.")
    if not at.mine:
        st.caption(
            "These are the facts that a supervisor may read: of reflections only the parts that were shared."
        )
    st.caption(
        "A reflection is about a whole week and everybody seen in it; those of weeks with an episode in this case are looked at. What is"
        " written “only for me”, or was not brought, never is. S1 to S19 are the points of the article on which Sixfold is built; the rules"
        " are an aid to thinking, and have not been tested for their effect."
    )
    st.caption(vocabulary.NOT_A_MEASURE)
