"""Weekly reflections: changed until they are read, on the version that stands; one for a week, once it has begun."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.database.operations import good, refusal, stored
from tests.database.scene import ident


def test_a_reflection_is_handed_in_and_changed_until_it_is_read(undone, done, send, scene):
    reflection = UUID(done("reflection.hand_in")["entity"])

    def now() -> tuple:
        (row,) = stored(undone, "reflections", id=reflection)
        parts = {
            p["part"]: (p["content"], p["shared"])
            for p in stored(undone, "reflection_parts", reflection_id=reflection)
        }
        return (
            row["version"],
            parts,
            {r["cause"]: r["rating"] for r in stored(undone, "ratings", reflection_id=reflection)},
        )

    private, strength = {"value": "only mine"}, {"value": "patience"}
    assert now() == (
        1,
        {
            "strength": (strength, True),
            "private_text": (private, False),
            "frustration": ({"value": 3}, False),
        },
        {4: 2, 5: None},
    )
    done(
        "reflection.hand_in",
        entity=reflection,
        based_on=1,
        ratings={"4": 4},
        parts={"strength": {"value": "patience", "shared": False}},
    )
    assert now() == (2, {"strength": (strength, False)}, {4: 4})
    done("reflection.read", by="sue", entity=reflection)
    (row,) = stored(undone, "reflections", id=reflection)
    assert row["read_by"] == scene.people["sue"]
    late = good("reflection.hand_in", scene, entity=reflection, based_on=2)
    assert send(scene.people["alice"], late)[0]["code"] == "SX004"
    assert now() == (2, {"strength": (strength, False)}, {4: 4})


def test_a_second_reading_keeps_the_first(undone, done, scene):
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'supervisor')",
        (scene.people["nina"], scene.teams["north"]),
    )
    for reader in ("sue", "nina"):
        done("reflection.read", by=reader)
    assert stored(undone, "reflections", id=ident("alice", "open"))[0]["read_by"] == scene.people["sue"]


@pytest.mark.parametrize("based_on", [0, 1, 3, 99])
def test_a_change_must_build_on_the_version_that_stands(undone, done, send, scene, based_on: int):
    reflection = done("reflection.hand_in")["entity"]
    done("reflection.hand_in", entity=reflection, based_on=1)
    (answer,) = send(
        scene.people["alice"],
        good("reflection.hand_in", scene, entity=reflection, based_on=based_on, parts={}),
    )
    assert (answer["state"], answer["code"]) == ("refused", "SX409")
    assert len(stored(undone, "reflection_parts", reflection_id=UUID(reflection))) == 3


def test_a_reflection_keeps_its_team_and_its_week(undone, done, send, scene):
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
        (scene.people["alice"], scene.teams["south"]),
    )
    sent = done("reflection.hand_in")
    for change in ({"week": str(scene.monday - timedelta(weeks=5))}, {"team": scene.teams["south"]}):
        again = good("reflection.hand_in", scene, entity=UUID(sent["entity"]), based_on=1, **change)
        assert send(scene.people["alice"], again)[0]["code"] == "SX400"


def test_there_is_one_reflection_for_a_week(done, send, scene):
    done("reflection.hand_in")
    assert send(scene.people["alice"], good("reflection.hand_in", scene))[0]["code"] == "23505"


def test_what_was_read_stands_whatever_way_one_tries(undone, speaking, scene):
    read = ident("alice", "read")
    team, who, week = scene.teams["north"], scene.people["alice"], scene.monday - timedelta(weeks=2)
    with speaking(who) as db:
        for statement in (
            "update public.reflections set behaviours = '{}', version = 9",
            "update public.reflection_parts set content = '{}'",
            "update public.ratings set rating = 0",
        ):
            assert (
                db.execute(
                    f"{statement} where {'id' if '.reflections' in statement else 'reflection_id'} = %s",
                    (read,),
                ).rowcount
                == 0
            )
        assert (
            db.execute("delete from public.reflection_parts where reflection_id = %s", (read,)).rowcount == 0
        )
        assert db.execute("delete from public.ratings where reflection_id = %s", (read,)).rowcount == 0
        part = "insert into public.reflection_parts (therapist_id, reflection_id, part, team_id, content) values (%s, %s, 'feelings', %s, '{}')"
        assert refusal(db, part, (who, read, team))[0] == "42501"
        rating = "insert into public.ratings (therapist_id, team_id, reflection_id, on_day, cause, rating) values (%s, %s, %s, %s, 6, 1)"
        assert refusal(db, rating, (who, team, read, week))[0] == "42501"


def test_a_week_opens_on_the_weekday_that_the_team_has_set(undone, send, scene):
    """With a day's grace, for clocks that are ahead of the server's."""
    today = scene.today
    for weeks, weekday in ((w, d) for w in (0, 1) for d in range(1, 8)):
        week = scene.monday + timedelta(weeks=weeks)
        undone.execute(
            "update public.team_settings set week_starts_on = %s where team_id = %s",
            (weekday, scene.teams["north"]),
        )
        with undone.transaction(force_rollback=True):
            (answer,) = send(scene.people["alice"], good("reflection.hand_in", scene, week=str(week)))
        begun = week + timedelta(days=weekday - 1) <= today + timedelta(days=1)
        assert answer["code"] == (None if begun else "SX002"), (week, weekday)
