"""One field of the formulation: what stands and since when, written in place as a draft, with its earlier versions."""

from __future__ import annotations

import streamlit as st

from dashboard import components, session
from dashboard.case import formulation_versions, sharing
from dashboard.case.at import At
from dashboard.forms import asking, clock, notices, parked_editor
from dashboard.forms.form import Form
from services import formulation
from services.errors import Refused
from services.formulation import FEARS, Version
from services.outbox import Operation
from services.vocabulary import CLIENT_FEARS, FORMULATION_FIELDS

NAME = "formulation"
REPLACES = (
    "This field was written from another place after you had begun this. Saving now puts yours in its place; "
    "the other one stays among the versions. To keep it instead, discard what you began here."
)


def show(at: At, field: str, stands: Version | None, *, begun: bool) -> None:
    word = FORMULATION_FIELDS[field]
    with st.container(border=True, key=at.key(f"{field}_card"), gap="xsmall"):
        st.subheader(word.label, anchor=False)
        st.caption(word.help)
        what_stands(at, stands)
        if at.mine:
            _old(at, stands)
            _write(at, field, stands, begun=begun)
        if stands and stands.version > 1:
            formulation_versions.show(at, stands)


def what_stands(at: At, stands: Version | None) -> None:
    """Its words as far as this reader has them, and since when they stand."""
    if stands is None or stands.emptied:
        st.markdown(
            ":material/radio_button_unchecked: Not written yet." if stands is None else "Empty again."
        )
        if stands is None:
            return
    if stands.ticked:
        st.markdown(f"**{components.plain(', '.join(CLIENT_FEARS[one].label for one in stands.ticked))}**")
    if stands.words:
        st.markdown(components.paragraphs(stands.words.body))
    elif not at.mine and not stands.emptied:
        st.markdown(
            "Any words beside it are kept private by the therapist." if stands.ticked else sharing.PRIVATE
        )
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=at.key(f"{stands.field}_since")
    ):
        st.caption(clock.opening(_since(at, stands)))
        if at.mine and stands.words:
            sharing.switch(at, stands.words)
    sharing.on_its_way(at, stands.id)


def _since(at: At, stands: Version) -> str:
    said = [clock.day(stands.written_on, now=at.today)]
    if stands.therapist:
        said.append(f"by {components.plain(stands.therapist)}")
    if stands.version > 1:
        said.append(f"version {stands.version}")
    if stands.is_stale(at.today):
        said.append(f":material/history: older than {formulation.STALE_DAYS} days")
    return " · ".join(said)


def _old(at: At, stands: Version | None) -> None:
    """An old field may still hold: looking at it again is worth a version of its own, with the day of today."""
    if not stands or not stands.is_stale(at.today):
        return
    if st.button(
        "It still holds", key=at.key(f"{stands.field}_holds_{stands.version}"), icon=":material/update:"
    ):
        with notices.refusal() as refusal:
            formulation.write(
                session.outbox(), team=at.team, case=at.case.id, field=stands.field, body=stands.body, based_on=stands,
                written_on=at.today, today=at.today, share=bool(stands.words and stands.words.shared), ticked=stands.ticked,
            )  # fmt: skip
            st.rerun()
        st.error(refusal.sentence)


def _write(at: At, field: str, stands: Version | None, *, begun: bool) -> None:
    parked = _parked(at, field)
    version = stands.version if stands else 0
    if begun and not parked:
        st.caption(":material/edit_note: A change to this field is begun.")
    label = (
        "Not accepted: look at it again"
        if parked
        else "Change it"
        if stands and not stands.emptied
        else "Write it"
    )
    # A key with the version in it: what was saved closes by itself. Its label stays while somebody writes, or it would close then.
    opened = st.expander(label, key=at.key(f"{field}_write_{version}"), on_change="rerun", type="compact")
    if opened.open:
        with opened:
            _form(at, field, stands, parked)


def _parked(at: At, field: str) -> Operation | None:
    with session.errors_shown():
        found = session.outbox().parked()
    about = (str(at.case.id), field)
    return next(
        (
            op
            for op in found
            if op.kind == "formulation.write" and (op.params["case"], op.params["field"]) == about
        ),
        None,
    )


def _form(at: At, field: str, stands: Version | None, parked: Operation | None) -> None:
    prefix, version = at.key(field), stands.version if stands else 0
    texts = {"body": f"“{FORMULATION_FIELDS[field].label}”"}

    @st.fragment
    def write() -> None:
        with session.errors_shown():
            vault, outbox = session.vault(), session.outbox()
            form = Form(
                vault, owner=outbox.owner, name=NAME, key=f"{at.case.id}/{field}", prefix=prefix, names=("op", "entry"), edition=version,
                start=_start(stands, parked),
            )  # fmt: skip
        another = form.begun is not None and form.edition != version
        with notices.refusal() as refusal:
            if asking.may_be_saved(form, texts):
                if another and st.session_state.get(f"{prefix}_told") != version:
                    raise Refused(REPLACES)
                with form.saving():
                    if parked:  # what was refused is what this form was begun with, so this takes its place
                        parked_editor.let_go(vault, outbox, parked)
                    formulation.write(
                        outbox, team=at.team, case=at.case.id, field=field, body=form["body"] or "", based_on=stands,
                        written_on=at.today, today=at.today, share=form["share"], ticked=form["ticked"],
                        entity=form.names["entry"], op_id=form.names["op"],
                    )  # fmt: skip
                st.rerun()
        if parked:
            _refused(form, parked, stands)
        notices.begun_before(form)
        if another:
            _written_elsewhere(at, form, stands)
            # In session state, so that the next click is an answer to what was shown.
            st.session_state[f"{prefix}_told"] = version
        st.text_area("In your own words", height=120, placeholder="No names.", **form.field("body"))
        if field == FEARS:
            components.choices("What this client may fear", CLIENT_FEARS, **form.field("ticked"))
        st.toggle("Share these words with my supervisor", **form.field("share"))
        notices.kept(form)
        asking.save_bar(form, "Save", texts, refused=refusal.sentence, width="content")

    write()


def _start(stands: Version | None, parked: Operation | None) -> dict:
    if parked:
        words = parked.params.get("words") or {}
        return {
            "body": words.get("body", ""),
            "ticked": list(parked.params["ticked"]),
            "share": words.get("shared", False),
        }
    shared = bool(stands and stands.words and stands.words.shared)
    return {
        "body": stands.body if stands else "",
        "ticked": list(stands.ticked) if stands else [],
        "share": shared,
    }


def _refused(form: Form, parked: Operation, stands: Version | None) -> None:
    """What the database did not take is in the form; what it has is above."""
    st.warning(
        f"{parked.reason} What you wrote is below, what stands is above. Save yours as the next version, or let it go.",
        icon=":material/edit_note:",
    )
    _beside(stands, (parked.params.get("words") or {}).get("body", ""))

    def let_go() -> None:
        with form.saving():
            parked_editor.let_go(session.vault(), session.outbox(), parked)

    components.sure(
        "Let mine go",
        "What you wrote in it is deleted for good.",
        "Delete it",
        key=f"{form.prefix}_let_go",
        on_click=let_go,
    )


def _written_elsewhere(at: At, form: Form, stands: Version | None) -> None:
    st.warning(REPLACES, icon=":material/content_copy:")
    _beside(stands, form["body"] or "")


def _beside(stands: Version | None, mine: str) -> None:
    if stands and stands.body != mine:
        st.caption("From what stands to what is typed here:")
        components.difference(formulation.difference(stands.body, mine))
