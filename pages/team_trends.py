"""Team trends: how causes, first blame, episodes, ruptures and reflections have moved, for the whole team."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from dashboard import charts, components, session
from dashboard.forms import clock, last_seen
from services import ruptures, teams, trends, vocabulary, weeks

TODAY = clock.today()

st.title("Team trends")
st.caption(vocabulary.NOT_A_MEASURE)

with st.container(horizontal=True, vertical_alignment="bottom", key="team_trends_filters"):
    team = session.team("therapist", "supervisor", "lead", key="team_trends_team")
    back = components.period_picker(key="team_trends_weeks")
    supervises = team.team in session.person().teams_as("supervisor")
    exact = supervises and st.toggle(
        "Exact values", key="team_trends_exact",
        help="Every week with its exact numbers. For your own preparation, not for a shared screen.",
    )  # fmt: skip


def read() -> tuple[datetime, trends.Trends, teams.TeamSettings]:
    since = weeks.monday(TODAY) - weeks.WEEK * (back - 1)
    found = trends.team(session.db(), team=team.team, since=since, today=TODAY, exact=exact)
    return datetime.now(UTC), found, teams.settings(session.db(), team=team.team)


with session.errors_shown():
    seen = last_seen.of(f"trends_{team.team}_{back}_{exact}", read, otherwise=None)
if not seen.known:
    st.error(seen.trouble)
    st.stop()
read_at, shape, limits = seen.value
if seen.trouble:
    st.warning(
        f"{seen.trouble} These numbers stand as they were {clock.moment(read_at)}.",
        icon=":material/cloud_off:",
    )

if exact:
    st.warning(
        "Exact values: a small number can point at one person. Please do not share this screen.",
        icon=":material/visibility:",
    )
else:
    components.suppressed(
        f"Safe for a shared screen: every value stands on at least {limits.safe_min_therapists} therapists and "
        f"{limits.safe_min_entries} entries. Where a week has fewer, weeks are shown together. The running week is added when it is over."
    )

if shape.empty:
    components.empty_state(
        "Nothing to show for these weeks yet",
        "Either nobody has written in this period, or too few people have for a value to be shown without pointing at one of them. "
        "Choose a longer period, or come back when the week is over.",
        key="team_trends",
    )  # fmt: skip
    st.stop()

if shape.too_few_weeks:
    st.info(
        f"{shape.weeks} complete weeks are on record. Below {trends.ENOUGH_WEEKS}, lines are drawn plainly: too few weeks to judge."
    )


def shown(name: str, frame: pd.DataFrame, key: str) -> None:
    """One of the figures in dashboard.charts, with its table and its sentence."""
    draw, say, table = (getattr(charts, name + ending) for ending in ("", "_in_words", "_table"))
    components.figure_with_table(
        draw(frame),
        table(frame),
        say(frame),
        key=f"team_trends_{key}",
        filename=f"sixfold-{key}-{weeks.spelt(TODAY)}",
    )


shown("causes_over_time", shape.causes, "causes")
left, right = st.columns(2, gap="medium")
with left:
    shown("first_blame_balance", shape.blame, "first-blame")
    shown("ruptures_over_time", shape.ruptures, "ruptures")
with right:
    shown("episodes_by_kind", shape.kinds, "episodes")
    shown("reflections_handed_in", shape.reflections, "reflections")

if exact and not seen.trouble:
    with session.errors_shown():
        still_open = ruptures.open_in(session.db(), team=team.team)
    ages = pd.DataFrame(
        [(r.code, r.days_open, r.stage) for r in still_open], columns=["label", "days", "stage"]
    )
    shown("open_ruptures_by_age", ages, "open-ruptures")
