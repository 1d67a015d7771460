"""How the half-year went in each team: the slow movements under the ordinary weeks.

Team North: "own agenda" is high until the team talks about homework ownership in week 9, and falls from then on;
ruptures are as many as before but are repaired sooner. Team South: keeping a distance (cause 6) creeps up and ruptures
stay open longer.
"""

from random import Random

from demo_clinic.people import RUNNING

# (week, value) points between which a level moves in straight lines.
Curve = tuple[tuple[float, float], ...]


def at(curve: Curve, week: float) -> float:
    """The value of a curve in a week; flat before its first and after its last point."""
    before = [point for point in curve if point[0] <= week] or [curve[0]]
    after = [point for point in curve if point[0] > week] or [curve[-1]]
    (x0, y0), (x1, y1) = before[-1], after[0]
    return y0 if x1 <= x0 else y0 + (y1 - y0) * (week - x0) / (x1 - x0)


OWNERSHIP_TALK = 9  # the week in which Team North discussed whose homework it is

CAUSE_LEVELS: dict[str, dict[int, Curve]] = {
    "north": {
        1: ((0, 1.4), (25, 1.1)),
        2: ((0, 2.9), (OWNERSHIP_TALK, 3.1), (17, 1.2), (25, 0.8)),
        3: ((0, 1.8), (12, 1.7), (25, 1.2)),
        4: ((0, 1.7), (13, 2.1), (25, 2.2)),
        5: ((0, 1.9), (25, 2.3)),
        6: ((0, 1.1), (25, 0.9)),
    },
    "south": {
        1: ((0, 1.1), (15, 1.2), (25, 1.6)),
        2: ((0, 1.7), (25, 1.5)),
        3: ((0, 1.5), (12, 1.8), (25, 1.4)),
        4: ((0, 2.2), (25, 1.9)),
        5: ((0, 1.9), (25, 2.0)),
        6: ((0, 0.7), (8, 1.1), (18, 2.2), (25, 2.9)),
    },
}

# A cause that goes with a kind of episode is rated a little higher there, and rated more often.
GOES_WITH: dict[str, tuple[int, ...]] = {
    "withdrawal": (1, 5, 6), "confrontation": (1, 3, 2), "homework_not_done": (2, 4), "topic_avoided": (5, 6),
    "yes_but": (3, 2, 4), "stalled": (2, 4, 6), "other": (1, 5),
}  # fmt: skip

KIND_WEIGHTS: dict[str, dict[str, Curve]] = {
    "north": {
        "homework_not_done": ((0, 34), (OWNERSHIP_TALK, 34), (18, 18)), "withdrawal": ((0, 17), (25, 22)),
        "yes_but": ((0, 20), (25, 19)), "topic_avoided": ((0, 15), (25, 18)), "stalled": ((0, 8), (25, 9)),
        "confrontation": ((0, 5), (25, 13)), "other": ((0, 1),),
    },
    "south": {
        "withdrawal": ((0, 20), (25, 29)), "topic_avoided": ((0, 16), (25, 24)), "confrontation": ((0, 17),),
        "yes_but": ((0, 17), (25, 14)), "homework_not_done": ((0, 21), (25, 9)), "stalled": ((0, 8), (25, 6)),
        "other": ((0, 1),),
    },
}  # fmt: skip

COMPANIONS: dict[str, tuple[str, ...]] = {
    "withdrawal": ("topic_avoided", "stalled"), "confrontation": ("yes_but",),
    "homework_not_done": ("yes_but", "stalled", "topic_avoided"), "topic_avoided": ("withdrawal",),
    "yes_but": ("stalled", "homework_not_done"), "stalled": ("yes_but", "homework_not_done"), "other": ("topic_avoided",),
}  # fmt: skip

# Where the first blame goes. Jonas and Grace drift, each their own way.
BLAME: dict[str, dict[str, Curve]] = {
    person: {"client": client, "myself": myself, "neither": neither}
    for person, client, myself, neither in (
        ("nora", ((0, 40), (12, 25), (25, 12)), ((0, 35), (25, 23)), ((0, 25), (12, 40), (25, 65))),
        ("theo", ((0, 40), (25, 20)), ((0, 35), (25, 25)), ((0, 25), (25, 55))),
        ("amara", ((0, 30),), ((0, 45),), ((0, 25),)),
        (
            "jonas",
            ((0, 15), (8, 25), (17, 65), (25, 90)),
            ((0, 40), (17, 15), (25, 5)),
            ((0, 45), (17, 20), (25, 5)),
        ),
        ("lena", ((0, 35), (25, 20)), ((0, 35), (25, 30)), ((0, 30), (25, 50))),
        ("edwin", ((0, 40),), ((0, 30),), ((0, 30),)),
        ("ravi", ((0, 35), (25, 40)), ((0, 30),), ((0, 35), (25, 30))),
        (
            "grace",
            ((0, 35), (10, 20), (25, 0)),
            ((0, 25), (10, 45), (18, 80), (25, 97)),
            ((0, 40), (10, 35), (25, 3)),
        ),
        ("milo", ((0, 40),), ((0, 20), (25, 30)), ((0, 40), (25, 30))),
    )
}

