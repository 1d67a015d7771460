"""The scene of the permission tests: two clinics, three teams, and one of everything for each therapist in them.

Ids are made from words (`ident("alice", "case")`), so that a test can name any row without having asked for it.
Every text is a canary: whoever meets one where it does not belong has found a leak.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid5

import psycopg
from psycopg import sql as query
from psycopg.types.json import Jsonb

SPACE = UUID("5ce0e000-0000-4000-8000-000000000000")
CANARY = "CANARY"

# The column of the matrix, and who stands for it. Alice and Bob are therapists in the same team.
ROLES = {
    "visitor": None, "therapist": "alice", "teammate": "bob", "supervisor": "sue", "elsewhere": "otto",
    "lead": "lena", "admin": "adam", "ended": "erin", "outsider": "nina",
}  # fmt: skip

CLINIC_OF = {"north": "one", "south": "one", "far": "two"}
# person: (team, role); erin's role has ended, nina has none, and lena was a therapist until yesterday
MEMBERS = {
    "alice": ("north", "therapist"), "bob": ("north", "therapist"), "erin": ("north", "therapist"),
    "sue": ("north", "supervisor"), "lena": ("north", "lead"), "adam": ("north", "admin"),
    "tom": ("south", "therapist"), "otto": ("south", "supervisor"),
    "zoe": ("far", "therapist"), "sid": ("far", "supervisor"),
}  # fmt: skip
# Who runs the meetings of a team.
LEADERS = {"north": "sue", "south": "otto", "far": "sid"}
# Who has case work in the scene, and the supervisor who works on it with them.
THERAPISTS = {"alice": "sue", "bob": "sue", "erin": "sue", "lena": "sue", "tom": "otto", "zoe": "sid"}


def ident(*words: str) -> UUID:
    """The id of the row that these words name."""
    return uuid5(SPACE, "/".join(words))


@dataclass(frozen=True)
class Scene:
    """Who and what is there. `team_of` and `clinic_of` speak of the person's place, held or not."""

    people: dict[str, UUID]
    today: date
    monday: date
    teams: dict[str, UUID] = field(default_factory=lambda: {name: ident("team", name) for name in CLINIC_OF})
    clinics: dict[str, UUID] = field(
        default_factory=lambda: {name: ident("clinic", name) for name in ("one", "two")}
    )

    def team_of(self, person: str) -> UUID:
        return self.teams[MEMBERS.get(person, ("north",))[0]]

    def mate_of(self, person: str) -> str:
        """A therapist of the same team, not this person."""
        return "tom" if person == "otto" else "bob" if person == "alice" else "alice"

    def stranger_to(self, person: str) -> str:
        """A therapist in whose team this person has no role."""
        return "alice" if person == "otto" else "tom"


def put(sql: psycopg.Connection, table: str, **values: object) -> None:
    """Insert one row; dicts become jsonb."""
    values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in values.items()}
    sql.execute(
        query.SQL("insert into {} ({}) values ({})").format(
            query.Identifier("public", table),
            query.SQL(", ").join(map(query.Identifier, values)),
            query.SQL(", ").join(query.Placeholder() * len(values)),
        ),
        list(values.values()),
    )


