"""The versions of one field, and what changed from each to the next."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import sharing
from dashboard.case.at import At
from dashboard.forms import clock, last_seen
from services import formulation
from services.formulation import Version
from services.vocabulary import CLIENT_FEARS


def show(at: At, stands: Version) -> None:
    """On demand: read only once it is opened."""
    opened = st.expander(
        f"{stands.version} versions",
        key=at.key(f"{stands.field}_versions"),
        on_change="rerun",
        type="compact",
        icon=":material/history:",
    )
    if not opened.open:
        return
    with opened:
        read = last_seen.of(
            f"versions_{at.case.id}_{stands.field}",
            lambda: formulation.versions(
                session.db(), team=at.team, therapist=at.therapist, case=at.case.id, field=stands.field
            ),
            otherwise=[],
        )
        if read.trouble:
            st.caption("The earlier versions cannot be shown just now.")
        found = [stands, *(one for one in read.value if one.version < stands.version)]
        if len(found) == 1:
            return
        whole = st.toggle("Show each as a whole", key=at.key(f"{stands.field}_whole"))
        for later, earlier in zip(found, [*found[1:], None], strict=True):
            _one(at, later, earlier, whole=whole)


def _one(at: At, version: Version, earlier: Version | None, *, whole: bool) -> None:
    st.markdown(f"**Version {version.version}** · {clock.day(version.written_on, now=at.today)}")
    if version.ticked:
        st.markdown(
            f"Ticked: {components.plain(', '.join(CLIENT_FEARS[one].label for one in version.ticked))}"
        )
    if version.emptied:
        st.caption("Empty again.")
    elif not version.words:
        st.caption("No words." if at.mine or version.ticked else sharing.PRIVATE)
    elif whole or not (earlier and earlier.words):
        st.markdown(components.paragraphs(version.body))
    else:
        components.difference(formulation.difference(earlier.body, version.body))
