"""The monitor: what leads and supervisors see of their teams, filters, pages, figures, and what can be taken out of it."""

import csv
import io
from datetime import date
from uuid import UUID, uuid4

import pytest

from dashboard.monitor import exports, filters, summary
from services import flags
from services.errors import NotAllowed
from tests.pages.conftest import App, Somebody, has, pick, today, words


def put_cases(
    app: App, team: UUID, therapist: UUID, count: int, *, waits: int = 20, prefix: str = "M"
) -> None:
    """So many cases, each with a rupture that has waited for `waits` days and one more each; a session was today."""
    app.sql.execute(
        """
        with made as (insert into public.cases (therapist_id, id, team_id, code, started_on)
          select %(who)s, gen_random_uuid(), %(team)s, %(prefix)s || '-' || lpad(g::text, 3, '0'), current_date - 20 from generate_series(1, %(n)s) g
          returning id, code),
        held as (insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on, attendance)
          select %(who)s, gen_random_uuid(), %(team)s, m.id, 1, current_date, 'attended' from made m)
        insert into public.ruptures (therapist_id, id, team_id, case_id, kind, noticed_on)
        select %(who)s, gen_random_uuid(), %(team)s, m.id, 'mixed', current_date - %(waits)s - right(m.code, 3)::int %% 30 from made m
        """,
        {"who": therapist, "team": team, "n": count, "waits": waits, "prefix": prefix},
    )


@pytest.fixture
def team(app: App) -> dict[str, Somebody]:
    """A team with a therapist, a supervisor and a lead, and nothing in it yet."""
    home = app.team()
    names = {"therapist": "Ann Ash", "supervisor": "Sue Spruce", "lead": "Lee Larch"}
    return {role: app.person(role, name=name, team=home) for role, name in names.items()}


def home(team) -> UUID:
    return team["lead"].team


def cards(at) -> list[str]:
    return [one.value.replace("\\", "") for one in at.subheader]


def test_a_therapist_has_no_such_page(team):
    with pytest.raises(ValueError, match="monitor"):
        team["therapist"].visits("monitor")


def test_an_empty_team_says_what_no_flag_means(team):
    at = team["lead"].visits("monitor")
    assert not at.exception
    said = words(at).replace("\\", "")
    assert "No case has a flag up today." in said
    assert "No flag is up" in said
    assert not has(at, "monitor_csv")


@pytest.mark.parametrize("role", ["lead", "supervisor"])
def test_a_case_says_why_since_when_who_is_on_it_and_what_clears_it(app, team, role):
    put_cases(app, home(team), team["therapist"].id, 1)
    at = team[role].visits("monitor")
    assert not at.exception
    said = words(at).replace("\\", "")
    assert "1 case has a flag up in 1 team." in said
    assert cards(at) == ["M-001 · Ann Ash"]
    for part in (
        "Review** · for 6 days", "4 Open rupture waits + 1 Formulation gaps = 5 points", "had no repair step for 21 days; the team allows 14",
        "Nobody has been asked yet", "No action open", "Not discussed yet", "A repair step, or the close of the rupture.", "R5, version 1",
        "not a risk score",
    ):  # fmt: skip
        assert part in said, part


def test_sixty_cases_come_in_pages_of_twenty_five_and_each_once(app, team):
    put_cases(app, home(team), team["therapist"].id, 60)
    at = team["lead"].visits("monitor")
    assert not at.exception
    seen = cards(at)
    assert len(seen) == 25
    key = f"monitor_page_{asked(team).name}"
    for page in (2, 3):
        at.session_state[key] = page
        at.run()
        assert not at.exception
        seen += cards(at)
    assert len(seen) == len(set(seen)) == 60
    assert "To do: 60 cases" in words(at)


