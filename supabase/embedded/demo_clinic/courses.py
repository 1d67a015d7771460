"""Scores and check-ins: how each client's numbers went, by straight lines with a little wavering.

Most get better. Theo's C-0387 stands still, Jonas's C-0433 gets worse, Grace's C-0536 loses what it had won, Lena's C-0416
stays where it got to. In Nora's C-0431 and in Lena's C-0547 the answers about the work together drop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from demo_clinic import curves
from demo_clinic.case_records import CaseRecords
from demo_clinic.curves import Curve
from demo_clinic.people import CASES, LONG, draws
from demo_clinic.records import Records
from demo_clinic.visits import Visit


@dataclass(frozen=True, slots=True)
class Course:
    """The scores of one measure: from the first point of the curve on, at every n-th session."""

    measure: str
    every: int
    curve: Curve
    wavering: int = 1


COURSES: dict[str, tuple[Course, ...]] = {
    "C-0412": (Course("core-10", 1, ((0, 24), (9, 21), (13, 26), (15, 23), (19, 14), (25, 8))),),
    "C-0431": (
        Course("gad-7", 2, ((0, 15), (19, 6), (26, 6)), 0),
        Course("own-week", 1, ((0, 3), (22, 7), (23, 4), (26, 4))),
    ),
    "C-0455": (Course("phq-9", 1, ((2, 18), (21, 7), (26, 7))),),
    "C-0398": (Course("phq-9", 3, ((0, 14), (22, 6), (26, 5))),),
    "C-0467": (Course("own-week", 1, ((10, 3), (25, 7))),),
    "C-0440": (Course("gad-7", 2, ((0, 14), (13, 3))),),
    "C-0387": (Course("core-10", 1, ((1, 19), (12, 20), (26, 19))),),
    "C-0403": (Course("gad-7", 2, ((0, 14), (18, 5), (26, 4))),),
    "C-0419": (Course("phq-9", 2, ((0, 17), (20, 7), (26, 6))),),
    "C-0461": (Course("own-problem", 1, ((8, 8), (25, 4))),),
    "C-0391": (Course("phq-9", 2, ((0, 19), (17, 8), (20, 8))),),
    "C-0425": (Course("gad-7", 3, ((0, 14), (17, 6), (20, 6)), 0),),
    "C-0433": (
        Course("phq-9", 2, ((0, 11), (12, 12), (25, 20)), 0),
        Course("own-week", 2, ((0, 5), (12, 5), (25, 2))),
    ),
    "C-0405": (Course("core-10", 3, ((0, 23), (20, 9), (26, 8))),),
    "C-0480": (Course("core-10", 1, ((24, 21), (26, 20))),),
    "C-0416": (Course("core-10", 2, ((0, 27), (7, 17), (26, 17))),),
    "C-0521": (Course("phq-9", 2, ((0, 18), (18, 7), (26, 5))),),
    "C-0503": (Course("gad-7", 2, ((0, 16), (18, 5), (26, 4))),),
    "C-0532": (Course("core-10", 2, ((21, 21), (26, 20)), 0),),
    "C-0551": (Course("phq-9", 2, ((18, 16), (26, 15))),),
    LONG: (
        Course(
            "phq-9", 1, ((-130, 20), (-110, 18), (-86, 11), (-72, 8), (-60, 15), (-44, 10), (-20, 6), (26, 5))
        ),
        Course("own-week", 1, ((-130, 2), (-86, 5), (-72, 6), (-60, 4), (-20, 7), (26, 8))),
        Course("gad-7", 4, ((-130, 13), (-86, 8), (-60, 10), (-20, 5), (26, 4)), 0),
    ),
    "C-0536": (Course("core-10", 2, ((0, 28), (12, 13), (18, 14), (25, 21)), 0),),
    "C-0558": (Course("gad-7", 2, ((9, 15), (22, 6), (26, 5))),),
    "C-0511": (Course("core-10", 2, ((0, 22), (19, 8), (26, 7))),),
    "C-0529": (Course("own-problem", 2, ((0, 8), (25, 5))),),
    "C-0563": (Course("phq-9", 1, ((22, 17), (26, 16))),),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Check-ins at every n-th session from a week on; how far the therapist's guess lies above the client's answer."""

    every: int
    since: int = 0
    start: tuple[int, int, int] = (7, 7, 8)
    end: tuple[int, int, int] = (8, 8, 9)
    guess: int | None = None


