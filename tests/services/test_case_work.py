"""What therapists write, all the way: service → outbox → sync → database → back to the people who may read it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, episodes, prompts, reflections, ruptures, weeks
from services.errors import Refused
from services.reflections import Part


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    taken = [
        c.code for c in cases.mine(clinic.as_("alice"), therapist=clinic.people["alice"], team=clinic.team)
    ]
    opened = cases.open(
        clinic.outbox("alice"), team=clinic.team, code=cases.new_code(taken), control_sensitivity=3
    )
    clinic.synced()
    return UUID(opened.entity)


def logged(clinic, case, today, **more):
    """An episode of Alice's as she reads it back."""
    operation = episodes.log(
        clinic.outbox("alice"),
        team=clinic.team,
        case=case,
        happened_on=today,
        today=today,
        **{"kind": "withdrawal"} | more,
    )
    clinic.synced()
    return episodes.find(
        clinic.as_("alice"),
        team=clinic.team,
        therapist=clinic.people["alice"],
        episode=UUID(operation.entity),
    )


def rupture_of(clinic, case, today, **more):
    operation = ruptures.open(
        clinic.outbox("alice"), team=clinic.team, case=case, kind="withdrawal", today=today,
        **{"noticed_on": today - timedelta(days=20)} | more,
    )  # fmt: skip
    clinic.synced()
    return next(
        r for r in ruptures.open_in(clinic.as_("alice"), team=clinic.team) if r.id == UUID(operation.entity)
    )


def test_a_new_case_is_there_before_it_has_reached_the_database(clinic):
    box = clinic.outbox("alice")
    operation = cases.open(box, team=clinic.team, code=" zz-77 ")
    assert cases.opened_here([operation], team=clinic.team)[0].code == "ZZ-77"
    assert cases.opened_here([operation], team=clinic.team)[0].waiting
    assert cases.opened_here([operation], team=clinic.elsewhere) == []
    assert cases.opened_here([operation], team=clinic.team, known=[UUID(operation.entity)]) == []
    clinic.synced()
    found = [
        c
        for c in cases.mine(
            clinic.as_("alice"), therapist=clinic.people["alice"], team=clinic.team, waiting=[operation]
        )
        if c.code == "ZZ-77"
    ]
    assert [c.waiting for c in found] == [False]


def test_codes_are_random_and_new():
    assert cases.checked_code(cases.new_code()) not in {"", None}
    everything_but_one = {f"C-{n}" for n in range(1000, 10_000)} - {"C-4711"}
    assert cases.new_code(everything_but_one) == "C-4711"


@pytest.mark.parametrize(
    "name", ["Anna", "anna smith", "C-1", "ABCD-12", "1234", "", "C-12 ' or 1=1", "<script>", "C‑1234"]
)
def test_a_name_is_no_code(clinic, name):
    with pytest.raises(Refused, match="no names"):
        cases.open(clinic.outbox("alice"), team=clinic.team, code=name)


def test_the_case_written_about_last_comes_first(clinic, case, today):
    logged(clinic, case, today)
    mine = cases.mine(clinic.as_("alice"), therapist=clinic.people["alice"], team=clinic.team)
    days = [one.last_episode_on or date.min for one in mine]
    assert days == sorted(days, reverse=True)
    assert next(one for one in mine if one.id == case).last_episode_on == today


def test_a_closed_case_leaves_the_list(clinic, case):
    cases.amend(clinic.outbox("alice"), case=case, control_sensitivity=None)
    cases.amend(clinic.outbox("alice"), case=case, state="closed")
    clinic.synced()
    assert case not in [
        c.id for c in cases.mine(clinic.as_("alice"), therapist=clinic.people["alice"], team=clinic.team)
    ]


def test_kind_and_day_are_enough_for_an_episode(clinic, case, today):
    episode = logged(clinic, case, today)
    assert (episode.kind, episode.happened_on, episode.markers, episode.ratings, episode.note) == (
        "withdrawal",
        today,
        (),
        {},
        "",
    )