def test_a_page_beyond_the_end_leads_back_to_the_first(app, team):
    put_cases(app, home(team), team["therapist"].id, 30)
    at = team["lead"].visits("monitor")
    key = f"monitor_page_{asked(team).name}"
    at.session_state[key] = 2
    at.run()
    assert len(cards(at)) == 5
    app.sql.execute(
        "update public.cases set state = 'closed' where team_id = %s and code > 'M-003'", (home(team),)
    )
    at.run()
    assert not at.exception
    assert len(cards(at)) == 3


def test_filters_are_asked_of_the_database(app, team):
    put_cases(app, home(team), team["therapist"].id, 4, waits=14)  # up for 1 to 4 days
    put_cases(
        app, home(team), team["therapist"].id, 2, waits=40, prefix="N"
    )  # longer than twice what is allowed
    at = team["lead"].visits("monitor")
    assert len(cards(at)) == 6
    assert "2 are to be looked at first" in words(at)
    at.selectbox(key="monitor_severity").set_value("escalate").run()
    assert {card[:1] for card in cards(at)} == {"N"}
    at.selectbox(key="monitor_severity").set_value("unknown").run()
    at.selectbox(key="monitor_age").set_value(14).run()
    assert {card[:1] for card in cards(at)} == {"N"}
    at.selectbox(key="monitor_age").set_value(0).run()
    at.text_input(key="monitor_code").set_value("m-00").run()
    assert len(cards(at)) == 4
    at.text_input(key="monitor_code").set_value("").run()
    at.multiselect(key="monitor_rules").set_value(["R9"]).run()
    assert not at.exception
    assert cards(at) == []
    assert "Nothing fits these filters" in words(at)


def test_what_one_has_seen_leaves_the_own_list_and_stays_under_all_and_with_others(app, team):
    put_cases(app, home(team), team["therapist"].id, 1)
    lead = team["lead"]
    (case,) = flags.watched(lead.db, teams=[home(team)]).cases
    for flag in case.flags:
        flags.work(
            lead.outbox, team=case.team, therapist=case.therapist_id, case=case.case, flag=flag.id, kind="acknowledged", today=today()
        )  # fmt: skip
    lead.synced()
    at = lead.visits("monitor")
    assert "Nothing left to do in your list" in words(at)
    pick(at, "monitor_show", "all")
    assert cards(at) == ["M-001 · Ann Ash"]
    assert "you: seen" in words(at).replace("\\", "")
    assert cards(team["supervisor"].visits("monitor")) == ["M-001 · Ann Ash"]


def test_a_case_can_be_worked_on_where_it_stands(app, team):
    put_cases(app, home(team), team["therapist"].id, 1)
    at = team["lead"].visits("monitor")
    assert "What do you do?" not in words(at)  # it is not drawn for each case of a page
    (case,) = flags.watched(team["lead"].db, teams=[home(team)]).cases
    at.session_state[f"monitor_{case.case}_{case.therapist_id}_work"] = True
    at.run()
    assert not at.exception
    assert "What do you do?" in words(at)


def test_only_the_teams_picked_are_asked_for(app, team):
    other = app.team()
    somebody = app.person("therapist", name="Oda Oak", team=other)
    for role in ("lead", "supervisor"):
        app.sql.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, current_date - 9)",
            (team["lead"].id, other, role),
        )
    put_cases(app, home(team), team["therapist"].id, 2)
    put_cases(app, other, somebody.id, 1, prefix="O")
    at = team["lead"].visits("monitor")
    assert not at.exception
    assert "3 cases have a flag up in 2 teams" in words(at)
    at.multiselect(key="monitor_teams").set_value([other]).run()
    assert cards(at) == ["O-001 · Oda Oak"]


