"""Forged columns and ids: the server's columns stay the server's, and no answer tells a stranger that a row exists."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.operations import good, op, refusal
from tests.database.scene import Scene, ident

DENIED = ("42501", None)
BROKEN_KEY = "23503"


@pytest.mark.parametrize(
    "statement",
    [
        "update public.reflections set read_at = now()",
        "update public.reflections set read_by = therapist_id",
        "update public.reflections set handed_in_at = now() - interval '1 year'",
        "update public.reflections set week = week - 7",
        "update public.episodes set created_at = now() - interval '1 year'",
        "update public.episodes set stated_at = now() - interval '1 year'",
        "update public.episodes set therapist_id = therapist_id",
        "update public.episodes set team_id = team_id",
        "update public.cases set code = 'B-02'",
        "update public.ruptures set noticed_on = noticed_on - 1",
        "update public.ratings set cause = 2",
        "update public.reflection_parts set part = 'strength'",
        "update public.notes set author_id = author_id",
        "update public.notes set episode_id = null",
        "update public.prompt_uses set verdict = 'helped'",
        "update public.memberships set role = 'supervisor'",
        "update public.memberships set starts_on = starts_on",
        "update public.team_settings set team_id = team_id",
        "update public.sessions set case_id = case_id",
        "update public.sessions set created_at = now() - interval '1 year'",
        "update public.goals set set_on = set_on",
        "update public.goal_progress set progress = 10",
        "update public.tasks set given_on = given_on",
        "update public.task_checks set done = 'all'",
        "update public.check_ins set case_id = case_id",
        "update public.check_ins set created_at = now() - interval '1 year'",
        "update public.check_in_guesses set id = id",
        "update public.check_in_guesses set therapist_id = therapist_id",
        "update public.formulation_entries set written_on = written_on",
        "update public.strategies set started_on = started_on",
        "update public.plan_reviews set next_review_on = null",
        "update public.strategy_verdicts set verdict = 'works'",
        "update public.case_texts set about_id = about_id",
        "update public.case_texts set therapist_id = therapist_id",
        "update public.questions set asked_on = asked_on",
        "update public.questions set case_id = case_id",
        "update public.scores set on_day = on_day",
        "update public.scores set measure_id = measure_id",
        "update public.case_transfers set to_id = therapist_id",
        "update public.case_transfers set decided_by = null",
        "update public.mirror_shares set content = '{}'",
        "update public.mirror_shares set shared_on = shared_on",
        "update public.measures set slug = 'other'",
        "update public.measures set clinic_id = null",
        "update public.meetings set led_by = led_by",
        "update public.meetings set team_id = team_id",
        "update public.agenda_items set released = '{moment}'",
        "update public.agenda_items set helped = 'yes'",
        "update public.agenda_items set therapist_id = therapist_id",
        "update public.agenda_items set title = 'x'",
        "update public.agenda_items set because = '[]'",
        "update public.agenda_words set therapist_id = therapist_id",
        "update public.decisions set words = 'x'",
        "update public.decisions set recorded_by = recorded_by",
        "update public.reratings set before = 0",
        "update public.meeting_screens set opened_at = now() - interval '1 year'",
        "delete from public.agenda_items",
        "delete from public.decisions",
        "delete from public.meeting_screens",
        "insert into public.meetings (led_by, id, team_id, held_on, state) values (null, null, null, null, 'ended')",
        "insert into public.agenda_items (led_by, id, released) values (null, null, '{moment}')",
        "insert into public.reratings (therapist_id, led_by, item_id, rated_at) values (null, null, null, now())",
        "select * from private.meeting_labels",
        "select * from private.pulse_counts",
        "select * from private.pulse_given",
        "update private.pulse_counts set n = 0",
        "select private.draw_label(null, null, null, null)",
        "select private.picture_of(null, null)",
        "select private.causes_of(null, null)",
        "select private.screen_of(m) from public.meetings m",
        "select private.meeting_of(null)",
        "delete from public.case_texts",
        "delete from public.mirror_shares",
        "insert into public.case_transfers (therapist_id, id, team_id, case_id, state) values (null, null, null, null, 'agreed')",
        "insert into public.case_texts (therapist_id, id, team_id, case_id, about, about_id, body, version) values (null, null, null, null, null, null, '', 2)",
        "insert into public.mirror_shares (therapist_id, id, team_id, item, content, shared_on) values (null, null, null, null, '{}', now())",
        "insert into public.measures (id, slug) values (null, null)",
        "select private.hand_over(null, null)",
        "call private.facts_of_a_case('public.notes', 'x')",
        "call private.facts_that_change('public.notes', 'x')",
        "update public.audit_log set actor_id = null",
        "update public.history set before = '{}'",
        "delete from public.notes",
        "delete from public.history",
        "insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind, created_at) values (null, null, null, null, null, null, now())",
        "insert into public.reflections (therapist_id, id, team_id, week, read_at) values (null, null, null, null, now())",
        "insert into public.cases (therapist_id, id, team_id, code, created_at) values (null, null, null, null, now())",
        "insert into public.audit_log (action, table_name, row_id) values ('read', 'x', 'y')",
        "insert into public.memberships (id, person_id, team_id, role) values (null, null, null, 'admin')",
        "truncate public.notes",
        "select * from private.weekly",
        "select * from private.applied_ops",
        "select private.publish(null)",
        "call private.keep_audit('public.notes')",
    ],
)
@pytest.mark.parametrize("person", ["alice", "sue", "adam"])
def test_times_of_arrival_marks_of_reading_and_keys_are_the_servers(
    speaking, scene, person: str, statement: str
):
    with speaking(scene.people[person]) as db:
        assert refusal(db, statement) == DENIED


def test_an_entry_cannot_hang_on_another_persons_or_teams_entry(undone, send, scene):
    """Alice works in two teams here; her case in one of them is none in the other."""
    undone.execute(
        "insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')",
        (scene.people["alice"], scene.teams["south"]),
    )
    day = str(scene.today)
    north, south = scene.teams["north"], scene.teams["south"]
    for team, case in (
        (north, ident("bob", "case")),
        (north, uuid4()),
        (south, ident("alice", "case")),
        (south, ident("tom", "case")),
    ):
        for operation in (
            op("episode.log", team=team, case=case, happened_on=day, kind="other"),
            op("rupture.open", team=team, case=case, kind="mixed", noticed_on=day),
            *(
                good(kind, scene, team=team, case=case)
                for kind in (
                    "session.log",
                    "goal.set",
                    "task.give",
                    "check_in.enter",
                    "score.enter",
                    "formulation.write",
                    "strategy.start",
                    "plan.review",
                    "text.write",
                    "question.ask",
                    "transfer.ask",
                )
            ),
            op(
                "prompt.mark",
                team=team,
                therapist=scene.people["alice"],
                case=case,
                episode=ident("alice", "plain"),
                prompt="x",
                verdict="used",
            ),
        ):
            assert send(scene.people["alice"], operation)[0]["code"] == BROKEN_KEY
    for operation in (
        op(
            "rupture.open",
            team=north,
            case=ident("alice", "case"),
            episode=ident("bob", "plain"),
            kind="mixed",
            noticed_on=day,
        ),
        op(
            "rupture.step",
            entity=ident("bob", "rupture"),
            team=north,
            therapist=scene.people["alice"],
            step=uuid4(),
            stage="named",
            taken_on=day,
        ),
        good("task.give", scene, goal=ident("bob", "goal")),
        good("plan.review", scene, verdicts={str(ident("bob", "strategy")): "works"}),
        good("question.ask", scene, episode=ident("bob", "plain")),
        good("question.ask", scene, reflection=ident("bob", "open")),
        *(
            good(kind, scene, entity=ident("bob", name))
            for kind, name in (("goal.progress", "goal"), ("task.check", "task"))
        ),
        *(good(kind, scene, team=south) for kind in ("goal.progress", "task.check")),
        op(
            "rupture.step",
            entity=ident("alice", "rupture"),
            team=south,
            therapist=scene.people["alice"],
            step=uuid4(),
            stage="named",
            taken_on=day,
        ),
    ):
        assert send(scene.people["alice"], operation)[0]["code"] == BROKEN_KEY


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        ({"episode_id": ident("bob", "plain")}, "alice"),
        ({"repair_step_id": ident("bob", "bob", "step")}, "bob"),
        ({"repair_step_id": ident("alice", "alice", "step")}, None),
        ({"prompt_use_id": ident("sue", "alice", "use2")}, "alice"),
        ({"prompt_use_id": ident("alice", "alice", "use2")}, "bob"),
        ({"episode_id": ident("alice", "plain")}, "bob"),
        ({"episode_id": ident("alice", "plain")}, None),
        ({"episode_id": ident("alice", "noted")}, "alice"),
    ],
)
def test_a_note_hangs_on_its_authors_own_entry_and_names_whose_case_it_is(
    speaking, scene, subject: dict, about: str | None
):
    values = {
        "author_id": scene.people["alice"], "id": uuid4(), "team_id": scene.teams["north"], "body": "x",
        "therapist_id": scene.people[about] if about else None, **subject,
    }  # fmt: skip
    with speaking(scene.people["alice"]) as db:
        code, _ = refusal(
            db,
            f"insert into public.notes ({', '.join(values)}) values ({', '.join(['%s'] * len(values))})",
            tuple(values.values()),
        )
    assert code in (BROKEN_KEY, "23514", "23505")


def test_nobody_rates_anothers_episode(speaking, scene):
    rating = "insert into public.ratings (therapist_id, team_id, episode_id, on_day, cause, rating) values (%s, %s, %s, %s, 6, 4)"
    day = scene.today - timedelta(days=9)
    for person, code in (("alice", None), ("bob", "42501"), ("sue", "42501")):
        with speaking(scene.people[person]) as db:
            assert (
                refusal(
                    db, rating, (scene.people["alice"], scene.teams["north"], ident("alice", "plain"), day)
                )[0]
                == code
            )


# --- no oracle: what exists and what does not are answered alike -----------------------------------------------------


def probes(scene: Scene, target: dict[str, UUID]) -> list[tuple[str, tuple]]:
    """Statements and operations of a stranger that name rows by id; `target` names real rows, or made-up ones."""
    alice, north, day = target["person"], target["team"], str(scene.today)
    operations = [
        op("case.amend", entity=target["case"], state="closed"),
        op("episode.log", team=north, case=target["case"], happened_on=day, kind="other"),
        op("episode.amend", entity=target["episode"], happened_on=day, kind="other"),
        op("reflection.hand_in", entity=target["reflection"], team=north, week=str(scene.monday), based_on=0),
        op("reflection.read", entity=target["reflection"], therapist=alice),
        op("rupture.open", team=north, case=target["case"], kind="mixed", noticed_on=day),
        op(
            "rupture.step",
            entity=target["rupture"],
            team=north,
            therapist=alice,
            step=uuid4(),
            stage="named",
            taken_on=day,
        ),
        op("rupture.close", entity=target["rupture"], therapist=alice, closed_on=day, outcome="ended"),
        op("rupture.close", entity=target["closed"], therapist=alice, closed_on=day, outcome="ended"),
        op(
            "prompt.mark",
            team=north,
            therapist=alice,
            case=target["case"],
            rupture=target["rupture"],
            prompt="x",
            verdict="used",
        ),
        op("note.share", entity=target["note"], shared=True),
        *(
            good(kind, scene, team=north, case=target["case"])
            for kind in (
                "session.log", "goal.set", "task.give", "check_in.enter", "score.enter", "formulation.write", "strategy.start", "plan.review",
                "text.write", "question.ask", "transfer.ask",
            )
        ),
        *(
            good(kind, scene, entity=target[name])
            for kind, name in (
                ("session.amend", "session"), ("goal.amend", "goal"), ("task.amend", "task"), ("strategy.end", "strategy"), ("score.amend", "score"),
                ("text.amend", "text"), ("question.amend", "question"), ("transfer.withdraw", "transfer"), ("mirror.withdraw", "mirror"),
            )
        ),
        *(good(kind, scene, entity=target[name], team=north) for kind, name in (("goal.progress", "goal"), ("task.check", "task"))),
        good("task.give", scene, team=north, goal=target["goal"]),
        good("plan.review", scene, team=north, verdicts={str(target["strategy"]): "works"}),
        good("question.ask", scene, team=north, episode=target["episode"]),
        good("question.ask", scene, team=north, reflection=target["reflection"]),
        good("text.write", scene, team=north, about="goal", about_id=target["goal"]),
        *(op("transfer.decide", entity=target["transfer"], therapist=alice, to=to) for to in (alice, str(scene.people["bob"]), None)),
        op("score.enter", team=north, case=target["case"], measure=target["measure"], on_day=day, value=3),
        *(
            good(kind, scene, entity=target["meeting"])
            for kind in (f"meeting.{what}" for what in ("amend", "begin", "go", "clock", "show", "end", "order", "add"))
        ),
        *(good(kind, scene, entity=target["item"]) for kind in ("item.amend", "item.release", "item.pass", "item.decide", "item.rerate")),
        good("pulse.give", scene, meeting=target["meeting"]),
        good("screen.open", scene, meeting=target["meeting"], team=north),
        good("screen.close", scene, entity=target["screen"]),
    ]  # fmt: skip
    note = "insert into public.notes (author_id, id, team_id, therapist_id, {}, body) values (%s, %s, %s, %s, %s, 'x')"
    return [
        *(("select public.apply_ops(%s)", (Jsonb([operation]),)) for operation in operations),
        *(
            (f"select * from public.{table} where {column} = %s", (target[key],))
            for table, column, key in (("cases", "id", "case"), ("notes", "id", "note"), ("case_texts", "id", "text"), ("case_transfers", "id", "transfer"),
                                       ("scores", "measure_id", "measure"), ("check_in_guesses", "therapist_id", "person"), ("people", "id", "person"), ("teams", "id", "team"),
                                       ("memberships", "person_id", "person"), ("audit_log", "subject_id", "person"), ("meeting_screens", "id", "screen"),
                                       *((table, "item_id", "item") for table in ("agenda_words", "decisions", "reratings")), ("agenda_items", "id", "item"))
        ),
        *(
            (note.format(column), (alice, uuid4(), north, alice, target[key]))
            for column, key in (("episode_id", "episode"), ("repair_step_id", "step"), ("prompt_use_id", "use"))
        ),
        ("insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'CAN-01')", (alice, target["case"], north)),
        ("insert into public.reflections (therapist_id, id, team_id, week) values (%s, %s, %s, %s)", (alice, uuid4(), north, scene.monday)),
        ("insert into public.memberships (person_id, team_id, role) values (%s, %s, 'therapist')", (alice, north)),
        ("insert into public.team_settings (team_id) values (%s)", (north,)),
        ("select public.mark_reflection_read(%s, %s)", (alice, target["reflection"])),
        ("select public.team_trends(%s, '2026-01-05', '2026-02-02')", (north,)),
        ("select public.team_trends_exact(%s, '2026-01-05', '2026-02-02')", (north,)),
        ("select public.lead_waiting_ruptures(%s)", (north,)),
        ("select private.still_open(%s, %s)", (alice, target["reflection"])),
        ("select private.decide_transfer(%s, %s, null)", (alice, target["transfer"])),
        ("insert into public.decisions (recorded_by, id, team_id, led_by, meeting_id, item_id, words) values (%s, %s, %s, %s, %s, %s, 'x')",
         (alice, uuid4(), north, scene.people["sue"], target["meeting"], target["item"])),
        ("insert into public.agenda_words (therapist_id, led_by, item_id, team_id, body) values (%s, %s, %s, %s, 'x')", (alice, scene.people["sue"], target["item"], north)),
        ("select public.meeting_screen(%s) is null", (north,)),
        ("select public.meeting_now(%s) is null", (north,)),
        ("select public.agenda_candidates(%s)", (north,)),
        ("select public.repair_memory(%s)", (north,)),
        ("select count(*) from public.pulse_course(%s)", (north,)),
        ("select private.therapist_says(%s, %s, '{}')", (scene.people["sue"], target["item"])),
        ("select private.pass_on(%s, %s)", (scene.people["sue"], target["item"])),
        ("select private.count_pulse(%s, %s, 3)", (scene.people["sue"], target["meeting"])),
    ]  # fmt: skip


def answers(db: psycopg.Connection, asked: list[tuple[str, tuple]]) -> list:
    """Code and message, or the rows; with whatever was named in the question taken out."""
    found = []
    for statement, values in asked:
        try:
            with db.transaction(force_rollback=True):
                answer = str(db.execute(statement, values).fetchall())
        except psycopg.Error as problem:
            answer = f"{problem.sqlstate} {problem.diag.message_primary} {problem.diag.message_detail}"
        found.append((statement, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "(id)", answer)))
    return found


@pytest.mark.parametrize("person", ["bob", "otto", "nina", "zoe"])
def test_a_stranger_cannot_tell_a_row_that_exists_from_one_that_does_not(
    undone, speaking, scene, person: str
):
    undone.execute("update public.team_settings set week_starts_on = 7")
    real = {
        "person": scene.people["alice"], "team": scene.teams["north"], "case": ident("alice", "case"), "episode": ident("alice", "plain"),
        "reflection": ident("alice", "open"), "rupture": ident("alice", "rupture"), "closed": ident("alice", "closed"),
        "note": ident("alice", "alice", "secret-note"), "step": ident("alice", "alice", "step"), "use": ident("alice", "alice", "use2"),
        **{name: ident("alice", name) for name in ("session", "goal", "task", "strategy", "score")}, "text": ident("alice", "goal text"),
        "question": ident("alice", "open question"), "transfer": ident("alice", "parting"), "mirror": ident("alice", "shown"),
        "item": ident("alice", "item"), "meeting": ident("sue", "meeting"), "screen": ident("sue", "screen"),
        "measure": undone.execute("select id from public.measures where slug = 'canary-one'").fetchone()[0],
    }  # fmt: skip
    if (
        person == "bob"
    ):  # a colleague knows the team and the clinic's measures; what he may not know is what she wrote in it
        known = ("team", "measure", "meeting")
        made_up = {**{name: uuid4() for name in real}, **{name: real[name] for name in known}}
    else:
        made_up = {name: uuid4() for name in real}
    with speaking(scene.people[person]) as db:
        assert answers(db, probes(scene, real)) == answers(db, probes(scene, made_up))


def test_only_its_author_hears_whether_a_reflection_is_still_open(speaking, scene):
    for person, says in (("alice", True), ("bob", False), ("sue", False)):
        with speaking(scene.people[person]) as db:
            assert db.execute(
                "select private.still_open(%s, %s)", (scene.people["alice"], ident("alice", "open"))
            ).fetchone() == (says,)


def test_ids_are_each_authors_own_so_that_a_clash_tells_nothing(send, scene):
    """Bob may use the very ids of Alice's rows: he makes rows of his own and hears of no other."""
    bob, north, day = scene.people["bob"], scene.teams["north"], str(scene.today)
    answered = send(
        bob,
        op("case.open", entity=ident("alice", "case"), team=north, code="CAN-77"),
        op(
            "episode.log",
            entity=ident("alice", "plain"),
            team=north,
            case=ident("bob", "case"),
            happened_on=day,
            kind="other",
        ),
        op(
            "rupture.open",
            entity=ident("alice", "rupture"),
            team=north,
            case=ident("bob", "case"),
            kind="mixed",
            noticed_on=day,
        ),
        op(
            "reflection.hand_in",
            entity=ident("alice", "open"),
            team=north,
            week=str(scene.monday),
            based_on=0,
        ),
    )
    assert [answer["state"] for answer in answered] == ["applied"] * 4


