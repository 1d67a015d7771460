"""A lead sees one case for a reason and an hour, on the monitor; those concerned read it on Home."""

import pytest

from services import drafts, flags
from tests.pages.conftest import App, Somebody, has, press, words, write
from tests.pages.test_monitor import put_cases

WHY = "The rupture is open for weeks; is the plan still right for this case?"


@pytest.fixture
def team(app: App) -> dict[str, Somebody]:
    """A therapist, a supervisor and a lead; one case with a rupture that waits, and words that the lead never reads."""
    home = app.team()
    names = {"therapist": "Ann Ash", "supervisor": "Sue Spruce", "lead": "Lee Larch"}
    people = {role: app.person(role, name=name, team=home) for role, name in names.items()}
    put_cases(app, home, people["therapist"].id, 1)
    app.sql.execute(
        """
        insert into public.case_texts (therapist_id, id, team_id, case_id, about, about_id, slot, body, shared)
        select therapist_id, gen_random_uuid(), team_id, id, 'socratic', id, 'x', 'words for nobody', true from public.cases where team_id = %s
        """,
        (home,),
    )
    return people


def case_of(team) -> flags.Watched:
    return flags.watched(team["lead"].db, teams=[team["lead"].team], show="all").cases[0]


def key_of(team) -> str:
    case = case_of(team)
    return f"monitor_{case.case}_{case.therapist_id}"


def opened(who: Somebody, key: str):
    at = who.visits("monitor")
    at.session_state[f"{key}_detail"] = True
    return at.run()


def looks(app: App, team) -> int:
    return app.sql.execute(
        "select count(*) from public.audit_log where action = 'read' and team_id = %s", (team["lead"].team,)
    ).fetchone()[0]  # fmt: skip


def test_a_lead_reads_beforehand_what_a_look_means_and_counts_to_thirty(app, team):
    key = key_of(team)
    at = opened(team["lead"], key)
    assert not at.exception
    said = words(at).replace("\\", "")
    assert "For 60 minutes, this case only. Its therapist and supervisors are told your reason, and every look is in the log." in said  # fmt: skip
    assert "0 of the 30 characters" in said
    write(at, f"{key}_reason_reason", "too short")
    assert "9 of the 30 characters" in words(at)
    press(at, f"{key}_reason_save")
    assert [one.value for one in at.error] == ["Please give the reason in 30 characters or more."]
    assert at.text_area(key=f"{key}_reason_reason").value == "too short"
    assert looks(app, team) == 0


def test_what_was_begun_is_there_again(team):
    key = key_of(team)
    write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    at = opened(team["lead"], key)
    assert at.text_area(key=f"{key}_reason_reason").value == WHY


def test_a_reason_shows_facts_a_picture_and_no_word_and_each_look_is_logged(app, team):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    at.run()
    assert not at.exception
    said = words(at).replace("\\", "")
    assert "59 minutes left" in said
    assert "M-001, active" in said
    assert "1 session booked, 1 attended" in said
    assert not has(at, f"{key}_reason_reason")
    tables = " ".join(table.value.to_string() for table in at.table)
    assert "open for 21 days" in tables
    chart = at.get("plotly_chart")[0].proto
    assert "1 rupture, 1 still open" in chart.alt
    for shown in (said, tables, chart.spec):
        assert "words for nobody" not in shown
    assert looks(app, team) >= 1
    assert drafts.of(team["lead"].app.running.vault, owner=str(team["lead"].id)) == []


def test_what_was_shown_is_kept_nowhere(team):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    at.run()
    kept = repr(at.session_state)
    assert "monitor_" in kept
    assert "Facts(" not in kept
    assert "DataFrame" not in kept


def test_closed_it_is_no_look(app, team):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    at.run()
    before = looks(app, team)
    team["lead"].visits("monitor")
    assert looks(app, team) == before


@pytest.mark.parametrize("ended", ["hour", "role"])
def test_when_the_hour_or_the_role_ends_it_is_gone(app, team, ended):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    at.run()
    lead = team["lead"].id
    if ended == "hour":
        app.sql.execute("update public.reveals set asked_at = asked_at - interval '1 hour', ends_at = ends_at - interval '1 hour' where lead_id = %s", (lead,))  # fmt: skip
    else:
        app.sql.execute("update public.memberships set ends_on = current_date where person_id = %s", (lead,))
    at.run()
    assert not at.exception
    assert "minutes left" not in words(at)
    assert not at.get("plotly_chart")


def test_a_supervisor_is_offered_no_reason(team):
    key = key_of(team)
    at = team["supervisor"].visits("monitor")
    assert not at.exception
    assert "Detail, for a reason" not in words(at)
    assert key


@pytest.mark.parametrize(("role", "whose"), [("therapist", ""), ("supervisor", " (Ann Ash)")])
def test_those_concerned_read_on_home_who_looked_and_why(app, team, role, whose):
    key = key_of(team)
    assert "asked to see" not in words(team[role].visits("home"))
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    at.run()
    said = words(team[role].visits("home")).replace("\\", "")
    assert f"Lee Larch looked at **M-001**{whose} today at" in said
    assert f"“{WHY}”" in said
    app.sql.execute("update public.reveals set asked_at = now() - interval '31 days', ends_at = now() - interval '31 days' where lead_id = %s", (team["lead"].id,))  # fmt: skip
    assert "Lee Larch" not in words(team[role].visits("home"))


def test_another_therapist_is_told_nothing(app, team):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    press(at, f"{key}_reason_save")
    other = app.person("therapist", name="Ben Birch", team=team["lead"].team)
    assert "Lee Larch" not in words(other.visits("home"))


def test_nothing_is_asked_while_the_database_is_away_and_the_reason_stays(app, team):
    key = key_of(team)
    at = write(opened(team["lead"], key), f"{key}_reason_reason", WHY)
    app.loses_the_database()
    press(at, f"{key}_reason_save")
    assert not at.exception
    assert drafts.of(team["lead"].app.running.vault, owner=str(team["lead"].id))
    assert app.sql.execute("select count(*) from public.reveals where lead_id = %s", (team["lead"].id,)).fetchone() == (0,)  # fmt: skip
