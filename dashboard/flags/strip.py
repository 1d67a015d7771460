"""The flags of a case where its therapist and supervisors look: what is up, why, since when, and what would clear it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import components, session
from dashboard.case.at import At
from dashboard.flags import work
from dashboard.forms import clock, last_seen
from dashboard.forms.last_seen import Seen
from services import flags, vocabulary
from services.flags import Flag, Watched


def read(at: At) -> Seen[Watched | None]:
    """The flags of this case in the reader's own view, with what is on its way; None where none is up."""

    def now() -> Watched | None:
        if not at.mine:
            found = flags.watched(session.db(), teams=[at.team], show="all", code=at.case.code, amount=200)
            return next(
                (one for one in found.cases if one.case == at.case.id and one.therapist_id == at.therapist), None
            )  # fmt: skip
        up = flags.of_mine(session.db(), team=at.team, me=at.me).get(at.case.id)
        return up and Watched(
            at.team, "", at.therapist, at.case.therapist, at.case.id, at.case.code, 0, min(one.since for one in up),
            max(up, key=lambda one: list(vocabulary.FLAG_SEVERITIES).index(one.severity)).severity, None, tuple(up),
        )  # fmt: skip

    seen = last_seen.of(f"flags_{at.case.id}_{at.therapist}", now, otherwise=None)
    if seen.value is None:
        return seen
    known = tuple(flags.as_they_will_be(seen.value.flags, at.waiting))
    return replace(seen, value=replace(seen.value, flags=known))


def show(at: At) -> None:
    """A strip that opens; nothing where no flag is up."""
    if at.case.state != "active":
        return
    seen = read(at)
    if seen.trouble and not seen.known:
        st.caption("Flags cannot be looked up just now.")
    if seen.value is None:
        return
    up = seen.value.flags
    names = " · ".join(vocabulary.label("flag_rule", rule) for rule in dict.fromkeys(one.rule for one in up))
    opened = st.expander(
        f"{len(up)} flag{'s' * (len(up) > 1)}: {names}", key=at.key("flags"), on_change="rerun", type="compact", icon=":material/flag:"
    )  # fmt: skip
    if opened.open:
        with opened:
            _inside(at, seen)


def _inside(at: At, seen: Seen[Watched | None]) -> None:
    if seen.trouble:
        st.caption("These are the flags from before.")
    st.caption(
        "A flag says that a rule holds, and nothing about anybody. Therapist, supervisors and clinical lead see the same."
    )
    for flag in seen.value.flags:
        st.markdown(in_words(flag, at))
    if flags.STEP_BACK_FROM & {flag.rule for flag in seen.value.flags}:
        st.button(
            "Step back from this case", key=at.key("flags_step_back"), icon=":material/undo:", on_click=to_step_back, args=(at,)
        )  # fmt: skip
    st.markdown("**Work on these flags**")
    work.show(seen.value, key=at.key("flag_work"), at_case=True)


def in_words(flag: Flag, at: At) -> str:
    """What it is, why, since when, and what clears it."""
    severity = vocabulary.label("flag_severity", flag.severity)
    again = " It has come up again." if flag.back(at.today) else ""
    said = ""
    if flag.mine and flag.put_aside(at.today):
        until = f" until {clock.date_words(flag.rests_until, now=at.today)}" if flag.rests_until else ""
        said = f" For you: {vocabulary.label('flag_work', flag.mine).lower()}{until}."
    since = clock.date_words(flag.since, now=at.today)
    return (
        f"**{components.plain(flag.label)}** · {severity}, since {since}  \n{flag.why()}{again}{said}  \n"
        f"What clears it: {flag.clears()}"
    )


def to_step_back(at: At) -> None:
    """The tab on which a step back is taken is the one that is open next."""
    st.session_state[at.key("tab")] = work.STEP_BACK