def test_everything_about_an_episode_comes_back(clinic, case, today):
    note = "Went quiet when we came to the exam. “Ja, aber …” 🌧 <script>alert(1)</script> مرحبا"
    episode = logged(
        clinic, case, today - timedelta(days=2), kind="yes_but", markers=["stalled", "yes_but", "stalled"], intensity=4,
        first_blame="myself", next_move="insisted", named="planned", outside=["life_event"], ratings={2: 4, 5: None}, note=note,
    )  # fmt: skip
    assert episode.markers == ("stalled",)  # the kind itself is not said twice
    assert (episode.intensity, episode.first_blame, episode.next_move, episode.named) == (
        4,
        "myself",
        "insisted",
        "planned",
    )
    assert (episode.outside, episode.ratings, episode.control_sensitivity) == (
        ("life_event",),
        {2: 4, 5: None},
        3,
    )
    assert (episode.note, episode.note_shared) == (note, False)
    assert episode in episodes.recent(clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"])


def test_a_supervisor_reads_the_facts_and_only_shared_words(clinic, case, today):
    kept, given = (
        logged(clinic, case, today, note="mine alone"),
        logged(clinic, case, today, note="for us", share_note=True),
    )
    seen = {e.id: e for e in episodes.recent(clinic.as_("sue"), team=clinic.team, limit=500)}
    assert (seen[kept.id].note, seen[kept.id].kind, seen[kept.id].therapist) == ("", "withdrawal", "Alice")
    assert seen[given.id].note == "for us"
    alices = {e.id for e in episodes.recent(clinic.as_("bob"), team=clinic.team, limit=500)} & set(seen)
    assert {kept.id, given.id} & alices == set()
    assert episodes.recent(clinic.as_("otto"), team=clinic.team) == []
    assert (
        episodes.find(clinic.as_("otto"), team=clinic.team, therapist=kept.therapist_id, episode=kept.id)
        is None
    )


def test_a_double_click_is_one_episode(clinic, case, today):
    box = clinic.outbox("alice")
    entity, op_id = str(uuid4()), str(uuid4())
    for _ in range(2):
        episodes.log(
            box,
            team=clinic.team,
            case=case,
            happened_on=today,
            kind="stalled",
            today=today,
            entity=entity,
            op_id=op_id,
        )
    clinic.synced()
    mine = episodes.recent(clinic.as_("alice"), team=clinic.team, limit=500)
    assert len([e for e in mine if str(e.id) == entity]) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": None}, "choose what happened"),
        ({"kind": "sulking"}, "not one of the choices"),
        ({"happened_on": date(2999, 1, 1)}, "has not come yet"),
        ({"happened_on": date(1999, 1, 1)}, "check the year"),
        ({"happened_on": None}, "missing"),
        ({"intensity": 6}, "from 1 to 5"),
        ({"intensity": True}, "from 1 to 5"),
        ({"ratings": {7: 1}}, "from 1 to 6"),
        ({"ratings": {1: 5}}, "from 0 to 4"),
        ({"markers": ["sulking"]}, "not one of the choices"),
        ({"first_blame": "mother"}, "not one of the choices"),
        ({"note": "x" * 10_000}, "10,000 characters; 300 fit"),
        ({"note": "a\x00b"}, "cannot be stored"),
    ],
)
def test_what_could_not_be_stored_is_a_sentence_at_once(clinic, today, wrong, sentence):
    given = {"kind": "other", "happened_on": today} | wrong
    with pytest.raises(Refused, match=sentence):
        episodes.log(clinic.outbox("alice"), team=clinic.team, case=uuid4(), today=today, **given)
    assert clinic.outbox("alice").status().waiting == 0


def test_somebody_elses_case_is_refused_and_parked_with_a_reason(clinic, case, today):
    operation = episodes.log(
        clinic.outbox("bob"), team=clinic.team, case=case, happened_on=today, kind="other", today=today
    )
    clinic.synced()
    parked = clinic.outbox("bob").find(operation.op_id)
    assert parked.state == "parked"
    assert "not there" in parked.reason
    assert "violates" not in parked.reason
    clinic.outbox("bob").discard(operation.op_id)