# --- flags, actions, step backs, erasure: one wrong name is enough ------------------------------------------------------


def written(scene: Scene, table: str, *, of: str = "alice", by: str = "alice", owner: str = "alice") -> dict:
    """A row that alice may write, unless one of its names is another's."""
    row = {"team_id": scene.teams["north"], "therapist_id": scene.people[of]}
    case = row | {"id": uuid4(), "case_id": ident(of, "case")}
    return {
        "actions": case
        | {"created_by": scene.people[by], "owner_id": scene.people[owner], "what": "Ask about the goal"},
        "step_backs": case | {"done_by": scene.people[by], "decision": "consult"},
        "flag_events": case
        | {"actor_id": scene.people[by], "flag_id": ident(of, "flag"), "kind": "acknowledged"},
        "erasure_requests": row | {"asked_by": scene.people[by], "code": "A-99"},
    }[table]


def inserts(db: psycopg.Connection, table: str, row: dict) -> tuple:
    names = ", ".join(row)
    return refusal(
        db,
        f"insert into public.{table} ({names}) values ({', '.join(['%s'] * len(row))})",
        tuple(row.values()),
    )


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        *((table, {name: "bob"}) for table in ("actions", "step_backs", "flag_events", "erasure_requests") for name in ("of", "by")),
        ("actions", {"owner": "bob"}),
    ],
)  # fmt: skip
def test_one_wrong_name_is_enough(speaking, scene, table: str, wrong: dict):
    with speaking(scene.people["alice"]) as db:
        assert inserts(db, table, written(scene, table)) == (None, None)
        assert inserts(db, table, written(scene, table, **wrong))[0] == "42501"


