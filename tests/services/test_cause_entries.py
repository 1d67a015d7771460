"""What the cause helper gets to see, on the real stack: the facts of one case, each with its entry, and nobody else's."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, cause_entries, episodes, ids, prompts, reflections, ruptures, weeks
from services.cause_facts import FACTS
from services.cause_rules import look
from services.prompt_facts import LIST_OF, NUMBER
from services.reflections import Part


def save(clinic, kind, params, *, who="carol", entity=None):
    """An operation of theirs as a form sends it, for entries whose form is another part's."""
    entity = entity or ids.new()
    clinic.outbox(who).accept(kind=kind, entity=entity, params=params)
    return UUID(entity)


def opened(clinic, who="carol", **more):
    box, found = clinic.outbox(who), cases.in_team(clinic.as_(who), team=clinic.team)
    op = cases.open(box, team=clinic.team, code=cases.new_code(c.code for c in found), **more)
    clinic.synced()
    return read(clinic, UUID(op.entity), who)


def read(clinic, case, who="carol"):
    return next(c for c in cases.in_team(clinic.as_(who), team=clinic.team) if c.id == case)


@pytest.fixture
def case(clinic):
    return opened(clinic, control_sensitivity=3)


def of(clinic, case, who="carol", *, today):
    return cause_entries.of_case(clinic.as_(who), case=case, today=today)


def about(entries, kind):
    return [entry for entry in entries if entry.about == kind]


def log(clinic, case, day, *, today, who="carol", **more):
    op = episodes.log(
        clinic.outbox(who), team=clinic.team, case=case.id, happened_on=day, today=today, **{"kind": "yes_but"} | more
    )  # fmt: skip
    return op.entity


def goal(clinic, case, today, *, set_by="together", importance=8, who="carol", days_ago=60):
    at = {"team": str(clinic.team), "case": str(case.id)}
    set_on = str(today - timedelta(days=days_ago))
    return save(
        clinic, "goal.set", at | {"set_by": set_by, "importance": importance, "set_on": set_on}, who=who
    )


def full(clinic, case, today):
    """One entry of every kind that a rule can ask about; the id of the episode."""
    at = {"team": str(clinic.team), "case": str(case.id)}
    week = weeks.monday(today) - timedelta(weeks=1)
    day, ago = week + timedelta(days=2), lambda days: str(week + timedelta(days=2 - days))
    episode = log(
        clinic, case, day, today=today, markers=["topic_avoided"], intensity=4, first_blame="client", next_move="insisted",
        named="not_yet", outside=["life_event"], ratings={2: 3, 4: None}, note="words of the episode",
    )  # fmt: skip
    target = goal(clinic, case, today)
    save(
        clinic,
        "goal.progress",
        {"id": ids.new(), "team": str(clinic.team), "on_day": ago(3), "progress": 2},
        entity=str(target),
    )
    task = save(
        clinic,
        "task.give",
        at | {"goal": None, "proposed_by": "therapist", "importance": 2, "agreed": False, "given_on": ago(9)},
    )
    save(
        clinic, "task.check", entity=str(task),
        params={"id": ids.new(), "team": str(clinic.team), "on_day": ago(1), "done": "none", "looked_at": False,
                "obstacle": {"id": ids.new(), "body": "words of the obstacle", "shared": False}},
    )  # fmt: skip
    save(
        clinic,
        "check_in.enter",
        at
        | {"on_day": ago(7), "goals": 3, "way_of_working": None, "relationship": 9, "guess": {"goals": 10}},
    )
    for field, ticked in (("fears", ["failure", "closeness"]), ("schemas", [])):
        save(
            clinic, "formulation.write",
            at | {"field": field, "based_on": 0, "written_on": ago(20), "ticked": ticked,
                  "words": {"id": ids.new(), "body": "words of the card", "shared": False}},
        )  # fmt: skip
    rupture = ruptures.open(
        clinic.outbox("carol"), team=clinic.team, case=case.id, kind="withdrawal", noticed_on=day, today=today, episode=UUID(episode)
    ).entity  # fmt: skip
    strategy = save(clinic, "strategy.start", at | {"started_on": ago(30)})
    save(
        clinic, "plan.review",
        at | {"reviewed_on": ago(28), "next_review_on": ago(2), "verdicts": {str(strategy): "not"}},
    )  # fmt: skip
    clinic.synced()
    assert clinic.outbox("carol").parked() == []
    return episode, rupture