# Reflections


def handed(clinic, week, *, today, based_on=0, who="alice", parts=None, ratings=None, **more):
    reflections.hand_in(
        clinic.outbox(who), therapist=clinic.people[who], team=clinic.team, week=week, ratings=ratings or {1: 2, 6: None},
        behaviours=["eye_contact", "matching"], parts=parts or {}, based_on=based_on, today=today, **more,
    )  # fmt: skip
    clinic.synced()
    return reflections.of_week(clinic.as_(who), therapist=clinic.people[who], team=clinic.team, week=week)


EVERYTHING = {
    "frustration": Part(4), "let_go": Part("that he calls first", shared=True), "strength": Part("I waited"),
    "expectation": Part({"whose": "mine", "realistic": "no", "text": "faster"}), "feelings": Part(["irritated", "close"]),
    "reframes": Part({"used": ["repair_heals"], "helped": "yes"}), "support": Part({"used": ["colleague"], "text": "tea"}),
    "intention": Part("ask first"), "avoided_topic": Part("money"), "shared_text": Part("please read", shared=True),
    "private_text": Part("nobody", shared=True), "not_brought": Part("the fee", shared=True),
}  # fmt: skip


def test_a_reflection_comes_back_whole_to_its_author_and_in_shared_parts_to_the_supervisor(clinic, today):
    week = weeks.monday(today) - timedelta(weeks=1)
    mine = handed(clinic, week, today=today, parts=EVERYTHING)
    assert {name: part.value for name, part in mine.parts.items()} == {
        name: part.value for name, part in EVERYTHING.items()
    }
    assert (mine.ratings, mine.behaviours, mine.version, mine.read_at) == (
        {1: 2, 6: None},
        ("eye_contact", "matching"),
        1,
        None,
    )
    seen = reflections.of_week(
        clinic.as_("sue"), therapist=clinic.people["alice"], team=clinic.team, week=week
    )
    assert set(seen.parts) == {"let_go", "shared_text"}
    assert seen.ratings == mine.ratings
    for other in ("bob", "lee", "ada", "otto"):
        assert reflections.handed_in(clinic.as_(other), team=clinic.team, since=week, until=week) == []


def test_a_reflection_changes_until_it_is_read_and_then_stands(clinic, today):
    week = weeks.monday(today) - timedelta(weeks=2)
    handed(clinic, week, today=today, parts={"strength": Part("first"), "intention": Part("gone")})
    changed = handed(
        clinic, week, today=today, based_on=1, parts={"strength": Part("second", shared=True)}, ratings={1: 4}
    )
    assert (changed.version, changed.parts, changed.ratings) == (
        2,
        {"strength": Part("second", shared=True)},
        {1: 4},
    )
    reflections.mark_read(clinic.outbox("sue"), therapist=clinic.people["alice"], reflection=changed.id)
    clinic.synced()
    again = handed(clinic, week, today=today, based_on=2, parts={"strength": Part("third")})
    assert again.parts["strength"].value == "second"
    assert again.read_at is not None
    parked = clinic.outbox("alice").parked()
    assert [op.code for op in parked] == ["SX004"]
    clinic.outbox("alice").discard(parked[0].op_id)


def test_a_change_from_an_older_version_is_not_written_over_a_newer_one(clinic, today):
    week = weeks.monday(today) - timedelta(weeks=3)
    handed(clinic, week, today=today)
    handed(clinic, week, today=today, based_on=1, ratings={1: 1})
    stands = handed(clinic, week, today=today, based_on=1, ratings={1: 3})
    assert stands.ratings == {1: 1}
    (parked,) = clinic.outbox("alice").parked()
    assert parked.code == "SX409"
    clinic.outbox("alice").discard(parked.op_id)


