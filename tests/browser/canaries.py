"""A clinic in which every name, code and word is marked, and a search that knows a mark however it is written."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from secrets import choice
from string import ascii_lowercase
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from services import vocabulary
from tests.database.scene import PHQ9, put

LETTERS = 12
WORD, CODE = re.compile(rb"qz[a-z]{12}"), re.compile(rb"QZ[A-Z]-?\d{5}")
UTF16 = re.compile(rb"(?:q\x00z\x00(?:[a-z]\x00){12})|(?:\x00q\x00z(?:\x00[a-z]){12})|(?:Q\x00Z\x00[A-Z]\x00-\x00(?:\d\x00){5})")  # fmt: skip
ESCAPED = re.compile(rb"\\u0071\\u007a(?:\\u00[67][0-9a-f]){12}", re.IGNORECASE)
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
THERAPISTS, CASES, ABROAD = 10, 8, 12


def found(data: bytes) -> set[str]:
    """Every mark in these bytes: plain, as UTF-16, escaped for JSON, or inside base64."""
    marks = set(WORD.findall(data)) | set(CODE.findall(data))
    marks |= {one.replace(b"\x00", b"") for one in UTF16.findall(data)}
    marks |= {bytes(int(each, 16) for each in re.findall(rb"00([67][0-9a-f])", one, re.IGNORECASE)) for one in ESCAPED.findall(data)}  # fmt: skip
    for run in BASE64.findall(data):
        run = run.translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            whole = run[start : start + (len(run) - start) // 4 * 4]
            inside = base64.b64decode(whole)
            marks |= set(WORD.findall(inside)) | set(CODE.findall(inside))
    return {mark.decode() for mark in marks}


@dataclass
class Clinic:
    """What was planted: each mark with where it lies, and the ids that a meeting needs."""

    team: UUID
    sue: UUID
    marks: dict[str, str] = field(default_factory=dict)
    therapists: list[UUID] = field(default_factory=list)
    cases: dict[UUID, list[UUID]] = field(default_factory=dict)
    questions: dict[UUID, UUID] = field(default_factory=dict)
    ruptures: dict[UUID, UUID] = field(default_factory=dict)

    def mark(self, where: str) -> str:
        word = "qz" + "".join(choice(ascii_lowercase) for _ in range(LETTERS))
        self.marks[word] = where
        return word

    def code(self) -> str:
        code = f"QZ{choice('BCDFGHJKLMNPRSTVWX')}-{10_000 + len(self.marks)}"
        self.marks[code] = "the code of a case"
        return code

    def planted(self, where: str) -> set[str]:
        return {mark for mark, place in self.marks.items() if place == where}


def plant(sql: psycopg.Connection, account: Callable[[str], UUID]) -> Clinic:
    """Two clinics and four teams; in one of them ten therapists with eight cases each."""
    home, abroad, team = uuid4(), uuid4(), uuid4()
    clinic = Clinic(team, account("sue@canaries.example"))
    today = date.today()
    with sql.transaction():
        for id_ in (home, abroad):
            put(sql, "clinics", id=id_, name=clinic.mark("the name of a clinic"))
        for id_, of in ((team, home), (uuid4(), home), (uuid4(), abroad)):
            put(sql, "teams", id=id_, clinic_id=of, name=clinic.mark("the name of a team"))
            put(sql, "team_settings", team_id=id_)
        for number in range(20):
            words = {name: clinic.mark("a prompt that is not shown") for name in ("why", "source")}
            words |= {
                name: clinic.mark(f"{name} of prompt {number}")
                for name in ("wording", "sentence", "repaired_when")
            }
            put(sql, "prompts", clinic_id=home, slug=f"marked-{number}", stage="validate", trigger={"subject": "episode"}, **words)  # fmt: skip
        _person(sql, clinic, home, clinic.sue, "supervisor")
        for number in range(ABROAD):
            _person(sql, clinic, abroad, account(f"stranger{number}@canaries.example"), None)
        for number in range(THERAPISTS):
            who = account(f"therapist{number}@canaries.example")
            _person(sql, clinic, home, who, "therapist")
            clinic.therapists.append(who)
            clinic.cases[who] = [_case(sql, clinic, who, today) for _ in range(CASES)]
            _reflections(sql, clinic, who, today)
    return clinic


def _person(sql: psycopg.Connection, clinic: Clinic, home: UUID, who: UUID, role: str | None) -> None:
    put(sql, "people", id=who, clinic_id=home, display_name=clinic.mark("a person's name").title())
    if role:
        put(sql, "memberships", id=uuid4(), person_id=who, team_id=clinic.team, role=role, starts_on=date.today() - timedelta(days=400))  # fmt: skip


def _case(sql: psycopg.Connection, clinic: Clinic, who: UUID, today: date) -> UUID:
    mine = {"therapist_id": who, "team_id": clinic.team}
    case, episode, question, rupture = uuid4(), uuid4(), uuid4(), uuid4()
    put(sql, "cases", **mine, id=case, code=clinic.code(), started_on=today - timedelta(weeks=30))
    put(
        sql, "episodes", **mine, id=episode, case_id=case, happened_on=today - timedelta(days=20), kind="withdrawal", markers=["yes_but"], intensity=3,
        first_blame="neither", next_move="asked",
    )  # fmt: skip
    put(sql, "ratings", **mine, episode_id=episode, on_day=today - timedelta(days=20), cause=1, rating=2)
    put(sql, "scores", **mine, id=uuid4(), case_id=case, measure_id=PHQ9, on_day=today - timedelta(days=30), value=11)  # fmt: skip
    put(
        sql, "notes", author_id=who, id=uuid4(), **mine, body=clinic.mark("a note"), episode_id=episode, shared=bool(len(clinic.marks) % 2),
    )  # fmt: skip
    put(sql, "ruptures", **mine, id=rupture, case_id=case, episode_id=episode, kind="mixed", noticed_on=today - timedelta(days=9))  # fmt: skip
    for slot in ("first", "second", "third"):
        put(
            sql, "case_texts", id=uuid4(), **mine, case_id=case, about="socratic", about_id=case, slot=slot, body=clinic.mark("a text of a case"),
            shared=slot == "first",
        )  # fmt: skip
    words = {
        name: clinic.mark(f"{name} of question {question}")
        for name in ("moment", "question", "felt", "would_like")
    }
    put(sql, "questions", id=question, **mine, case_id=case, state="open", **words)
    put(sql, "actions", created_by=who, id=uuid4(), **mine, case_id=case, owner_id=who, what=clinic.mark("an action"))  # fmt: skip
    put(
        sql, "step_backs", done_by=who, id=uuid4(), **mine, case_id=case, decision="consult", seen=clinic.mark("what a step back saw"),
        let_go=clinic.mark("what was let go"),
    )  # fmt: skip
    put(
        sql, "flags", id=uuid4(), **mine, case_id=case, rule="R5", severity="review", numbers=Jsonb({"days": 20}), n=1, since=today, first_seen=today,
    )  # fmt: skip
    clinic.questions[case], clinic.ruptures[case] = question, rupture
    return case


def _reflections(sql: psycopg.Connection, clinic: Clinic, who: UUID, today: date) -> None:
    monday = today - timedelta(days=today.weekday())
    for weeks in (1, 2):
        reflection, mine = uuid4(), {"therapist_id": who, "team_id": clinic.team}
        put(sql, "reflections", **mine, id=reflection, week=monday - timedelta(weeks=weeks), behaviours=["matching"])  # fmt: skip
        for part in ("strength", "intention", "private_text", "not_brought"):
            put(
                sql, "reflection_parts", **mine, reflection_id=reflection, part=part, shared=part == "strength",
                content={"value": clinic.mark(f"{vocabulary.REFLECTION_PARTS[part].label} of a reflection")},
            )  # fmt: skip
