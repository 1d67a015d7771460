"""Ruptures: which are open, how old they are, and how far their repair has come."""

import streamlit as st

from dashboard import session
from dashboard.forms import (
    case_field,
    clock,
    last_seen,
    look,
    notices,
    rupture_card,
    rupture_form,
    ruptures_now,
)
from services import cases, ruptures, texts

AT_ONCE = 20

look.use()
st.title("Ruptures", anchor=False)
st.caption(
    "A strain between client and therapist, from the day it was noticed. What counts is that it is mended, not that it came."
)

person, today = session.person(), clock.today()
team = session.team("therapist", "supervisor", key="ruptures_team").team
treats, supervises = (team in person.teams_as(role) for role in ("therapist", "supervisor"))
whose = None if supervises else person.id  # the database decides; this asks for no more than the page shows

with session.errors_shown():
    waiting = session.outbox().waiting()  # before the reads: what is synced in between is in one of the two
    known = last_seen.of(
        f"open_ruptures_{team}",
        lambda: ruptures.open_in(session.db(), team=team, therapist=whose),
        otherwise=[],
    )
    closed = last_seen.of(
        f"closed_ruptures_{team}",
        lambda: ruptures.closed_in(session.db(), team=team, therapist=whose),
        otherwise=[],
    )
    helped = last_seen.of(
        f"rupture_helped_{team}",
        lambda: texts.in_team(session.db(), team=team, about="rupture_helped", about_ids=[one.id for one in closed.value]),
        otherwise={},
    ).value  # fmt: skip
    mine = case_field.known(therapist=person.id, team=team).value if treats else []
notices.away(
    known.trouble,
    "This list is the one from before." if known.known else "The ruptures cannot be shown just now.",
)

my_cases = [*cases.opened_here(waiting, team=team, known=[case.id for case in mine]), *mine]
codes = {case.id: case.code for case in my_cases}
still_open = ruptures_now.still_open(
    known.value, waiting, team=team, me=person.id, name=person.name, codes=codes, today=today
)

if treats:
    with st.expander("Open a new rupture", key="ruptures_new_form", icon=":material/add:"):
        rupture_form.show(team=team, known=my_cases, today=today)

st.header(f"Open ({len(still_open)})" if still_open else "Open", anchor=False)
if not still_open and not known.trouble:
    st.markdown("No rupture is on record as open. That can also mean that none has been written down yet.")
everything = len(still_open) <= AT_ONCE or st.toggle(f"Show all {len(still_open)}", key="ruptures_all")
for rupture in still_open if everything else still_open[:AT_ONCE]:
    rupture_card.show(rupture, me=person.id, today=today, waiting=waiting)

closing = ruptures_now.closing(known.value, waiting)
if closing or closed.value:
    st.header("Closed lately", anchor=False)
for rupture, op in closing:
    st.markdown(rupture_card.closed(rupture, me=person.id, today=today))
    notices.how_far(op.op_id, key=f"ruptures_{op.op_id}")
known_closed = [rupture for rupture in closed.value if rupture.id not in {each.id for each, _ in closing}]
st.markdown("\n".join(f"- {rupture_card.closed(each, me=person.id, today=today, helped=helped.get(each.id))}" for each in known_closed))  # fmt: skip
