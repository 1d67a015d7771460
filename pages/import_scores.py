"""Import scores: a file is read, every row is judged in words, and then all of them are kept or none."""

import streamlit as st

from dashboard import session
from dashboard.forms import clock, look, measures_known, notices, score_import_form
from services import cases, measures, score_import, scores
from services.vocabulary import CASE_STATES

look.use()
st.title("Import scores", anchor=False)
st.caption(
    "From a spreadsheet or another system, saved as CSV: a row for each score. You see what each row would do before anything is kept."
)
person, today = session.person(), clock.today()
team = session.team("therapist", key="import_scores_team").team
registry = measures_known.read()

score_import_form.example(measures.offered(registry.value))
file = score_import_form.chosen(key=f"import_scores_{team}")
if file:
    with notices.refusal() as refusal:
        outbox = session.outbox()
        waiting = outbox.waiting()  # before the reads: what is synced in between is in one of the two
        mine = cases.in_team(session.db(), team=team, therapist=person.id, states=CASE_STATES)
        codes = {case.code: case.id for case in [*cases.opened_here(waiting, team=team), *mine]}
        named = [codes[code] for code in score_import.codes_in(file) if code in codes]
        known = scores.with_waiting(
            score_import.known(session.db(), team=team, therapist=person.id, cases=named), waiting,
            slugs={measure.id: measure.slug for measure in registry.value},
        )  # fmt: skip
        preview = score_import.judged(
            outbox, file, cases=codes, registry=registry.value, known=known, today=today
        )
        score_import_form.judged(preview, team=team, key=f"import_scores_{team}")
    if refusal.sentence:
        st.error(
            f"{refusal.sentence} Nothing was imported; the file can be judged when the database answers."
        )
score_import_form.progress(key=f"import_scores_{team}")
st.page_link("../pages/case.py", label="Back to the case", icon=":material/arrow_back:")