def test_only_a_supervisor_marks_a_reflection_as_read(clinic, today):
    week = weeks.monday(today) - timedelta(weeks=4)
    mine = handed(clinic, week, today=today)
    for other in ("alice", "bob", "lee", "otto"):
        operation = reflections.mark_read(
            clinic.outbox(other), therapist=clinic.people["alice"], reflection=mine.id
        )
        clinic.synced()
        assert clinic.outbox(other).find(operation.op_id).code == "42501"
        clinic.outbox(other).discard(operation.op_id)


def test_a_week_is_open_from_the_day_it_begins(clinic):
    week = date(2026, 11, 23)
    assert reflections.has_begun(week, today=week)
    assert not reflections.has_begun(week, today=week, week_starts_on=3)
    assert reflections.has_begun(week, today=date(2026, 11, 25), week_starts_on=3)
    with pytest.raises(Refused, match="has not begun"):
        handed(clinic, week + timedelta(weeks=1), today=week)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"strength": Part("x" * 2_001)}, "2,001 characters"),
        ({"frustration": Part(9)}, "from 0 to 4"),
        ({"feelings": Part(["rage"])}, "not one of"),
        ({"expectation": Part({"whose": "the cat"})}, "not one of"),
        ({"expectation": Part({"realistic": "ish"})}, "not one of"),
        ({"reframes": Part({"used": ["blame"]})}, "not one of"),
        ({"support": Part({"used": ["gin"]})}, "not one of"),
        ({"support": Part({"text": "x" * 3000})}, "3,000 characters"),
        ({"diary": Part("x")}, "not one of"),
    ],
)
def test_a_part_that_could_not_be_stored_is_a_sentence_at_once(clinic, today, parts, sentence):
    with pytest.raises(Refused, match=sentence):
        handed(clinic, weeks.monday(today), today=today, parts=parts)


def test_empty_parts_are_not_handed_in(clinic, today):
    week = weeks.monday(today) - timedelta(weeks=5)
    mine = handed(
        clinic,
        week,
        today=today,
        parts={
            "strength": Part("  "),
            "feelings": Part([]),
            "support": Part({"text": ""}),
            "frustration": Part(0),
        },
    )
    assert mine.parts == {"frustration": Part(0)}


# Ruptures


def test_a_rupture_is_opened_from_an_episode_and_walks_up_the_ladder(clinic, case, today):
    episode = logged(clinic, case, today - timedelta(days=20))
    rupture = rupture_of(clinic, case, today, episode=episode.id)
    assert (rupture.days_open, rupture.days_without_step(today), rupture.stage, rupture.episode) == (
        20,
        20,
        None,
        episode.id,
    )
    ruptures.add_step(
        clinic.outbox("alice"),
        rupture=rupture,
        stage="named",
        taken_on=today - timedelta(days=9),
        today=today,
        note="my part",
    )
    ruptures.add_step(
        clinic.outbox("sue"),
        rupture=rupture,
        stage="explored",
        taken_on=today - timedelta(days=5),
        today=today,
        note="in supervision",
        share_note=True,
    )
    clinic.synced()
    steps = ruptures.steps_of(clinic.as_("alice"), rupture=rupture)
    assert [(s.stage, s.note) for s in steps] == [("named", "my part"), ("explored", "in supervision")]
    assert [s.note for s in ruptures.steps_of(clinic.as_("sue"), rupture=rupture)] == ["", "in supervision"]
    now = next(
        r
        for r in ruptures.open_in(clinic.as_("sue"), team=clinic.team, therapist=clinic.people["alice"])
        if r.id == rupture.id
    )
    assert (now.stage, now.steps, now.days_without_step(today), now.days_open) == ("explored", 2, 5, 20)
    ruptures.close(
        clinic.outbox("sue"),
        rupture=now,
        outcome="repaired",
        closed_on=today - timedelta(days=1),
        today=today,
    )
    clinic.synced()
    assert rupture.id not in [r.id for r in ruptures.open_in(clinic.as_("alice"), team=clinic.team)]
    closed = next(
        r
        for r in ruptures.closed_in(clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"])
        if r.id == rupture.id
    )
    assert (closed.outcome, closed.days_open) == ("repaired", 19)
    assert rupture.id not in [r.id for r in ruptures.closed_in(clinic.as_("bob"), team=clinic.team)]


def test_the_episode_knows_the_rupture_opened_from_it(clinic, case, today):
    episode = logged(clinic, case, today)
    rupture = rupture_of(clinic, case, today, episode=episode.id, noticed_on=today)
    again = episodes.find(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], episode=episode.id
    )
    assert again.rupture == rupture.id


