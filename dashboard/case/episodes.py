"""The resistance episodes of the case: what was logged, how it is corrected, and what it said before."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import episode_change, sharing
from dashboard.case.at import At
from dashboard.forms import clock, last_seen
from services import episodes, vocabulary
from services.episodes import Episode

AT_ONCE = 8


def show(at: At) -> None:
    st.header("Resistance episodes", anchor=False)
    read = last_seen.of(
        at.key("episodes"),
        lambda: episodes.of_case(session.db(), therapist=at.therapist, case=at.case.id),
        otherwise=[],
    )
    found = episodes.as_they_will_be(read.value, at.waiting)
    new = [op for op in at.on_its_way("episode.log") if op.entity not in {str(each.id) for each in found}]
    for op in new:
        kind = vocabulary.label("episode_kind", op.params["kind"])
        st.markdown(f"**{kind}**, {op.params['happened_on']}: logged, and on its way.")
        sharing.on_its_way(at, op.entity)
    if not found and not new:
        st.markdown(
            "The episodes cannot be shown just now." if read.trouble else "No episode is on record yet."
        )
    everything = len(found) <= AT_ONCE or st.toggle(f"Show all {len(found)}", key=at.key("episodes_all"))
    for episode in found if everything else found[:AT_ONCE]:
        _card(at, episode)


def _card(at: At, episode: Episode) -> None:
    with st.container(border=True, key=at.key(f"episode_{episode.id}_card"), gap="small"):
        day = clock.opening(clock.day(episode.happened_on, now=at.today))
        st.subheader(f"{vocabulary.label('episode_kind', episode.kind)} · {day}", anchor=False)
        st.markdown("  \n".join(facts(episode)) or "Nothing more was stated.")
        if episode.note:
            st.markdown(f"Note: {components.plain(episode.note)}")
        sharing.on_its_way(at, episode.id)
        if at.mine:
            episode_change.correct(at, episode)
            if episode.version > 1:
                episode_change.earlier(at, episode)


def facts(episode: Episode) -> list[str]:
    """What was stated, a line each."""
    said = [
        ("Strength", f"{episode.intensity}, {vocabulary.INTENSITIES[episode.intensity]}" if episode.intensity else None),
        ("First blame", episode.first_blame and vocabulary.label("blame", episode.first_blame)),
        ("What came next", episode.next_move and vocabulary.label("next_move", episode.next_move)),
        ("Named with the client", episode.named and vocabulary.label("named", episode.named)),
        ("Also noticed", ", ".join(vocabulary.label("episode_kind", key) for key in episode.markers)),
        ("Outside therapy", ", ".join(vocabulary.label("outside_factor", key) for key in episode.outside)),
        ("Causes", ", ".join(
            f"{vocabulary.CAUSES[cause].label} {vocabulary.rating_label(value)}" for cause, value in sorted(episode.ratings.items())
        )),
    ]  # fmt: skip
    return [f"{what}: {value}" for what, value in said if value]
