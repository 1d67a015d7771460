"""Thresholds: what others would do to today's flags, and the history of changes."""

from dataclasses import fields, replace
from uuid import uuid4

import pytest

from services import teams, thresholds
from services.errors import NotAllowed
from services.teams import RANGES, TeamSettings
from services.thresholds import Effect
from services.vocabulary import THRESHOLDS


@pytest.fixture
def team(clinic, sql):
    """A team with two cases of Alice's that have been silent for 15 and for 30 days, and nothing else."""
    made = uuid4()
    sql.execute(
        "insert into public.teams (id, clinic_id, name) select %s, clinic_id, %s from public.teams where id = %s",
        (made, f"Team {made.hex[:6]}", clinic.team),
    )
    sql.execute("insert into public.team_settings (team_id) values (%s)", (made,))
    for who, role in (("ada", "admin"), ("alice", "therapist"), ("lee", "lead")):
        sql.execute(
            "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, %s, current_date - 60)",
            (clinic.people[who], made, role),
        )
    for code, days in (("TH-15", 15), ("TH-30", 30)):
        sql.execute(
            "insert into public.cases (therapist_id, id, team_id, code, started_on) values (%s, %s, %s, %s, current_date - %s)",
            (clinic.people["alice"], uuid4(), made, f"{code}{made.int % 1000:03}", days),
        )
    return made


def test_every_threshold_has_a_word_and_a_range():
    assert set(THRESHOLDS) == set(RANGES) == {field.name for field in fields(TeamSettings)}


def effects(clinic, team, **changes) -> dict[str, Effect]:
    now = teams.settings(clinic.as_("ada"), team=team)
    found = thresholds.preview(clinic.as_("ada"), team=team, settings=replace(now, **changes))
    return {effect.rule: effect for effect in found}


def test_what_would_come_go_and_stay_is_counted_rule_by_rule(clinic, team):
    assert effects(clinic, team)["R10"] == Effect("R10", stay=1, come=0, go=0)
    assert effects(clinic, team, silence_days=14)["R10"] == Effect("R10", stay=1, come=1, go=0)
    assert effects(clinic, team, silence_days=29)["R10"] == Effect("R10", stay=1, come=0, go=0)
    assert effects(clinic, team, silence_days=30)["R10"] == Effect("R10", stay=0, come=0, go=1)


def test_looking_changes_nothing_and_saving_does_what_was_shown(clinic, team):
    assert effects(clinic, team, silence_days=14)["R10"].come == 1
    assert teams.settings(clinic.as_("ada"), team=team) == TeamSettings()
    assert thresholds.history(clinic.as_("ada"), team=team) == []
    teams.change(clinic.as_("ada"), team=team, settings=TeamSettings(silence_days=14))
    assert effects(clinic, team)["R10"] == Effect("R10", stay=2, come=0, go=0)


@pytest.mark.parametrize("who", ["alice", "lee", "otto"])
def test_only_the_administrator_tries_other_thresholds(clinic, team, who):
    with pytest.raises(NotAllowed):
        thresholds.preview(clinic.as_(who), team=team, settings=TeamSettings())


def test_each_change_is_kept_newest_first_with_who_and_what(clinic, team, sql):
    teams.change(clinic.as_("ada"), team=team, settings=TeamSettings(silence_days=14))
    teams.change(clinic.as_("ada"), team=team, settings=TeamSettings(silence_days=14, discuss_days=30))
    sql.execute("update public.team_settings set safe_min_entries = 6 where team_id = %s", (team,))
    found = thresholds.history(clinic.as_("ada"), team=team)
    assert [(change.by, dict(change.values)) for change in found] == [
        (None, {"safe_min_entries": (5, 6)}),
        ("Ada", {"discuss_days": (28, 30)}),
        ("Ada", {"silence_days": (21, 14)}),
    ]
    assert len(thresholds.history(clinic.as_("alice"), team=team)) == 3
    assert thresholds.history(clinic.as_("otto"), team=team) == []


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ([], "Today’s flags would stay as they are: no flag."),
        ([(3, 0, 0)], "Today’s flags would stay as they are: 3 flags."),
        ([(2, 1, 0)], "Today, 1 flag would come up; 2 flags would stay."),
        (
            [(0, 0, 2), (1, 3, 0)],
            "Today, 3 flags would come up and 2 flags would go down; 1 flag would stay.",
        ),
    ],
)
def test_the_effect_in_words(counts, says):
    assert thresholds.in_words([Effect("R1", *count) for count in counts]) == says