@pytest.mark.parametrize(
    ("table", "person"),
    [("actions", "sue"), ("step_backs", "sue"), ("flag_events", "lena"), ("erasure_requests", "adam")],
)
def test_who_looks_after_a_team_writes_about_its_cases_and_in_their_own_name_alone(
    speaking, scene, table: str, person: str
):
    with speaking(scene.people[person]) as db:
        assert inserts(db, table, written(scene, table, by=person)) == (None, None)
        assert inserts(db, table, written(scene, table, by="alice"))[0] == "42501"


@pytest.mark.parametrize("person", ["erin", "lena"])
def test_whoever_has_left_a_team_or_leads_it_now_changes_nothing_about_an_action_that_was_theirs(
    undone, speaking, scene, person: str
):
    undone.execute("update public.actions set owner_id = %s", (scene.people[person],))
    with speaking(scene.people[person]) as db:
        assert db.execute("update public.actions set due_on = current_date").rowcount == 0


@pytest.mark.parametrize("table", ["flags", "flag_events"])
def test_whoever_only_administers_a_team_now_reads_no_flag_of_their_former_cases(
    undone, speaking, scene, table: str
):
    def reads() -> int:
        with speaking(scene.people["alice"]) as db:
            return db.execute(f"select count(*) from public.{table}").fetchone()[0]

    assert reads() > 0
    undone.execute(
        "update public.memberships set role = 'admin' where person_id = %s", (scene.people["alice"],)
    )
    assert reads() == 0


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("invitations", {"team_id": "north", "email": "new@example.org", "display_name": "New", "role": "therapist"}, "invited_by"),
        ("legal_holds", {"code": "A-99", "reason": "a court asks for it"}, "set_by"),
    ],
)  # fmt: skip
def test_an_administrator_invites_and_holds_in_their_own_name_alone(
    speaking, scene, table: str, row: dict, name: str
):
    row = {"clinic_id": scene.clinics["one"]} | {
        key: scene.teams.get(said, said) for key, said in row.items()
    }
    with speaking(scene.people["adam"]) as db:
        assert inserts(db, table, row | {name: scene.people["adam"]}) == (None, None)
        assert inserts(db, table, row | {name: scene.people["sue"]})[0] == "42501"


def test_a_lead_reads_their_own_reasons_alone_and_while_they_lead_the_team(undone, speaking, scene):
    def reads(person: str) -> int:
        with speaking(scene.people[person]) as db:
            return db.execute("select count(*) from public.reveals").fetchone()[0]

    undone.execute(
        "insert into public.memberships (person_id, team_id, role, starts_on) values (%s, %s, 'lead', current_date - 9)",
        (scene.people["nina"], scene.teams["north"]),
    )
    assert reads("lena") > 0
    assert reads("nina") == 0
    undone.execute("update public.memberships set ends_on = current_date where role = 'lead'")
    assert reads("lena") == 0
