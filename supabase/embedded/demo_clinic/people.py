"""The demo clinic's people, teams and cases. All of it is made up; no name here belongs to anybody.

A week is counted from the oldest one of the story: 0 to 25 are complete, 26 is running, below 0 lies before it.
"""

from dataclasses import dataclass
from random import Random
from uuid import UUID, uuid5

RUNNING = 26  # the week of today
WEEKS = range(RUNNING)  # the complete ones

CLINIC = "Harbour Street Clinic"
TEAMS = {"north": "Team North", "south": "Team South"}

PASSWORD = "sixfold-demo-2026"  # noqa: S105 - printed by the demo and by the README
PASSWORD_HASH = "$2b$10$f7hp3eOct1KIPTtJyskpt.rdJOLiiY9mG2yXLNn4lnNx5P5C3w1JG"  # noqa: S105 - bcrypt of it, cost 10

_SPACE = UUID("0b7b6d5e-51f0-4d3a-9a57-3a1f6a1c6f26")


def key(*parts: object) -> UUID:
    """The same id on every machine and every day, so that seeding twice is seeding once."""
    return uuid5(_SPACE, "/".join(map(str, parts)))


def draws(*parts: object) -> Random:
    """Chance that always falls the same way, one stream per purpose, so that changing one leaves the others."""
    return Random("/".join(map(str, ("harbour street", *parts))))  # noqa: S311 - no secret hangs on it


@dataclass(frozen=True, slots=True)
class Role:
    """One membership, from the Monday of week `since`; over from the Monday of week `until` on."""

    team: str
    role: str
    since: int = -52
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `words` tells the visitor of the demo what they will see with it."""

    key: str
    name: str
    words: str
    roles: tuple[Role, ...] = ()
    known: bool = True  # False: an account that no clinic has heard of

    @property
    def id(self) -> UUID:
        return key("person", self.key)

    @property
    def email(self) -> str:
        return f"{self.key}@demo.sixfold.example"


PEOPLE = {
    person.key: person
    for person in (
        Person("nora", "Nora Tidewell", "therapist in Team North", (Role("north", "therapist", -94),)),
        Person(
            "sigrid", "Sigrid Palewater", "supervisor of Team North", (Role("north", "supervisor", -120),)
        ),
        Person("omar", "Omar Windlass", "supervisor of Team South", (Role("south", "supervisor", -81),)),
        Person(
            "clara",
            "Clara Beaconridge",
            "clinical lead of both teams",
            (Role("north", "lead", -140), Role("south", "lead", -140)),
        ),
        Person(
            "ada",
            "Ada Copperlane",
            "administrator of both teams",
            (Role("north", "admin", -140), Role("south", "admin", -140)),
        ),
        Person("theo", "Theo Lanternby", "therapist in Team North", (Role("north", "therapist", -66),)),
        Person("amara", "Amara Sandholt", "therapist in Team North", (Role("north", "therapist", -58),)),
        Person("jonas", "Jonas Merebrook", "therapist in Team North", (Role("north", "therapist", -40),)),
        Person(
            "lena",
            "Lena Foxharbour",
            "therapist in both teams",
            (Role("north", "therapist", -73), Role("south", "therapist", -31)),
        ),
        Person("ravi", "Ravi Kestrelwood", "therapist in Team South", (Role("south", "therapist", -112),)),
        Person("grace", "Grace Ottermere", "therapist in Team South", (Role("south", "therapist", -138),)),
        Person("milo", "Milo Ashfathom", "therapist in Team South", (Role("south", "therapist", -49),)),
        Person(
            "edwin",
            "Edwin Farshore",
            "left Team North, sees nothing now",
            (Role("north", "therapist", -88, 9),),
        ),
        Person("zoe", "Zoe Morrowgate", "an account without a team", known=False),
    )
}

SIGN_INS: tuple[tuple[str, str, str, str], ...] = tuple(
    (person.email, PASSWORD, person.name, person.words) for person in PEOPLE.values()
)

# Grace's work with this client has gone on for three years, and all of it is on record.
LONG = "C-0507"

SUPERVISOR = {"north": PEOPLE["sigrid"], "south": PEOPLE["omar"]}


@dataclass(frozen=True, slots=True)
class Case:
    """One client's work with one therapist in weeks `since` … `until`, and the kinds that come up most in it."""

    code: str
    person: str
    team: str
    since: int
    leaning: tuple[str, ...]
    control_sensitivity: int | None = None
    until: int | None = None
    state: str = "active"
    told_from: int | None = None  # from this week on stories_*.py tells all that happens in it

    @property
    def id(self) -> UUID:
        return key("case", self.code)

    @property
    def weekday(self) -> int:
        """The day of its sessions; 0 is Monday."""
        return draws("weekday", self.code).randrange(5)

    def is_ordinary_in(self, week: int) -> bool:
        """Whether sessions go on, and no story is told of them."""
        over = [end for end in (self.until, self.told_from) if end is not None]
        return self.since <= week < min(over, default=week + 1)


def _cases(person: str, team: str, *cases: dict) -> tuple[Case, ...]:
    return tuple(Case(person=person, team=team, **case) for case in cases)


