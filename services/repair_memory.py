"""Repair memory: which steps the ruptures that this team has closed in a year went through, and how many of those were repaired."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from scipy.stats import binomtest
from supabase import Client

from services import vocabulary
from services.errors import explained

TOO_FEW = (
    "Too few to say: the team has not closed enough ruptures within a year, by enough of its therapists."
)
NO_CAUSE = "What went before a repair need not have brought it about."


@dataclass(frozen=True, slots=True)
class Share:
    """`repaired` out of `of` closed ruptures, wholly or partly; `lower` to `upper` is the 95 % Wilson interval (0–1)."""

    of: int
    repaired: int
    lower: float
    upper: float

    @classmethod
    def counted(cls, repaired: int, of: int) -> Self:
        range_ = binomtest(repaired, of).proportion_ci(confidence_level=0.95, method="wilson")
        return cls(of, repaired, float(range_.low), float(range_.high))

    def in_words(self) -> str:
        """ "6 of 8 were repaired, which fits with anything from 41 to 93 in 100" """
        were = "was" if self.repaired == 1 else "were"
        return (
            f"{self.repaired} of {self.of} {were} repaired, which fits with anything from"
            f" {round(self.lower * 100)} to {round(self.upper * 100)} in 100"
        )


@dataclass(frozen=True, slots=True)
class RepairMemory:
    """All ruptures closed within a year, and of those that went through a step, by step in the order of the ladder.

    A step that too few have taken to be shown is not among `steps`.
    """

    every: Share
    steps: Mapping[str, Share]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        told = {one["stage"]: Share.counted(one["repaired"], one["of"]) for one in row["steps"]}
        return cls(
            Share.counted(row["repaired"], row["closed"]),
            {stage: told[stage] for stage in vocabulary.REPAIR_STAGES if stage in told},
        )


def of_team(db: Client, *, team: UUID) -> RepairMemory | None:
    """The memory of a team, for its therapists and supervisors; None where too few ruptures or therapists stand behind it."""
    with explained():
        row = db.rpc("repair_memory", {"of_team": str(team)}).execute().data
    return RepairMemory.from_row(row) if row else None
