"""Who saw and changed what: the log, as far as it is about oneself or the teams one looks after; without any content."""

import streamlit as st

from dashboard import session
from dashboard.audit import filters, lines
from dashboard.forms import clock, look
from services import audit

look.use()
st.title("Who saw and changed what", anchor=False)
st.caption(
    "Every entry, change and deletion, every look of a clinical lead at a case, and every list taken out. "
    "Reading by the therapist and the supervisors of a team is not logged. The log is for finding out what became of something; "
    "it counts nobody."
)
person, today = session.person(), clock.today()
asked = filters.show(person, today=today, key="audit")
page = lines.show(asked, key="audit")

if page.entries:
    connect = session.db_on_click()
    st.download_button(
        "Download what the filters leave (CSV)", lambda: audit.as_csv(connect(), asked), file_name=f"sixfold-log-{today.isoformat()}.csv",
        mime="text/csv", key="audit_csv", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    st.caption(
        f"The newest {audit.MOST:,} lines at most, with their times in UTC. That you took it out is a line of the log itself."
    )
