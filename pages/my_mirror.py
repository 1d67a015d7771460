"""My mirror: a therapist's own pattern over time, for themselves. Nothing here is compared with anyone."""

import streamlit as st

from dashboard import components, session
from dashboard.forms import clock, last_seen, look, notices
from dashboard.mirror import card, items, sharing
from services import mirror, weeks
from services.vocabulary import MIRROR_ITEMS, NOT_A_MEASURE

PERIODS = (12, 26, 52, 156)

look.use()
st.title("My mirror", anchor=False)
st.caption(f"Only you see this page. {NOT_A_MEASURE}")
me, today = session.person().id, clock.today()

with st.container(horizontal=True, vertical_alignment="bottom", key="my_mirror_filters"):
    team = session.team("therapist", key="my_mirror_team").team
    back = components.period_picker(key="my_mirror_weeks", periods=PERIODS)
since = weeks.monday(today) - weeks.WEEK * (back - 1)

refused = {
    name: sharing.done_by_click(card.key_of(name, team, since), item=name, team=team) for name in MIRROR_ITEMS
}
with session.errors_shown():
    waiting = session.outbox().waiting()  # before the read: what is synced in between is in one of the two
    read = last_seen.of(
        f"mirror_{team}_{back}",
        lambda: mirror.mine(session.db(), team=team, since=since, today=today),
        otherwise=None,
    )
    known = last_seen.of(
        f"mirror_shares_{team}",
        lambda: mirror.shared_by_me(session.db(), team=team, therapist=me),
        otherwise=[],
    )
notices.away(
    read.trouble or known.trouble,
    "What you see here is from before." if read.known else "Your mirror cannot be shown just now.",
)
if not read.known:
    st.stop()
seen = read.value
if not seen.weeks and not seen.episodes and not seen.ruptures_open and seen.guesses.empty:
    components.empty_state(
        "Nothing to see yet", "Your mirror fills from what you write: weekly reflections, episodes, repair steps and check-ins. "
        "One week is enough to begin with.",
        key="my_mirror", page="../pages/weekly_reflection.py", link="Go to the weekly reflection",
    )  # fmt: skip

shown = items.of(seen)
shares = mirror.with_waiting(known.value, waiting, team=team, therapist=me, today=today)
if shares:
    count = "One item is" if len(shares) == 1 else f"{len(shares)} items are"
    st.info(
        f"{count} shared with your supervisor. You find each below, and can take it back.",
        icon=":material/visibility:",
    )
period = f"{weeks.spelt(seen.since)} to {weeks.spelt(today)}"


def draw(*names: str) -> None:
    for name in names:
        card.show(
            shown[name], seen, team=team, period=period, shares=shares, today=today, refused=refused[name]
        )


draw("strengths", "six_causes")
left, right = st.columns(2, gap="medium")
with left:
    draw("first_blame", "reframes", "guesses")
with right:
    draw("next_moves", "repairs", "frustration")
draw("after_supervision")