def build(sql: psycopg.Connection, account: Callable[[str], UUID]) -> Scene:
    """Write the scene, committed; every test works on it inside a transaction of its own."""
    names = [*MEMBERS, "nina", "uma"]
    today = sql.execute("select current_date").fetchone()[0]
    scene = Scene(
        {name: account(f"{name}@scene.example") for name in names},
        today,
        today - timedelta(days=today.weekday()),
    )
    with sql.transaction():
        for clinic, clinic_id in scene.clinics.items():
            put(sql, "clinics", id=clinic_id, name=f"{CANARY} clinic {clinic}")
            words = {
                name: f"{CANARY} {name} {clinic}"
                for name in ("wording", "why", "sentence", "repaired_when", "source")
            }
            put(
                sql,
                "prompts",
                clinic_id=clinic_id,
                slug=f"canary-{clinic}",
                stage="validate",
                trigger={"always": CANARY},
                **words,
            )
            put(
                sql, "measures", clinic_id=clinic_id, slug=f"canary-{clinic}", lowest=0, highest=20, direction="lower_is_better",
                **{name: f"{CANARY} measure {name} {clinic}" for name in ("name", "about", "source", "licence")},
            )  # fmt: skip
        for team, team_id in scene.teams.items():
            put(
                sql,
                "teams",
                id=team_id,
                clinic_id=scene.clinics[CLINIC_OF[team]],
                name=f"{CANARY} team {team}",
            )
            put(sql, "team_settings", team_id=team_id)
        for name in names:
            if name == "uma":  # has an account, and Sixfold does not know her
                continue
            team, role = MEMBERS.get(name, ("north", None))
            put(
                sql,
                "people",
                id=scene.people[name],
                clinic_id=scene.clinics[CLINIC_OF[team]],
                display_name=f"{CANARY} {name}",
            )
            if role:
                put(
                    sql, "memberships", id=ident(name, "membership"), person_id=scene.people[name], team_id=scene.teams[team], role=role,
                    starts_on=today - timedelta(days=400), ends_on=today if name == "erin" else None,
                )  # fmt: skip
        put(
            sql, "memberships", id=ident("lena", "earlier"), person_id=scene.people["lena"], team_id=scene.teams["north"], role="therapist",
            starts_on=today - timedelta(days=400), ends_on=today,
        )  # fmt: skip
        for therapist, supervisor in THERAPISTS.items():
            _case_work(sql, scene, therapist, supervisor)
            _case_page(sql, scene, therapist, supervisor)
        for team, leader in LEADERS.items():
            _meetings(sql, scene, team, leader)
        _administered(sql, scene)
        # History comes from changes.
        ours = list(scene.teams.values())
        sql.execute(
            "update public.episodes set intensity = 4 where team_id = any(%s) and intensity = 3", (ours,)
        )
        sql.execute("update public.notes set shared = shared where team_id = any(%s)", (ours,))
    return scene


def _case_work(sql: psycopg.Connection, scene: Scene, therapist: str, supervisor: str) -> None:
    who, by, team = scene.people[therapist], scene.people[supervisor], scene.team_of(therapist)
    mine = {"therapist_id": who, "team_id": team}
    case, day = ident(therapist, "case"), scene.today - timedelta(days=9)

    put(sql, "cases", **mine, id=case, code="CAN-01")
    for name in ("noted", "secret", "plain"):
        put(
            sql, "episodes", **mine, id=ident(therapist, name), case_id=case, happened_on=day, kind="withdrawal", markers=["yes_but"],
            intensity=3 if name == "noted" else None, first_blame="neither", next_move="asked",
        )  # fmt: skip
    put(sql, "ratings", **mine, episode_id=ident(therapist, "noted"), on_day=day, cause=1, rating=2)

    for name, weeks_ago in (("open", 1), ("read", 2)):
        week = scene.monday - timedelta(weeks=weeks_ago)
        read = {"read_at": scene.today, "read_by": by} if name == "read" else {}
        reflection = ident(therapist, name)
        put(sql, "reflections", **mine, id=reflection, week=week, behaviours=["matching"], **read)
        for part in ("strength", "intention", "private_text", "not_brought"):
            put(
                sql, "reflection_parts", **mine, reflection_id=reflection, part=part, shared=part == "strength",
                content={"value": f"{CANARY} {therapist} {name} {part}"},
            )  # fmt: skip
        for cause in (1, 2):
            put(sql, "ratings", **mine, reflection_id=reflection, on_day=week, cause=cause, rating=cause)

    put(
        sql,
        "ruptures",
        **mine,
        id=ident(therapist, "rupture"),
        case_id=case,
        episode_id=ident(therapist, "noted"),
        kind="mixed",
        noticed_on=day,
    )
    put(
        sql,
        "ruptures",
        **mine,
        id=ident(therapist, "closed"),
        case_id=case,
        kind="mixed",
        noticed_on=day,
        closed_on=scene.today,
        outcome="repaired",
    )
    for author in (therapist, supervisor):
        step, use = ident(author, therapist, "step"), ident(author, therapist, "use")
        person = scene.people[author]
        put(
            sql, "repair_steps", recorded_by=person, id=step, **mine, rupture_id=ident(therapist, "rupture"), stage="named",
            taken_on=scene.today,
        )  # fmt: skip
        for number in ("", "2"):
            put(
                sql, "prompt_uses", used_by=person, id=ident(author, therapist, f"use{number}"), **mine, case_id=case,
                rupture_id=ident(therapist, "rupture"), prompt="canary-prompt", verdict="used",
            )  # fmt: skip
        put(sql, "notes", **_note(author, therapist, "step-note", scene), repair_step_id=step, shared=True)
        put(sql, "notes", **_note(author, therapist, "use-note", scene), prompt_use_id=use, shared=False)
    put(
        sql,
        "notes",
        **_note(therapist, therapist, "shared-note", scene),
        episode_id=ident(therapist, "noted"),
        shared=True,
    )
    put(
        sql,
        "notes",
        **_note(therapist, therapist, "secret-note", scene),
        episode_id=ident(therapist, "secret"),
        shared=False,
    )


