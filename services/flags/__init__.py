"""Flags: the indicators R1–R11 as the database found them, in words: what it saw, since when, and which entry would clear it."""

from services.flags.course import STANDS_STILL, Stagnation, stagnation
from services.flags.reading import (
    MOST,
    SHOWN,
    STEP_BACK_FROM,
    Flag,
    Standing,
    Watched,
    Watchlist,
    every,
    of_mine,
    watched,
)
from services.flags.wording import named
from services.flags.working import (
    LONGEST_NOTE,
    SHORTEST_REASON,
    Given,
    Worked,
    as_they_will_be,
    given_to,
    history,
    work,
)
