"""Preparing a meeting: the proposal as a draft, then the agenda as it is planned, until it begins."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.forms import asking, notices
from dashboard.forms.last_seen import Seen
from dashboard.meeting import (
    agenda_list,
    any_case,
    called_off,
    candidates,
    draft,
    follow_ups,
    next_in_line,
    own_matter,
    theme_ahead,
    when,
    words,
)
from dashboard.meeting.at import At
from dashboard.meeting.draft import Draft
from dashboard.meeting.planned import Planned
from services import vocabulary
from services.agenda import Candidates

NO_TEXT: dict[str, str] = {}
HOW = (
    "The agenda proposes itself: what therapists chose comes before any flag of theirs, then the points decide. Nobody comes twice before everybody "
    "has come once, and whoever had no turn for four weeks comes first. Points order a list; they measure nobody."
)  # fmt: skip


def show(at: At) -> None:
    """For a supervisor, before a meeting."""
    with session.errors_shown():
        seen = candidates.read(at)
    if at.state == "planned":
        _planned(at, seen)
    else:
        _draft(at, seen)
    candidates.turns(seen.value.turns, key=at.key("prepare"), today=at.today)


def _away(seen: Seen[Candidates]) -> None:
    if seen.trouble:
        st.caption("What could be on the agenda is from before." if seen.known else "What could be on the agenda cannot be looked up just now.")  # fmt: skip


def _draft(at: At, seen: Seen[Candidates]) -> None:
    @st.fragment
    def shown() -> None:
        st.header("The next meeting", anchor=False)
        st.markdown("Nothing is planned yet. This is a proposal: change it as you like, then plan it.")
        st.caption(HOW)
        _away(seen)
        with session.errors_shown():
            form = draft.form(at, seen.value)
        made = Draft(at, form, seen.value, draft.by_hand(at, form, seen.value))
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, NO_TEXT):
                with form.saving():
                    made.plan(theme_ahead.as_stored(at))
                st.rerun()
        notices.begun_before(form)
        key = at.key("draft")
        when.fields(form)
        rows = made.rows()
        agenda_list.time_left(rows, form["length"])
        with st.container(horizontal=True, gap="small", key=f"{key}_time"):
            st.button("Share out the time", key=f"{key}_share_out", icon=":material/schedule:", on_click=made.share_out, help="The same time for every case.")  # fmt: skip
            st.button("Propose anew", key=f"{key}_anew", icon=":material/refresh:", on_click=made.propose_anew, help="As it is proposed now, for this length; your changes to the list go.")  # fmt: skip
        if made.left():
            st.caption("What you had on the list and is no longer proposed has left it: a question was taken back, a case was closed, or nothing speaks for it any more.")  # fmt: skip
        agenda_list.to_change(rows, made, key=key, owner=at.outbox.owner)
        _more(at, made, key=key)
        for case, reason in made.off():
            _off(f"{case.code} · {case.therapist}", reason, key=f"{key}_off_{case.case}", back=made.add_case, ref=case.case)  # fmt: skip
        notices.kept(form)
        asking.save_bar(form, "Plan this meeting", NO_TEXT, refused=refusal.sentence, width="content")

    shown()


def _planned(at: At, seen: Seen[Candidates]) -> None:
    meeting, made, key = at.meeting, Planned(at, seen.value), at.key("planned")
    st.header(f"Planned for {when.words(meeting.held_on, meeting.starts_at, meeting.minutes, today=at.today)}", anchor=False)  # fmt: skip
    for op in at.on_its_way():
        notices.how_far(op.op_id, key=f"{key}_{op.op_id}")
    if made.trouble():
        st.error(made.trouble())
    if meeting.held_on > at.today:
        st.caption("Beginning it now makes today its day.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_ways"):
        st.button("Begin the meeting", key=f"{key}_begin", type="primary", icon=":material/play_arrow:", on_click=made.begin)  # fmt: skip
        called_off.ask(made.call_off, key=key)
    when.change(at)
    _away(seen)
    rows = made.rows()
    agenda_list.time_left(rows, meeting.minutes)
    agenda_list.to_change(rows, made, key=key, owner=at.outbox.owner)
    _more(at, made, key=key)
    for item in meeting.dropped:
        reason = item.known.reason if item.known else ""
        _off(words.title(item), reason, key=f"{key}_off_{item.id}", back=made.put_back, ref=str(item.id))


def _more(at: At, made: Draft | Planned, *, key: str) -> None:
    """What else can be put on: the frame of a meeting, cases next in line, a matter of one's own; and last time's actions."""
    if made.missing():
        with st.container(horizontal=True, gap="small", key=f"{key}_frame"):
            for kind in made.missing():
                st.button(vocabulary.label("agenda_kind", kind), key=f"{key}_add_{kind}", icon=":material/add:", on_click=made.add_frame, args=(kind,))  # fmt: skip
    next_in_line.show(made.next_in_line(), made.add_case, key=key, cut=made.found.cut)
    any_case.folded(at, made.found, made.there(), made.add_any, key=key)
    own_matter.ask(made.add_own, key=key, owner=at.outbox.owner, draft=key)
    follow_ups.opened(at, key=key)
    if "theme" not in made.missing():
        theme_ahead.opened(at, key=key, renew=made.renew if isinstance(made, Planned) else None)


def _off(title: str, reason: str, *, key: str, back: object, ref: object) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_item_card"):  # fmt: skip
        said = f": {components.plain(reason)}" if reason else ""
        st.markdown(f"Taken off: **{components.plain(title)}**{said}", width="stretch")
        st.button("Put on again", key=f"{key}_back", icon=":material/undo:", on_click=back, args=(ref,))