@pytest.mark.parametrize("role", ["lead", "supervisor"])
def test_the_course_shows_four_figures_with_their_words(app, team, role):
    put_cases(app, home(team), team["therapist"].id, 3)
    app.sql.execute(
        "insert into public.cases (therapist_id, id, team_id, code, started_on) values (%s, %s, %s, 'S-001', current_date - 27)",
        (team["therapist"].id, uuid4(), home(team)),
    )
    at = pick(team[role].visits("monitor"), "monitor_view", "course")
    assert not at.exception
    said = [chart.proto.alt for chart in at.get("plotly_chart")]
    assert len(said) == 4
    assert "3 cases stood still" in said[0]
    assert "gaps, not zero" in said[0]
    assert "not reached yet" in said[1]
    assert said[2].startswith("3 ruptures are open")
    assert "1 case has had no entry lately" in said[3]
    assert "S-001" in said[3]


def test_the_database_away_leaves_the_page_standing(app, team):
    put_cases(app, home(team), team["therapist"].id, 1)
    at = team["lead"].visits("monitor")
    app.loses_the_database()
    at.run()
    assert not at.exception
    assert "What you see here is from before." in words(at)
    assert cards(at) == ["M-001 · Ann Ash"]


# --- what is taken out -------------------------------------------------------------------------------------------------


def asked(team, **more) -> filters.Asked:
    return filters.Asked(
        **{
            "teams": (home(team),),
            "rules": (),
            "show": "to_do",
            "at_least": None,
            "least_days": 0,
            "code": "",
            **more,
        }
    )


def exports_of(app: App, team) -> list[tuple]:
    return app.sql.execute(
        "select actor_id, table_name from public.audit_log where action = 'export' and team_id = %s order by id", (home(team),)
    ).fetchall()  # fmt: skip


def test_the_file_holds_the_whole_list_as_filtered_and_is_logged(app, team, monkeypatch):
    put_cases(app, home(team), team["therapist"].id, 30)
    monkeypatch.setattr(flags, "MOST", 7)  # several pages
    content = exports.csv_of(team["lead"].db, asked(team), today=today())
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert sorted(row["Case"] for row in rows) == [f"M-{n:03}" for n in range(1, 31)]
    assert {row["Therapist"] for row in rows} == {"Ann Ash"}
    assert rows[0]["Days"] == str((today() - date.fromisoformat(rows[0]["Since"])).days)
    few = exports.csv_of(team["lead"].db, asked(team, code="M-00"), today=today())
    assert len(few.decode().strip().splitlines()) == 10
    assert exports_of(app, team) == [(team["lead"].id, "monitor_list")] * 2


def test_the_month_becomes_a_pdf_and_is_logged(app, team):
    put_cases(app, home(team), team["therapist"].id, 3)
    made = exports.pdf_of(team["supervisor"].db, (home(team),), today(), today=today())
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert exports_of(app, team) == [(team["supervisor"].id, "monthly_summary")]


@pytest.mark.parametrize("taken", ["list", "month"])
def test_nobody_else_takes_anything_out_and_nothing_is_logged(app, team, taken):
    put_cases(app, home(team), team["therapist"].id, 1)
    with pytest.raises(NotAllowed):
        if taken == "list":
            exports.csv_of(team["therapist"].db, asked(team), today=today())
        else:
            exports.pdf_of(team["therapist"].db, (home(team),), today(), today=today())
    assert exports_of(app, team) == []


def test_the_page_offers_the_month_and_the_list(app, team):
    put_cases(app, home(team), team["therapist"].id, 2)
    at = team["lead"].visits("monitor")
    assert [one.proto.label for one in at.get("download_button")] == [
        "Download the list as filtered (2 cases, CSV)", "Make the PDF"
    ]  # fmt: skip
    assert summary.TEMPLATE.exists()


def test_early_in_the_day_the_list_says_how_many_cases_are_still_to_be_looked_at_and_goes_on(app, team):
    put_cases(app, home(team), team["therapist"].id, 620)
    at = team["lead"].visits("monitor")
    assert "120 cases are still being looked at for today." in words(at)
    assert len(cards(at)) > 0
    at.run()
    assert "still being looked at" not in words(at)
    assert "620 cases" in words(at)