SHARED_TEXTS = ("goal", "strategy", "formulation")
PRIVATE_TEXTS = ("task", "obstacle", "adjustment", "fears", "socratic", "rupture_helped")
PHQ9 = UUID("5c0e0000-0000-4000-8000-000000000001")


def _case_page(sql: psycopg.Connection, scene: Scene, therapist: str, supervisor: str) -> None:
    """Facts on the case, each text on one of them; and two more cases: one has been handed over, one is to be."""
    who, by, day = scene.people[therapist], scene.people[supervisor], scene.today - timedelta(days=5)
    mine, number = (
        {"therapist_id": who, "team_id": scene.team_of(therapist)},
        list(THERAPISTS).index(therapist),
    )
    here = {**mine, "case_id": ident(therapist, "case")}

    def is_there(table: str, name: str, **values: object) -> None:
        put(sql, table, id=ident(therapist, name), **values)

    is_there("sessions", "session", **here, number=3, held_on=day)
    is_there("goals", "goal", **here, set_by="together", importance=7, set_on=day)
    is_there("goal_progress", "progress", **mine, goal_id=ident(therapist, "goal"), on_day=day, progress=2)
    is_there("tasks", "task", **here, goal_id=ident(therapist, "goal"), proposed_by="therapist", given_on=day)
    is_there("task_checks", "obstacle", **mine, task_id=ident(therapist, "task"), on_day=day, done="a_little")
    for name in ("check-in", "unguessed"):
        is_there("check_ins", name, **here, on_day=day, goals=6, relationship=8)
    is_there("check_in_guesses", "check-in", **mine, goals=9, way_of_working=1)
    is_there("formulation_entries", "formulation", **here, field="core_problems", version=1, written_on=day)
    is_there(
        "formulation_entries", "fears", **here, field="fears", version=1, written_on=day, ticked=["failure"]
    )
    for name in ("strategy", "untried"):
        is_there("strategies", name, **here, started_on=day)
    is_there("plan_reviews", "adjustment", **here, reviewed_on=day, next_review_on=scene.today)
    put(
        sql, "strategy_verdicts", **mine, review_id=ident(therapist, "adjustment"), strategy_id=ident(therapist, "strategy"),
        verdict="partly",
    )  # fmt: skip
    is_there("scores", "score", **here, measure_id=PHQ9, on_day=day, value=11)
    for about in (*SHARED_TEXTS, *PRIVATE_TEXTS):
        is_there(
            "case_texts", f"{about} text", **here, about="formulation" if about == "fears" else about,
            about_id=ident(therapist, {"socratic": "case", "rupture_helped": "closed"}.get(about, about)),
            slot="canary" if about == "socratic" else "", body=f"{CANARY} {therapist} {about} text", shared=about in SHARED_TEXTS,
        )  # fmt: skip
    for state in ("open", "withdrawn"):
        is_there(
            "questions", f"{state} question", **here, state=state,
            **{name: f"{CANARY} {therapist} {state} {name}" for name in ("moment", "question", "felt", "would_like")},
        )  # fmt: skip
    for withdrawn in (False, True):
        name = "back" if withdrawn else "shown"
        content = {"value": f"{CANARY} {therapist} mirror {name}"}
        is_there("mirror_shares", name, **mine, item="frustration", content=content, withdrawn=withdrawn)
    for name, code in (("handed", 20 + number), ("parting", 30 + number)):
        is_there("cases", name, **mine, code=f"CAN-{code}", state="closed")
    handed = {"to_id": scene.people[scene.mate_of(therapist)], "decided_by": by, "decided_at": scene.today}
    is_there("case_transfers", "handed", **mine, case_id=ident(therapist, "handed"), state="agreed", **handed)
    is_there("case_transfers", "parting", **mine, case_id=ident(therapist, "parting"))
    _watched(sql, scene, therapist, supervisor)


