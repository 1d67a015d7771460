"""What supervisors, leads and administrators ask about a team: who is here, trends, oversight and thresholds."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pandas as pd
import pytest

from services import cases, episodes, oversight, people, reflections, ruptures, teams, trends, weeks
from services.errors import NotAllowed, Refused
from services.trends import Trends

THERAPISTS = ("alice", "bob", "carol", "dan")


@pytest.fixture(scope="module")
def busy_team(clinic, sql):
    """A team of its own: fourteen complete weeks in which four therapists logged, and some ruptures opened."""
    today, team = date.today(), uuid4()
    sql.execute(
        "insert into public.teams (id, clinic_id, name) select %s, clinic_id, 'Busy' from public.teams where id = %s",
        (team, clinic.team),
    )
    sql.execute("insert into public.team_settings (team_id) values (%s)", (team,))
    sql.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on)"
        " select person_id, %s, role, starts_on from public.memberships where team_id = %s",
        (team, clinic.team),
    )
    clinic = replace(clinic, team=team)
    for place, who in enumerate(THERAPISTS):
        box = clinic.outbox(who)
        case = cases.open(box, team=clinic.team, code=f"TV-{place}00{place}").entity
        for back in range(14, 0, -1):
            week = weeks.monday(today) - timedelta(weeks=back)
            for kind, blame in (("withdrawal", "client"), ("stalled", "neither")):
                episodes.log(
                    box, team=clinic.team, case=case, happened_on=week + timedelta(days=1), kind=kind, first_blame=blame, today=today,
                    ratings={1: 4 if back < 7 else 1, 2: None},
                )  # fmt: skip
            if back % 2:
                ruptures.open(box, team=clinic.team, case=case, kind="mixed", noticed_on=week, today=today)
    clinic.synced()
    assert all(not clinic.outbox(who).parked() for who in THERAPISTS)
    return clinic


def test_people_know_who_they_are(clinic):
    sue = people.me(clinic.as_("sue"))
    assert (sue.id, sue.name, sue.clinic) == (clinic.people["sue"], "Sue", "Small clinic")
    assert sue.teams_as("supervisor", "lead")[clinic.team] == "Here"
    assert sue.is_a("supervisor")
    assert not sue.is_a("therapist")


def test_somebody_the_clinic_does_not_know_is_nobody(sign_in):
    assert people.me(sign_in("stranger@small.example.org")) is None


def seen_by(clinic, who, today, **more) -> Trends:
    return trends.team(
        clinic.as_(who), team=clinic.team, since=today - timedelta(weeks=26), today=today, **more
    )


def test_the_safe_view_is_the_same_for_therapist_supervisor_and_lead(busy_team, today):
    views = [seen_by(busy_team, who, today) for who in ("alice", "sue", "lee")]
    for frame in ("causes", "blame", "kinds", "ruptures", "reflections"):
        assert len({getattr(view, frame).to_json() for view in views}) == 1
    assert not views[0].empty
    assert views[0].through == weeks.monday(today)
    assert not views[0].too_few_weeks


@pytest.mark.parametrize("who", ["ada", "otto"])
def test_others_see_no_trends(busy_team, today, who):
    with pytest.raises(NotAllowed):
        seen_by(busy_team, who, today)


@pytest.mark.parametrize("who", ["alice", "lee", "ada", "otto"])
def test_exact_values_are_for_supervisors_of_the_team(busy_team, today, who):
    with pytest.raises(NotAllowed):
        seen_by(busy_team, who, today, exact=True)


def test_exact_values_are_every_week_as_it_was(busy_team, today):
    exact = seen_by(busy_team, "sue", today, exact=True)
    last_week = weeks.monday(today) - timedelta(weeks=1)
    causes = exact.causes[(exact.causes["period_start"] == last_week) & (exact.causes["cause"] == 1)]
    assert causes[["mean", "n"]].to_numpy().tolist() == [[4.0, 8]]
    kinds = exact.kinds[exact.kinds["period_start"] == last_week].set_index("kind")["n"].to_dict()
    assert (kinds["withdrawal"], kinds["stalled"]) == (4, 4)
    blame = exact.blame[exact.blame["period_start"] == last_week].set_index("blame")["share"].to_dict()
    assert blame == {"client": 0.5, "neither": 0.5}
    row = exact.ruptures[exact.ruptures["period_start"] == last_week].iloc[0]
    assert (row["opened"], row["open_at_end"]) == (4, 28)


def test_ratings_nobody_could_give_are_a_gap_and_not_a_zero(busy_team, today):
    assert 2 not in set(seen_by(busy_team, "sue", today, exact=True).causes["cause"])


def test_a_rise_is_counted_in_weeks_from_the_end():
    starts = [date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21), date(2026, 10, 5), date(2026, 10, 12)]
    ends = [*starts[1:], date(2026, 10, 19)]
    frame = pd.DataFrame({"cause": 1, "period_start": starts, "period_end": ends, "mean": [3, 1, 2, 2.5, 3]})
    assert trends.rising(frame, 1) == 4  # two weeks shown together, and two more
    assert trends.rising(frame, 2) == 0
    assert trends.rising(frame.iloc[:1], 1) == 0


def test_an_empty_team_has_empty_trends(clinic, today):
    view = trends.team(
        clinic.as_("otto"), team=clinic.elsewhere, since=today - timedelta(weeks=4), today=today
    )
    assert view.empty
    assert view.too_few_weeks
    assert list(view.ruptures) == ["period_start", "period_end", "opened", "closed", "open_at_end"]


def test_own_weeks_are_ones_own_ratings_of_reflections(busy_team, today):
    week = weeks.monday(today) - timedelta(weeks=8)
    reflections.hand_in(
        busy_team.outbox("bob"), therapist=busy_team.people["bob"], team=busy_team.team, week=week, ratings={1: 3, 2: None}, behaviours=[],
        parts={}, based_on=0, today=today,
    )  # fmt: skip
    busy_team.synced()
    mine = trends.own_weeks(
        busy_team.as_("bob"),
        team=busy_team.team,
        therapist=busy_team.people["bob"],
        since=today - timedelta(weeks=12),
    )
    assert mine.astype(object).where(mine.notna(), None).to_numpy().tolist() == [
        [week, 1, 3],
        [week, 2, None],
    ]
    assert trends.own_weeks(
        busy_team.as_("otto"), team=busy_team.team, therapist=busy_team.people["bob"], since=week
    ).empty


def test_a_lead_sees_counts_and_waiting_ruptures_by_code(busy_team):
    team = next(team for team in oversight.teams(busy_team.as_("lee")) if team.team == busy_team.team)
    assert (team.team_name, team.therapists) == ("Busy", 4)
    assert (team.ruptures_open, team.ruptures_waiting) == (28, 24)
    assert team.oldest_days >= 90
    waiting = oversight.waiting_ruptures(busy_team.as_("lee"), team=busy_team.team)
    assert len(waiting) == team.ruptures_waiting
    assert waiting == sorted(waiting, key=lambda r: -r.days_waiting)
    assert waiting[0].code.startswith("TV-")


@pytest.mark.parametrize("who", ["alice", "sue", "ada", "otto"])
def test_oversight_is_for_leads(busy_team, who):
    assert oversight.teams(busy_team.as_(who)) == []
    with pytest.raises(NotAllowed):
        oversight.waiting_ruptures(busy_team.as_(who), team=busy_team.team)


def test_an_administrator_sets_thresholds_and_everybody_reads_them(clinic):
    before = teams.settings(clinic.as_("alice"), team=clinic.team)
    teams.change(clinic.as_("ada"), team=clinic.team, settings=replace(before, rupture_open_days=21))
    assert teams.settings(clinic.as_("alice"), team=clinic.team).rupture_open_days == 21
    teams.change(clinic.as_("ada"), team=clinic.team, settings=before)


@pytest.mark.parametrize("who", ["alice", "sue", "lee", "otto"])
def test_nobody_else_sets_thresholds(clinic, who):
    with pytest.raises(NotAllowed):
        teams.change(clinic.as_(who), team=clinic.team, settings=teams.TeamSettings(rupture_open_days=2))


def test_thresholds_stay_within_their_ranges(clinic):
    with pytest.raises(Refused, match="Therapists behind each value goes from 3 to 20"):
        teams.change(clinic.as_("ada"), team=clinic.team, settings=teams.TeamSettings(safe_min_therapists=1))


def test_sessions_go_up_from_watch_to_look_first(clinic):
    with pytest.raises(Refused, match="go up from watch to review"):
        teams.change(clinic.as_("ada"), team=clinic.team, settings=teams.TeamSettings(sessions_review=10))


def test_a_team_without_settings_has_the_defaults(clinic):
    assert teams.settings(clinic.as_("alice"), team=uuid4()) == teams.TeamSettings()