def test_every_kind_of_entry_comes_with_its_facts_its_day_and_its_id(clinic, case, today):
    episode, rupture = full(clinic, case, today)
    found = of(clinic, case, today=today)
    assert {entry.about for entry in found} >= {kind for kind in FACTS if not kind.startswith("card.")} - {
        "reflection"
    }
    (one,) = about(found, "episode")
    assert (one.id, one.facts["markers"], one.facts["next_move"], one.ratings) == (
        episode, ("yes_but", "topic_avoided"), "insisted", {2: 3, 4: None},
    )  # fmt: skip
    assert about(found, "goal")[0].facts == {
        "goal_state": "open",
        "set_by": "together",
        "importance": 8,
        "progress": 2,
    }
    assert about(found, "task")[0].facts["agreed"] == "no"
    assert about(found, "look")[0].facts == {
        "proposed_by": "therapist",
        "importance": 2,
        "done": "none",
        "looked_at": "no",
    }
    assert about(found, "check_in")[0].facts == {"goals": 3, "relationship": 9}
    assert about(found, "card.fears")[0].facts == {"stands": "written", "fears": ["failure", "closeness"]}
    assert about(found, "rupture")[0].id == rupture
    assert about(found, "strategy")[0].facts == {"tried": "yes", "verdict": "not"}
    assert about(found, "plan")[0].facts["days_overdue"] >= 2
    assert about(found, "case")[0].facts == {"control_sensitivity": 3}


def test_what_is_read_fits_what_the_rules_may_ask(clinic, case, today):
    full(clinic, case, today)
    for entry in of(clinic, case, today=today):
        for name, value in entry.facts.items():
            kind = FACTS[entry.about][name]
            for one in value if kind.shape == LIST_OF else [value]:
                assert isinstance(one, int) if kind.shape == NUMBER else one in kind.choices


def test_no_words_and_no_guess_are_among_the_facts(clinic, case, today):
    full(clinic, case, today)
    said = repr([(entry.facts, entry.title) for entry in of(clinic, case, today=today)])
    assert "words of" not in said
    assert "10" not in repr(about(of(clinic, case, today=today), "check_in")[0].facts)


def test_a_supervisor_finds_the_same_facts_and_a_colleague_none(clinic, case, today):
    full(clinic, case, today)
    mine, seen = (look(of(clinic, case, who, today=today)) for who in ("carol", "sue"))
    assert [[line.rule.id for line in view.speaks_for] for view in mine] == [
        [line.rule.id for line in view.speaks_for] for view in seen
    ]
    for who in ("dan", "lee", "otto"):
        assert [entry.about for entry in of(clinic, case, who, today=today)] == [
            "case"
        ]  # which was handed in


def test_nothing_of_another_case_or_another_therapist_is_used(clinic, case, today):
    """Same team, same weeks, everything else filled in: the view of this case stays empty."""
    other = opened(clinic)
    full(clinic, other, today)
    dans = opened(clinic, "dan")
    log(clinic, dans, today, today=today, who="dan", next_move="insisted")
    goal(clinic, dans, today, who="dan")
    clinic.synced()
    assert [entry.about for entry in of(clinic, case, today=today)] == ["case"]
    assert {entry.about for entry in of(clinic, dans, "sue", today=today)} == {"case", "episode", "goal"}


def handed(clinic, today, week, parts, who="carol"):
    standing = reflections.of_week(clinic.as_(who), therapist=clinic.people[who], team=clinic.team, week=week)
    reflections.hand_in(
        clinic.outbox(who), therapist=clinic.people[who], team=clinic.team, week=week, ratings={6: 4}, parts=parts, today=today,
        behaviours=["eye_contact"], based_on=standing.version if standing else 0,
    )  # fmt: skip
    clinic.synced()