NEXT_MOVES: dict[str, dict[str, Curve]] = {
    "north": {
        "insisted": ((0, 38), (25, 12)), "slowed_down": ((0, 20), (25, 25)), "asked": ((0, 18), (25, 38)),
        "changed_course": ((0, 12), (25, 17)), "nothing": ((0, 12), (25, 8)),
    },
    "south": {
        "insisted": ((0, 20), (25, 14)), "slowed_down": ((0, 25), (25, 18)), "asked": ((0, 27), (25, 16)),
        "changed_course": ((0, 15), (25, 17)), "nothing": ((0, 13), (25, 35)),
    },
}  # fmt: skip

NAMED: dict[str, dict[str, Curve]] = {
    "north": {"yes": ((0, 30), (25, 60)), "not_yet": ((0, 50), (25, 22)), "planned": ((0, 20), (25, 18))},
    "south": {"yes": ((0, 45), (25, 27)), "not_yet": ((0, 35), (25, 53)), "planned": ((0, 20),)},
}

# How many ruptures a team notices in a week. It is not this that tells the teams apart, but what happens next.
OPENED_A_WEEK: dict[str, Curve] = {"north": ((0, 1.9), (12, 1.7), (25, 1.5)), "south": ((0, 1.8),)}

# How many of a hundred ruptures are slow to be repaired, and how many days a quick and a slow one take.
SLOW: dict[str, Curve] = {
    "north": ((0, 65), (8, 70), (13, 15), (19, 0)),
    "south": ((0, 10), (9, 20), (15, 45), (25, 50)),
}
DAYS_QUICK: dict[str, Curve] = {"north": ((0, 10), (25, 5)), "south": ((0, 10), (25, 13))}
DAYS_SLOW: dict[str, Curve] = {"north": ((0, 42), (8, 38), (16, 21)), "south": ((0, 25), (12, 45), (16, 90))}

FRUSTRATION: dict[str, Curve] = {
    "nora": ((0, 2.2), (12, 1.5), (25, 0.9)), "theo": ((0, 1.4), (13, 2.0), (25, 2.9)), "amara": ((0, 1.6),),
    "jonas": ((0, 1.2), (25, 2.8)), "lena": ((0, 1.1),), "edwin": ((0, 1.8),), "ravi": ((0, 1.2), (25, 1.7)),
    "grace": ((0, 1.0), (14, 2.4), (25, 3.7)), "milo": ((0, 1.3), (25, 1.8)),
}  # fmt: skip

# How many episodes somebody logs in a week; one of these each time.
EPISODES_A_WEEK: dict[tuple[str, str], tuple[int, ...]] = {
    ("nora", "north"): (2, 2, 3), ("theo", "north"): (1, 2, 2, 2), ("amara", "north"): (1, 2, 2),
    ("jonas", "north"): (2, 2, 3), ("lena", "north"): (1, 1, 2), ("edwin", "north"): (1, 2),
    ("lena", "south"): (2, 2, 2), ("ravi", "south"): (2, 2, 3), ("grace", "south"): (2, 3, 3), ("milo", "south"): (2, 2, 3),
}  # fmt: skip

# How often of a hundred somebody hands in their week.
HANDED_IN: dict[tuple[str, str], int] = {
    ("nora", "north"): 96, ("theo", "north"): 85, ("amara", "north"): 90, ("jonas", "north"): 78, ("lena", "north"): 70,
    ("edwin", "north"): 70, ("lena", "south"): 96, ("ravi", "south"): 95, ("grace", "south"): 97, ("milo", "south"): 90,
}  # fmt: skip

# Weeks without a word: leave, and Amara, who has gone silent (nobody knows why: that is the point).
AWAY: dict[str, range | tuple[int, ...]] = {
    "nora": (11,), "theo": (3, 18), "amara": range(21, RUNNING + 1), "jonas": (14,), "lena": (7, 22), "ravi": (12,),
    "grace": (5,), "milo": (2, 19), "edwin": (),
}  # fmt: skip


def rating(chance: Random, level: float) -> int | None:
    """A rating 0–4 around a level; now and then "can't tell"."""
    drawn = chance.gauss(level, 0.7)
    return None if chance.random() < 0.06 else max(0, min(4, round(drawn)))


class Evenly:
    """Draws keys as often as their weights say, in the long run and nearly so in the short one.

    Dealt by pure chance, a team of four would show noise; the slow movements are what the charts are there for.
    """

    def __init__(self, chance: Random) -> None:
        self._chance, self._owed = chance, {}

    def draw(self, weights: dict[str, Curve], week: int, liked: tuple[str, ...] = ()) -> str:
        """The key that is most due by the weights of this week; chance and what is `liked` may go before it."""
        now = {key: max(0.0, at(curve, week)) for key, curve in weights.items()}
        for key, weight in now.items():
            self._owed[key] = self._owed.get(key, 0) + weight / sum(now.values())
        due = {
            key: self._owed[key] + 0.7 * self._chance.random() + 0.5 * (key in liked)
            for key in now
            if now[key]
        }
        drawn = max(due, key=due.get)
        self._owed[drawn] -= 1
        return drawn