CHECK_INS: dict[str, Answers] = {
    "C-0412": Answers(3, 14, (6, 5, 6), (8, 8, 9), guess=0), "C-0455": Answers(3, 3, (6, 7, 7), guess=0),
    "C-0467": Answers(2, 11, guess=1), "C-0403": Answers(4), "C-0419": Answers(3, start=(6, 7, 8)), "C-0391": Answers(3),
    "C-0433": Answers(3, start=(6, 6, 7), end=(5, 6, 7), guess=2), "C-0405": Answers(4, start=(6, 7, 8), guess=2),
    "C-0416": Answers(3, guess=0), "C-0521": Answers(3, guess=0), "C-0503": Answers(4), LONG: Answers(4, -120, guess=-2),
    "C-0524": Answers(3, start=(6, 6, 7), end=(7, 8, 8), guess=-2), "C-0511": Answers(4, start=(7, 8, 8)),
    "C-0518": Answers(4, 2, (6, 6, 7), (7, 7, 7)),
}  # fmt: skip

# Told week by week: code → {week: (answers, guess)}.
TOLD: dict[str, dict[int, tuple[tuple[int, int, int], tuple[int, int, int] | None]]] = {
    # Steady until two stories were mixed up in week 23, and lower ever since. Nora had not expected the first answer.
    "C-0431": {
        2: ((8, 8, 9), None), 5: ((8, 8, 8), None), 8: ((8, 8, 9), (7, 8, 8)), 13: ((9, 8, 8), (8, 8, 8)), 16: ((8, 9, 9), (8, 8, 9)),
        19: ((9, 8, 9), (8, 9, 9)), 22: ((9, 9, 9), (9, 8, 9)), 23: ((7, 6, 5), (8, 8, 7)), 25: ((7, 5, 4), (7, 5, 3)),
    },
    "C-0547": {
        2: ((6, 6, 8), None), 5: ((8, 7, 8), None), 10: ((9, 8, 9), None), 12: ((8, 7, 8), None), 14: ((9, 9, 9), None),
        19: ((8, 8, 9), (8, 8, 8)), 21: ((9, 9, 9), (8, 9, 9)), 25: ((8, 7, 7), (8, 8, 8)),
    },
}  # fmt: skip


def write(records: Records, visits: dict[str, list[Visit]]) -> None:
    """All scores and check-ins."""
    for code, case in CASES.items():
        writes = CaseRecords(records, case)
        for course in COURSES.get(code, ()):
            _scores(writes, course, visits[code])
        if code in CHECK_INS:
            _check_ins(writes, CHECK_INS[code], visits[code])
        for visit in visits[code]:
            if visit.week in TOLD.get(code, {}):
                writes.check_in(visit.day, *TOLD[code][visit.week])


def _scores(writes: CaseRecords, course: Course, visits: Sequence[Visit]) -> None:
    chance = draws("scores", writes.case.code, course.measure)
    for visit in [v for v in visits if v.week >= course.curve[0][0]][:: course.every]:
        level = round(curves.at(course.curve, visit.week))
        writes.score(visit.day, course.measure, level + chance.randint(-course.wavering, course.wavering))


def _check_ins(writes: CaseRecords, asked: Answers, visits: Sequence[Visit]) -> None:
    chance, before = draws("check-ins", writes.case.code), 0
    for place, visit in enumerate([v for v in visits if v.week >= asked.since][:: asked.every]):
        answers = [
            round(curves.at(((asked.since, start), (24, end)), visit.week))
            for start, end in zip(asked.start, asked.end, strict=True)
        ]
        answers[chance.randrange(3)] += chance.choice((-1, 0, 1))
        # Lately no fall, not even a small one: those that are to be seen are told above.
        while visit.week >= 16 and sum(answers) < before:
            answers[answers.index(min(answers))] += 1
        before = sum(answers)
        guess = [max(0, min(10, a + (asked.guess or 0) + chance.choice((-1, 0, 0, 1)))) for a in answers]
        # The guess came into use after the first two.
        writes.check_in(visit.day, answers, guess if asked.guess is not None and place >= 2 else None)