PARTS = {
    "frustration": Part(4), "feelings": Part(["distant"], shared=True), "avoided_topic": Part("money"),
    "expectation": Part({"whose": "mine", "realistic": "no"}), "support": Part({"used": ["colleague"]}),
    "reframes": Part({"used": ["repair_heals"]}), "not_brought": Part("the fee"), "private_text": Part("nobody"),
}  # fmt: skip


def test_of_reflections_those_of_weeks_with_an_episode_count_and_a_supervisor_gets_shared_parts(
    clinic, case, today
):
    week = weeks.monday(today) - timedelta(weeks=7)
    handed(clinic, today, week, PARTS)
    assert about(of(clinic, case, today=today), "reflection") == []
    log(clinic, case, week + timedelta(days=6), today=today)
    clinic.synced()
    (mine,) = about(of(clinic, case, today=today), "reflection")
    (seen,) = about(of(clinic, case, "sue", today=today), "reflection")
    assert (mine.day, mine.ratings, mine.facts["ticked"]) == (week, {6: 4}, ("eye_contact",))
    assert "eye_contact" not in mine.facts["unticked"]
    assert {name: mine.facts[name] for name in ("frustration", "avoided_topic", "expectation_whose", "support")} == {
        "frustration": 4, "avoided_topic": "written", "expectation_whose": "mine", "support": ["colleague"],
    }  # fmt: skip
    assert set(seen.facts) == {"ticked", "unticked", "feelings"}
    assert not any("the fee" in repr(entry.facts) or "nobody" in repr(entry.facts) for entry in (mine, seen))


def test_around_an_episode_is_what_was_there_shortly_before_and_what_stands(clinic, case, today):
    episode, rupture = full(clinic, case, today)
    later = log(clinic, case, today, today=today, next_move="asked")
    goal(clinic, case, today, set_by="therapist", days_ago=0)
    at = {"team": str(clinic.team), "case": str(case.id)}
    save(clinic, "check_in.enter", at | {"on_day": str(today - timedelta(days=200)), "goals": 1})
    clinic.synced()
    found = of(clinic, case, today=today)
    near = cause_entries.around(found, episode)
    assert [entry.id for entry in about(near, "episode")] == [episode]
    assert [entry.facts["set_by"] for entry in about(near, "goal")] == ["together"]
    assert [entry.facts["goals"] for entry in about(near, "check_in")] == [3]
    assert [entry.id for entry in about(near, "rupture")] == [rupture]
    assert {entry.about for entry in near} >= {"case", "look", "task", "strategy", "card.fears"}
    assert "plan" not in {entry.about for entry in near}
    assert [entry.id for entry in cause_entries.episodes_among(found)] == [later, episode]
    assert cause_entries.around(found, str(uuid4())) == []


# Prompts on cause 4


@pytest.mark.parametrize(
    ("whose", "shared"), [((), "none_on_record"), (("therapist",), "no"), (("therapist", "client"), "yes")]
)
def test_a_prompts_facts_say_whether_an_open_goal_is_shared(clinic, case, today, whose, shared):
    for one in whose:
        goal(clinic, case, today, set_by=one)
    log(clinic, case, today, today=today)
    clinic.synced()
    (episode,) = [
        e for e in episodes.recent(clinic.as_("sue"), team=clinic.team, limit=200) if e.case == case.id
    ]
    assert prompts.facts_of_episode(clinic.as_("sue"), episode, today=today)["goals_shared"] == shared


def test_a_goal_that_was_reached_is_shared_no_more(clinic, case, today):
    target = goal(clinic, case, today)
    save(clinic, "goal.amend", {"state": "reached"}, entity=str(target))
    log(clinic, case, today, today=today)
    clinic.synced()
    (episode,) = [
        e for e in episodes.recent(clinic.as_("sue"), team=clinic.team, limit=200) if e.case == case.id
    ]
    assert prompts.facts_of_episode(clinic.as_("sue"), episode, today=today)["goals_shared"] == "no"
