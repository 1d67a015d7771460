"""The script behind every page: who is here, which pages they have, run the one they asked for."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboard import components, session  # noqa: E402
from dashboard.forms import still  # noqa: E402
from dashboard.pages_by_role import screens  # noqa: E402

BRAND = ROOT / "dashboard" / "web" / "brand"
MARK, WORD = str(BRAND / "sixfold.svg"), str(BRAND / "sixfold-word.svg")

st.set_page_config(page_title="Sixfold", page_icon=MARK, layout="wide")
components.page_frame()
still.begin()

signed_in = session.found()
if signed_in is None or signed_in.needs_sign_in:
    session.sign_in_again("You are signed out. What you saved is kept.")

if signed_in.projects:  # for the rest of this session: no other page exists, and nobody's name is asked for
    st.navigation([st.Page("../pages/projector.py", title="Sixfold", default=True)], position="hidden").run()
    st.stop()

with session.errors_shown():
    person = session.person()

pages = [
    st.Page(
        f"../pages/{screen.file}.py",
        title=screen.title,
        icon=screen.icon,
        url_path=screen.address,
        visibility=screen.visibility,
    )
    for screen in screens({membership.role for membership in person.memberships})
]

if not pages:
    st.title("Welcome to Sixfold")
    st.write(
        "You are signed in, but you do not belong to a team yet, so there is nothing to show. "
        "Ask the administrator of your service to give you a role in your team, then reload this page; "
        "or to invite you, then sign out and in again."
    )
    session.sign_out_form()
    st.stop()

LOOK_SECONDS = 10  # an entry shows its own state at once; this is the view from afar


@st.fragment(run_every=LOOK_SECONDS)
def sync_indicator() -> None:
    """How far this person's entries have come, on every page."""
    with session.errors_shown():
        status = session.outbox().status()
    components.sync_badge(status)
    if (status.waiting or status.parked) and person.is_a("therapist", "supervisor", "lead"):
        st.page_link("../pages/waiting.py", label="See what waits")
        st.caption("After signing out it stays here, encrypted, and goes on when you next sign in.")


def arrive() -> None:
    st.switch_page(pages[0])


# The default page loses its own address, and a bookmark of it would not be found; so the default is a doormat.
page = st.navigation([st.Page(arrive, title="Sixfold", default=True, visibility="hidden"), *pages])
if page.title != "Sixfold":
    st.set_page_config(page_title=f"{page.title} · Sixfold")
st.logo(WORD, icon_image=MARK, size="large")
with st.sidebar:
    st.caption(person.name)
    sync_indicator()
    session.sign_out_form()
if person.is_a("therapist", "supervisor", "lead"):
    session.say_when_nothing_can_be_kept()
page.run()