def test_a_rupture_closes_once(clinic, case, today):
    rupture = rupture_of(clinic, case, today)
    for who in ("alice", "sue"):
        ruptures.close(clinic.outbox(who), rupture=rupture, outcome="partly", closed_on=today, today=today)
        clinic.synced()
    (parked,) = clinic.outbox("sue").parked()
    assert parked.code == "SX409"
    clinic.outbox("sue").discard(parked.op_id)


def test_dates_of_a_rupture_make_sense(clinic, case, today):
    rupture = rupture_of(clinic, case, today)
    before = rupture.noticed_on - timedelta(days=1)
    with pytest.raises(Refused, match="before the day"):
        ruptures.add_step(
            clinic.outbox("alice"), rupture=rupture, stage="named", taken_on=before, today=today
        )
    with pytest.raises(Refused, match="before the day"):
        ruptures.close(
            clinic.outbox("alice"), rupture=rupture, outcome="repaired", closed_on=before, today=today
        )
    with pytest.raises(Refused, match="choose the repair step"):
        ruptures.add_step(clinic.outbox("alice"), rupture=rupture, stage=None, taken_on=today, today=today)
    with pytest.raises(Refused, match="choose how it ended"):
        ruptures.close(clinic.outbox("alice"), rupture=rupture, outcome=None, closed_on=today, today=today)
    with pytest.raises(Refused, match="choose what kind"):
        ruptures.open(
            clinic.outbox("alice"), team=clinic.team, case=case, kind=None, noticed_on=today, today=today
        )


# Prompts


def test_facts_of_a_rupture_carry_what_was_logged_and_shared(clinic, case, today):
    episode = logged(
        clinic,
        case,
        today - timedelta(days=20),
        next_move="insisted",
        first_blame="client",
        ratings={2: 4, 3: 1},
        outside=["life_event"],
    )
    rupture = rupture_of(clinic, case, today, episode=episode.id)
    handed(
        clinic,
        weeks.monday(today),
        today=today,
        ratings={6: 4, 2: 0},
        parts={"frustration": Part(4, shared=True)},
    )
    facts = prompts.facts_of_rupture(clinic.as_("sue"), rupture, today=today)
    assert facts["subject"] == "rupture"
    assert (facts["rupture_kind"], facts["rupture_days"], facts["next_move"], facts["first_blame"]) == (
        "withdrawal",
        20,
        "insisted",
        "client",
    )
    assert (facts["cause.2"], facts["cause.6"], facts["frustration"], facts["outside"]) == (
        4,
        4,
        4,
        ["life_event"],
    )
    assert facts["strongest_causes"] == [2]
    assert "eye_contact" not in facts["unticked"]
    assert "real_person" in facts["unticked"]
    assert "repair_stage" not in facts
    alone = prompts.facts_of_episode(clinic.as_("sue"), episode, today=today)
    assert alone["subject"] == "episode"
    assert "rupture_kind" not in alone


def test_frustration_that_was_not_shared_triggers_nothing(clinic, case, today):
    rupture = rupture_of(clinic, case, today)
    standing = reflections.of_week(
        clinic.as_("alice"), therapist=clinic.people["alice"], team=clinic.team, week=today
    )
    handed(
        clinic,
        weeks.monday(today),
        today=today,
        based_on=standing.version if standing else 0,
        parts={"frustration": Part(4)},
    )
    assert "frustration" not in prompts.facts_of_rupture(clinic.as_("sue"), rupture, today=today)
    later = today + timedelta(weeks=5)
    assert "unticked" not in prompts.facts_of_rupture(clinic.as_("sue"), rupture, today=later)