def _watched(sql: psycopg.Connection, scene: Scene, therapist: str, supervisor: str) -> None:
    """A flag on the case, what was done about it, and a look that a lead has asked for."""
    who, by, team = scene.people[therapist], scene.people[supervisor], scene.team_of(therapist)
    here = {"therapist_id": who, "team_id": team, "case_id": ident(therapist, "case")}
    left = therapist in ("erin", "lena")  # nobody asks anything of those who have left
    for author in (therapist, supervisor):
        person = scene.people[author]
        put(
            sql, "actions", created_by=person, id=ident(author, therapist, "action"), **here, owner_id=by if left else person,
            what=f"{CANARY} {author} on {therapist} action",
        )  # fmt: skip
        put(
            sql, "step_backs", done_by=person, id=ident(author, therapist, "step back"), **here, decision="consult",
            seen=f"{CANARY} {author} on {therapist} seen", let_go=f"{CANARY} {author} on {therapist} letting go",
        )  # fmt: skip
    put(
        sql, "flags", id=ident(therapist, "flag"), **here, rule="R5", severity="review", numbers=Jsonb({"days": 20}), n=1, since=scene.today,
        first_seen=scene.today,
    )  # fmt: skip
    put(
        sql, "flag_events", actor_id=by, id=ident(supervisor, therapist, "event"), **here, flag_id=ident(therapist, "flag"), kind="assigned",
        assignee_id=by if left else who, note=f"{CANARY} {supervisor} on {therapist} flag note",
    )  # fmt: skip
    put(
        sql, "erasure_requests", id=ident(therapist, "erasure"), team_id=team, therapist_id=who, code="CAN-01", asked_by=who,
        why=f"{CANARY} {therapist} on {therapist} why it should go",
    )  # fmt: skip
    put(
        sql, "erasure_requests", id=ident(therapist, "refused erasure"), team_id=team, therapist_id=who, asked_by=who, state="refused",
        basis=f"{CANARY} {therapist} on {therapist} why it stays", decided_by=by, decided_at=scene.today, gone=Jsonb({"canary": 1}),
    )  # fmt: skip
    lead = scene.people["lena"] if team == scene.teams["north"] else by
    put(
        sql, "reveals", lead_id=lead, id=ident(therapist, "reveal"), **here, reason=f"{CANARY} lead on {therapist} reason for a look",
    )  # fmt: skip
    sql.execute("update public.team_settings set frustration_high = 4 where team_id = %s", (team,))
    sql.execute("update public.team_settings set frustration_high = 3 where team_id = %s", (team,))