CASES = {
    case.code: case
    for case in (
        *_cases(
            "nora", "north",
            {"code": "C-0412", "since": -9, "leaning": ("confrontation",), "control_sensitivity": 3, "told_from": 0},
            {"code": "C-0431", "since": -4, "leaning": ("withdrawal", "topic_avoided"), "control_sensitivity": 1,
             "told_from": RUNNING - 3},
            {"code": "C-0455", "since": 2, "leaning": ("confrontation", "yes_but"), "control_sensitivity": 4,
             "told_from": RUNNING - 2},
            {"code": "C-0398", "since": -21, "leaning": ("homework_not_done", "stalled"), "control_sensitivity": 2},
            {"code": "C-0467", "since": 10, "leaning": ("withdrawal", "homework_not_done")},
            {"code": "C-0476", "since": -2, "leaning": ("topic_avoided", "other"), "until": 19, "state": "paused"},
            {"code": "C-0440", "since": -15, "leaning": ("yes_but", "homework_not_done"), "control_sensitivity": 0,
             "until": 15, "state": "closed"},
        ),
        *_cases(
            "theo", "north",
            {"code": "C-0387", "since": -7, "leaning": ("stalled",), "control_sensitivity": 2, "told_from": 0},
            {"code": "C-0403", "since": -30, "leaning": ("homework_not_done", "yes_but"), "control_sensitivity": 3},
            {"code": "C-0419", "since": -11, "leaning": ("withdrawal", "topic_avoided"), "control_sensitivity": 1},
            {"code": "C-0448", "since": -1, "leaning": ("confrontation", "yes_but")},
            {"code": "C-0461", "since": 8, "leaning": ("withdrawal", "homework_not_done"), "control_sensitivity": 2},
        ),
        *_cases(
            "amara", "north",
            {"code": "C-0391", "since": -26, "leaning": ("topic_avoided", "withdrawal"), "control_sensitivity": 1},
            {"code": "C-0425", "since": -6, "leaning": ("homework_not_done", "stalled"), "control_sensitivity": 2},
            {"code": "C-0437", "since": -3, "leaning": ("yes_but", "confrontation"), "control_sensitivity": 3,
             "told_from": 20},
            {"code": "C-0470", "since": 12, "leaning": ("withdrawal", "other")},
        ),
        *_cases(
            "jonas", "north",
            {"code": "C-0405", "since": -18, "leaning": ("homework_not_done", "withdrawal"), "control_sensitivity": 3},
            {"code": "C-0433", "since": -5, "leaning": ("yes_but", "stalled"), "control_sensitivity": 4},
            {"code": "C-0452", "since": 1, "leaning": ("homework_not_done", "confrontation")},
            {"code": "C-0473", "since": 6, "leaning": ("topic_avoided", "yes_but"), "control_sensitivity": 2},
            {"code": "C-0480", "since": 24, "leaning": ("other",), "told_from": 24},
        ),
        *_cases(
            "lena", "north",
            {"code": "C-0416", "since": -13, "leaning": ("withdrawal", "yes_but"), "control_sensitivity": 1},
            {"code": "C-0459", "since": 4, "leaning": ("homework_not_done", "topic_avoided")},
        ),
        *_cases(
            "edwin", "north",
            {"code": "C-0379", "since": -41, "leaning": ("stalled", "homework_not_done"), "until": 9, "state": "closed"},
            {"code": "C-0383", "since": -33, "leaning": ("withdrawal", "yes_but"), "until": 9, "state": "closed"},
        ),
        *_cases(
            "lena", "south",
            {"code": "C-0521", "since": -8, "leaning": ("topic_avoided", "withdrawal"), "control_sensitivity": 2},
            {"code": "C-0547", "since": -2, "leaning": ("confrontation", "stalled"), "control_sensitivity": 3},
        ),
        *_cases(
            "ravi", "south",
            {"code": "C-0503", "since": -29, "leaning": ("withdrawal", "topic_avoided"), "control_sensitivity": 2},
            {"code": "C-0518", "since": -10, "leaning": ("confrontation", "withdrawal"), "control_sensitivity": 4},
            {"code": "C-0532", "since": -6, "leaning": ("yes_but", "homework_not_done"), "control_sensitivity": 1},
            {"code": "C-0551", "since": 5, "leaning": ("topic_avoided", "stalled")},
            {"code": "C-0560", "since": 14, "leaning": ("withdrawal", "confrontation"), "control_sensitivity": 3},
        ),
        *_cases(
            "grace", "south",
            {"code": LONG, "since": -130, "leaning": ("homework_not_done", "withdrawal"), "control_sensitivity": 0},
            {"code": "C-0524", "since": -9, "leaning": ("confrontation", "yes_but"), "control_sensitivity": 3},
            {"code": "C-0536", "since": -4, "leaning": ("stalled", "topic_avoided"), "control_sensitivity": 2,
             "told_from": 20},
            {"code": "C-0549", "since": -1, "leaning": ("withdrawal", "yes_but")},
            {"code": "C-0558", "since": 9, "leaning": ("homework_not_done", "topic_avoided"), "control_sensitivity": 1},
        ),
        *_cases(
            "milo", "south",
            {"code": "C-0511", "since": -16, "leaning": ("topic_avoided", "withdrawal"), "control_sensitivity": 2},
            {"code": "C-0529", "since": -7, "leaning": ("yes_but", "stalled"), "control_sensitivity": 1},
            {"code": "C-0543", "since": -3, "leaning": ("confrontation", "homework_not_done"), "control_sensitivity": 4,
             "until": 20, "state": "closed"},
            {"code": "C-0555", "since": 3, "leaning": ("withdrawal", "homework_not_done")},
            {"code": "C-0563", "since": 22, "leaning": ("other",), "told_from": 22},
        ),
    )
}  # fmt: skip
