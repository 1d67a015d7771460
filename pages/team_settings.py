"""Team settings: the thresholds of a team, set by its administrator."""

import streamlit as st

from dashboard import session
from services import teams
from services.teams import RANGES, TeamSettings

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIELDS = {
    "rupture_open_days": (
        "Days without a repair step",
        "After so many days an open rupture is shown as waiting (R5).",
    ),
    "silence_days": (
        "Days without an entry",
        "After so many days without an entry a case reads “unknown”, never “fine” (R10).",
    ),
    "frustration_high": (
        "Frustration counts as high from",
        "From this rating on, the weekly reflection asks what could be let go of.",
    ),
    "safe_min_therapists": ("Therapists behind each value", "Fewer are never shown on a team chart."),
    "safe_min_entries": ("Entries behind each value", "Fewer are never shown on a team chart."),
}

st.title("Team settings")
st.caption(
    "Changes hold at once for everybody in the team. They are written directly: if one cannot be stored, you are told here."
)

team = session.team("admin", key="team_settings_team")
with session.errors_shown():
    now = teams.settings(session.db(), team=team.team)

st.header(f"Thresholds of {team.team_name}", anchor=False)
with st.container(border=True, key=f"team_settings_{team.team}"):
    changed = {
        "week_starts_on": 1 + DAYS.index(
            st.selectbox(
                "A week’s reflection can be handed in from", DAYS, index=now.week_starts_on - 1, key=f"team_settings_{team.team}_week",
            )
        )
    }  # fmt: skip
    for name, (label, help) in FIELDS.items():
        low, high = RANGES[name]
        changed[name] = st.number_input(
            label, low, high, getattr(now, name), help=help, key=f"team_settings_{team.team}_{name}"
        )
    if st.button(
        "Save settings", type="primary", key="team_settings_save", disabled=TeamSettings(**changed) == now
    ):
        with session.errors_shown():
            teams.change(session.db(), team=team.team, settings=TeamSettings(**changed))
        st.toast(f"The settings of {team.team_name} are saved.", icon=":material/check:")
        st.rerun()