def test_strongest_are_the_causes_that_stand_out():
    assert prompts.strongest({1: 3, 2: 4, 3: 4, 4: None}) == [2, 3]
    assert prompts.strongest({1: 2, 2: 2}) == []
    assert prompts.strongest({}) == []


def test_a_theme_is_a_cause_and_how_long_it_rises():
    assert prompts.facts_of_theme(6, weeks_rising=3) == {
        "subject": "theme",
        "theme_cause": 6,
        "weeks_rising": 3,
    }


def test_marked_prompts_go_to_the_case_and_to_repair_memory(clinic, case, today):
    rupture = rupture_of(clinic, case, today)
    slug = prompts.library(clinic.as_("sue"))[0].slug
    for verdict, note in (("used", ""), ("helped", "she could hear it"), ("not_now", "")):
        prompts.mark(
            clinic.outbox("sue"), team=clinic.team, prompt=slug, verdict=verdict, rupture=rupture, note=note
        )
    clinic.synced()
    counted = prompts.memory(clinic.as_("sue"), team=clinic.team)[slug]
    assert min(counted.values()) >= 1
    on_case = prompts.uses(clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], case=case)
    assert {(u.verdict, u.note) for u in on_case} == {
        ("used", ""),
        ("helped", "she could hear it"),
        ("not_now", ""),
    }
    assert "she could hear it" not in [u.note for u in prompts.uses(clinic.as_("bob"), team=clinic.team)]


def test_a_prompt_can_be_marked_on_an_episode_or_a_theme(clinic, case, today):
    episode = logged(clinic, case, today)
    slug = prompts.library(clinic.as_("sue"))[1].slug
    prompts.mark(clinic.outbox("sue"), team=clinic.team, prompt=slug, verdict="used", episode=episode)
    prompts.mark(
        clinic.outbox("sue"), team=clinic.team, prompt=slug, verdict="used", theme_cause=2, note="as a team"
    )
    clinic.synced()
    assert clinic.outbox("sue").parked() == []
    assert "as a team" in [u.note for u in prompts.uses(clinic.as_("sue"), team=clinic.team)]


@pytest.mark.parametrize("subjects", [{}, {"theme_cause": 1, "rupture": "both"}])
def test_a_prompt_is_used_on_exactly_one_thing(clinic, subjects):
    with pytest.raises(Refused, match="what the prompt was used on"):
        prompts.mark(clinic.outbox("sue"), team=clinic.team, prompt="x", verdict="used", **subjects)


def test_an_episode_is_changed_on_the_version_that_stands_and_its_note_stays(clinic, case, today):
    before = logged(clinic, case, today, note="words of mine", intensity=2, ratings={1: 3, 2: 1})
    operation = episodes.amend(
        clinic.outbox("alice"), episode=before.id, based_on=before.version, happened_on=today, today=today,
        kind="yes_but", markers=["yes_but", "stalled"], intensity=4, ratings={1: None},
    )  # fmt: skip
    clinic.synced()
    assert clinic.outbox("alice").find(operation.op_id).state == "synced"
    after = episodes.find(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], episode=before.id
    )
    assert (after.version, after.kind, after.markers, after.intensity, after.ratings, after.note) == (
        before.version + 1, "yes_but", ("stalled",), 4, {1: None}, "words of mine",
    )  # fmt: skip


def test_of_two_devices_the_second_is_told_and_both_versions_are_kept(clinic, case, today):
    box, before = clinic.outbox("alice"), logged(clinic, case, today)
    first, second = (
        episodes.amend(
            box, episode=before.id, based_on=before.version, happened_on=today, today=today, kind="other", intensity=n
        )
        for n in (1, 5)
    )  # fmt: skip
    clinic.synced()
    assert [box.find(one.op_id).state for one in (first, second)] == ["synced", "parked"]
    refused = box.find(second.op_id)
    assert (refused.code, refused.params["intensity"]) == ("SX409", 5)
    assert "changed elsewhere" in refused.reason
    stands = episodes.find(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], episode=before.id
    )
    assert (stands.version, stands.intensity) == (2, 1)
    box.discard(second.op_id)
