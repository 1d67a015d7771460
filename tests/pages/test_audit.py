"""Who saw and changed what, on screen: each role reads its part, in pages; what a lead did is told to those concerned."""

import csv
import io

import pytest

from services import audit
from services.audit import Asked
from services.errors import NotAllowed
from tests.pages.conftest import App, Somebody, has, press, words


@pytest.fixture
def team(app: App) -> dict[str, Somebody]:
    """A therapist whose case has thirty sessions, and those who look after the team."""
    home = app.team()
    names = {
        "therapist": "Ann Ash",
        "supervisor": "Sue Spruce",
        "lead": "Lee Larch",
        "admin": "Ada Alder",
    }
    people = {role: app.person(role, name=name, team=home) for role, name in names.items()}
    app.sql.execute(
        """
        with made as (insert into public.cases (therapist_id, id, team_id, code) values (%(who)s, gen_random_uuid(), %(team)s, 'A-4711') returning id)
        insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance)
        select %(who)s, gen_random_uuid(), %(team)s, m.id, g, current_date, 'attended' from made m, generate_series(1, 30) g
        """,
        {"who": people["therapist"].id, "team": home},
    )
    return people


def said(at) -> str:
    tables = " ".join(table.value.to_string() for table in at.table)
    return f"{words(at)} {tables}".replace("\\", "")


@pytest.mark.parametrize("role", ["therapist", "supervisor", "lead", "admin"])
def test_each_role_reads_its_part_and_the_case_code_where_it_may_read_the_case(team, role):
    at = team[role].visits("audit")
    assert not at.exception
    assert "Added: Session" in said(at)
    assert ("A-4711" in said(at)) == (role in ("therapist", "supervisor"))
    assert ("Ann Ash" in said(at)) == (role != "therapist")  # one's own log is about oneself
    assert len(at.table[0].value) == audit.PAGE


def test_older_and_newer_lead_through_the_pages_and_back(team):
    at = team["supervisor"].visits("audit")
    first = at.table[0].value.to_string()
    assert not has(at, "audit_newer")
    press(at, "audit_older")
    assert at.table[0].value.to_string() != first
    press(at, "audit_newer")
    assert at.table[0].value.to_string() == first
    assert not has(at, "audit_newer")


def test_another_filter_begins_at_the_newest_line_again(team):
    at = press(team["supervisor"].visits("audit"), "audit_older")
    at.multiselect(key="audit_kinds").set_value(["cases"]).run()
    assert not at.exception
    assert not has(at, "audit_newer")
    assert [row.startswith("Added: Case") for row in (one.replace("\\", "") for one in at.table[0].value["What"])] == [True]  # fmt: skip


def test_days_without_a_line_say_so(team):
    at = team["lead"].visits("audit")
    at.multiselect(key="audit_actions").set_value(["purge"]).run()
    assert not at.exception
    assert "Nothing in the log for this" in words(at)
    assert not has(at, "audit_csv")


def test_a_therapist_sees_first_what_others_did(app, team):
    at = team["therapist"].visits("audit")
    assert at.selectbox(key=f"audit_who_own_{team['therapist'].team}").value == "Anybody but me"
    assert not has(at, "audit_place")  # there is only one part of the log for them


def test_an_administrator_can_ask_for_what_belongs_to_the_clinic(app, team):
    at = team["admin"].visits("audit")
    at.selectbox(key="audit_place").set_value(("clinic", None)).run()
    assert not at.exception
    assert "Added: Clinic" in said(at) or "Added: Person" in said(at)
    assert "Session" not in at.table[0].value.to_string()


def test_who_acted_is_chosen_by_name_and_nobody_is_counted(team):
    at = team["lead"].visits("audit")
    names = at.selectbox(key=f"audit_who_team_{team['lead'].team}").options
    assert names == ["Anybody", "Anybody but me", "Ada Alder", "Ann Ash", "Lee Larch", "Sue Spruce"]
    assert not at.metric


def test_without_the_database_the_page_says_so_and_stands(app, team):
    app.loses_the_database()
    at = team["supervisor"].visits("audit")
    assert not at.exception
    assert at.error or at.warning


def test_the_file_holds_what_the_filters_leave(team):
    asked = Asked(place="team", team=team["lead"].team, kinds=("sessions",))
    file = audit.as_csv(team["lead"].db, asked)
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert {row["case"] for row in rows} == {""}
    with pytest.raises(NotAllowed):
        audit.as_csv(team["therapist"].db, asked)