def _meetings(sql: psycopg.Connection, scene: Scene, team: str, leader: str) -> None:
    """One that runs today, and last week's. For each therapist an item with nothing released, one with words released, one without words."""
    led, by, before = {"led_by": scene.people[leader]}, scene.people[leader], scene.today - timedelta(days=7)
    here, now = {"team_id": scene.teams[team]}, ident(leader, "meeting")
    for name, day, more in (
        ("last meeting", before, {"state": "ended", "ended_at": before}),
        (
            "meeting",
            scene.today,
            {
                "state": "running",
                "theme": {"about": f"{CANARY} agenda {team} theme"},
                "prompt": f"canary-{team}",
            },
        ),
    ):
        put(sql, "meetings", **led, id=ident(leader, name), **here, held_on=day, begun_at=day, **more)
    sql.execute(
        "insert into private.pulse_counts (led_by, meeting_id, answer, n) values (%s, %s, 2, 2), (%s, %s, 4, 3)", (by, ident(leader, "last meeting")) * 2
    )  # fmt: skip
    put(
        sql, "agenda_items", **led, id=ident(leader, "own item"), meeting_id=now, **here, position=0, kind="own",
        title=f"{CANARY} agenda {team} title",
    )  # fmt: skip
    for place, therapist in enumerate((name for name in THERAPISTS if MEMBERS[name][0] == team), start=1):
        mine = {"therapist_id": scene.people[therapist], **here}
        case = {**mine, "case_id": ident(therapist, "case")}
        for number, (name, more) in enumerate({
            "item": {"kind": "question", "question_id": ident(therapist, "open question"),
                "because": Jsonb([{"why": "flag", "rule": "R5", "points": 3, "canary": f"{CANARY} {therapist} because"}]),
                "reason": f"{CANARY} {leader} on {therapist} reason"},
            "shown item": {"kind": "case", "released": ["words"]},
            "bare item": {"kind": "rupture", "rupture_id": ident(therapist, "rupture")},
        }.items()):  # fmt: skip
            put(
                sql,
                "agenda_items",
                **led,
                id=ident(therapist, name),
                meeting_id=now,
                **case,
                position=10 * place + number,
                **more,
            )
        for name in ("item", "shown item"):
            put(
                sql, "agenda_words", **led, item_id=ident(therapist, name), **mine, body=f"{CANARY} {therapist} {name} words",
                released=name == "shown item",
            )  # fmt: skip
        for author, name in ((leader, "item"), (therapist, "shown item")):
            words = {what: f"{CANARY} {author} on {therapist} decision {what}" for what in DECISION_WORDS}
            put(
                sql, "decisions", recorded_by=scene.people[author], id=ident(author, therapist, "decision"), **led, meeting_id=now, **case,
                item_id=ident(therapist, name), **words, shown=name == "shown item",
            )  # fmt: skip
        put(sql, "reratings", **led, item_id=ident(therapist, "item"), **mine, cause=1, rating=0, before=2)
    put(sql, "meeting_screens", opened_by=by, id=ident(leader, "screen"), **here, **led, meeting_id=now)
    sql.execute("update public.meetings set item_id = %s where id = %s", (ident(leader, "own item"), now))


def nothing_ahead(sql: psycopg.Connection) -> None:
    """The meeting of each team that the scene has running ended a week ago, so that another one can be planned."""
    sql.execute(
        "update public.meetings set state = 'ended', begun_at = now() - interval '7 days', ended_at = now() - interval '7 days', held_on = held_on - 7 where state < 'ended'"
    )


def planned_ahead(sql: psycopg.Connection, scene: Scene) -> UUID:
    """One of Sue's in a week's time, with nothing on it."""
    nothing_ahead(sql)
    put(
        sql, "meetings", led_by=scene.people["sue"], id=ident("sue", "meeting to come"), team_id=scene.teams["north"], held_on=scene.today + timedelta(days=7)
    )  # fmt: skip
    return ident("sue", "meeting to come")


DECISION_WORDS = ("words", "sentence", "will_know")


def _note(author: str, therapist: str, name: str, scene: Scene) -> dict:
    return {
        "author_id": scene.people[author], "id": ident(author, therapist, name), "team_id": scene.team_of(therapist),
        "therapist_id": scene.people[therapist], "body": f"{CANARY} {author} on {therapist} {name}",
    }  # fmt: skip


def _administered(sql: psycopg.Connection, scene: Scene) -> None:
    """What administrators keep: how long, holds, invitations, and what was purged."""
    for clinic, by in (("one", "adam"), ("two", "sid")):
        here, me = {"clinic_id": scene.clinics[clinic]}, scene.people[by]
        put(sql, "retention_periods", **here, what="invitations", days=30)
        put(sql, "legal_holds", **here, code="CAN-99", reason=f"{CANARY} hold of {clinic}", set_by=me)
        put(sql, "legal_holds", **here, therapist_id=me, reason=f"{CANARY} hold of {clinic}", set_by=me)
        put(sql, "purge_reports", **here, report=Jsonb({"kinds": {}}))
        for team in (team for team, of in CLINIC_OF.items() if of == clinic):
            put(
                sql, "invitations", **here, team_id=scene.teams[team], email=f"canary-{team}@scene.example", role="therapist",
                display_name=f"{CANARY} invited to {team}", invited_by=me, invited_at=scene.today - timedelta(days=400),
                starts_on=scene.today - timedelta(days=400),
            )  # fmt: skip
