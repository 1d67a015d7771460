"""Measures: the registry of what can be scored. Names, ranges, thresholds and where they come from; no item of any questionnaire."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Self
from uuid import UUID

from supabase import Client

from services import entries, vocabulary
from services.change import Scale
from services.errors import NotAllowed, Refused, explained

LONGEST_NAME, LONGEST_ABOUT, LONGEST_SOURCE = 80, 200, 400
LARGEST = Decimal("9999.99")  # as the database keeps numbers: two decimals


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `own`: the clinic's, and not shipped; a clinic's own replaces a shipped one of the same slug."""

    id: UUID
    slug: str
    name: str
    about: str
    lowest: float
    highest: float
    step: float
    direction: str
    reliable_change: float | None
    reliable_basis: str
    cut_off: float | None
    cut_off_basis: str
    source: str
    licence: str
    active: bool = True
    position: int = 0
    own: bool = False

    @classmethod
    def from_row(cls, row: dict) -> Self:
        return cls(
            id=UUID(row["id"]), slug=row["slug"], name=row["name"], about=row["about"], lowest=float(row["lowest"]), highest=float(row["highest"]),
            step=float(row["step"]), direction=row["direction"], reliable_change=_number(row["reliable_change"]),
            reliable_basis=row["reliable_basis"], cut_off=_number(row["cut_off"]), cut_off_basis=row["cut_off_basis"], source=row["source"],
            licence=row["licence"], active=row["active"], position=row["position"], own=row["clinic_id"] is not None,
        )  # fmt: skip

    def row(self) -> dict:
        """What `from_row` makes this measure of again; nothing but what JSON can hold."""
        return asdict(self) | {"id": str(self.id), "clinic_id": "own" if self.own else None}

    @property
    def scale(self) -> Scale:
        """What change.py needs to know."""
        return Scale(
            self.direction, self.reliable_change, self.reliable_basis, self.cut_off, self.cut_off_basis
        )

    @property
    def lower_is_better(self) -> bool:
        return self.direction == "lower_is_better"

    @property
    def range_words(self) -> str:
        """ "0 to 27" """
        return f"{spelt(self.lowest)} to {spelt(self.highest)}"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def spelt(value: float) -> str:
    """A number as it is written: "12", "12.5"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def registry(db: Client) -> list[Measure]:
    """Every measure the caller's clinic knows, in its order, those not offered included; at most 500."""
    with explained():
        rows = db.table("measures").select("*").order("position").order("name").limit(500).execute().data
    return replaced([Measure.from_row(row) for row in rows])


def replaced(found: Iterable[Measure]) -> list[Measure]:
    """Of two with the same slug, the clinic's own."""
    found = list(found)
    own = {measure.slug for measure in found if measure.own}
    return [measure for measure in found if measure.own or measure.slug not in own]


def offered(found: Sequence[Measure]) -> list[Measure]:
    """Those that new scores can be entered for."""
    return [measure for measure in found if measure.active]


def named(found: Iterable[Measure], words: str) -> Measure | None:
    """The measure meant by a name somebody wrote: "PHQ-9", "phq9", "Phq 9"."""
    wanted = _bare(words)
    return next((m for m in found if wanted and wanted in (_bare(m.name), _bare(m.slug))), None)


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", words).casefold())


def checked_score(measure: Measure, value: float | None) -> int | float:
    """The score as it travels. Raises Refused for what this measure cannot give."""
    if value is None or isinstance(value, bool):
        raise Refused("The score is missing. Please enter it.")
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        exact = Decimal("nan")
    low, high, step = (Decimal(spelt(each)) for each in (measure.lowest, measure.highest, measure.step))
    if not exact.is_finite() or not low <= exact <= high:
        raise Refused(f"{measure.name} goes from {spelt(low)} to {spelt(high)}. Please check the score.")
    if (exact - low) % step:
        steps = "whole numbers" if step == 1 and low == int(low) else f"steps of {spelt(step)}"
        raise Refused(f"{measure.name} goes in {steps}. Please check the score.")
    return int(exact) if exact == int(exact) else float(exact)


def add(db: Client, *, team: UUID, slug: str | None = None, **values: Any) -> Measure:
    """Add a measure to the clinic of a team, by its administrator. Written directly: raises at once when it could not be.

    `values` as `checked` takes them. `slug` names the shipped measure that this one replaces; without it, a new one.
    """
    row = checked(**values)
    with explained():
        teams = db.table("teams").select("clinic_id").eq("id", str(team)).execute().data
        if not teams:
            raise NotAllowed("Only the administrator of this clinic can add a measure.")
        row |= {"clinic_id": teams[0]["clinic_id"], "slug": slug or slug_of(row["name"])}
        made = db.table("measures").insert(row).execute().data
    return Measure.from_row(made[0])


def edit(db: Client, *, measure: UUID, **values: Any) -> Measure:
    """Change a measure of one's own clinic; scores that are there stay as they are. NotAllowed but for its administrator."""
    with explained():
        changed = db.table("measures").update(checked(**values)).eq("id", str(measure)).execute().data
    if not changed:
        raise NotAllowed("Only the administrator of this clinic can change this measure.")
    return Measure.from_row(changed[0])


def slug_of(name: str) -> str:
    """A short key from a name: "Own: sleep & rest" becomes "own-sleep-rest"."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign)
    )
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise Refused("The name needs at least one letter from a to z, or a digit. Please write it so.")
    return slug


def checked(
    *, name: str | None, lowest: float | None, highest: float | None, direction: str | None, about: str | None = "", step: float | None = 1,
    reliable_change: float | None = None, reliable_basis: str = "none", cut_off: float | None = None, cut_off_basis: str = "none",
    source: str | None = "", licence: str | None = "", active: bool = True, position: int = 100,
) -> dict[str, Any]:  # fmt: skip
    """The row of a measure as it is stored. Raises Refused, with a sentence, for what would not be one.

    A number with the basis "none" is left out, and a basis without its number is asked about: no threshold is claimed by
    accident. A threshold needs its source.
    """
    if not (name := entries.text(name, LONGEST_NAME, "The name")):
        raise Refused("The name is missing. Please enter it.")
    low, high = _exact(lowest, "The lowest score"), _exact(highest, "The highest score")
    if low >= high:
        raise Refused("The highest score has to lie above the lowest. Please check both.")
    if not 0 < (by := _exact(step, "The step")) <= high - low:
        raise Refused("A step lies above 0 and within the range. Please check it.")
    change = _threshold(reliable_change, reliable_basis, "the reliable change")
    limit = _threshold(cut_off, cut_off_basis, "the cut-off")
    if change is not None and not 0 < change < high - low:
        raise Refused(
            "The reliable change has to lie above 0 and below the breadth of the range. Please check it."
        )
    if limit is not None and not low <= limit <= high:
        raise Refused("The cut-off has to lie within the range. Please check it.")
    source = entries.text(source, LONGEST_SOURCE, "The source")
    if (change is not None or limit is not None) and not source:
        raise Refused("A threshold needs its source: who published it, or what it was computed from.")
    return {
        "name": name, "about": entries.text(about, LONGEST_ABOUT, "What it is about"), "lowest": float(low), "highest": float(high), "step": float(by),
        "direction": entries.one_of(direction, vocabulary.MEASURE_DIRECTIONS, "which direction is better", needed=True),
        "reliable_change": _number(change), "reliable_basis": "none" if change is None else reliable_basis,
        "cut_off": _number(limit), "cut_off_basis": "none" if limit is None else cut_off_basis,
        "source": source, "licence": entries.text(licence, LONGEST_SOURCE, "The licence"), "active": bool(active), "position": int(position),
    }  # fmt: skip


def _exact(value: float | None, what: str) -> Decimal:
    if value is None:
        raise Refused(f"{what} is missing. Please enter it.")
    exact = Decimal(str(value))
    if not exact.is_finite() or abs(exact) > LARGEST:
        raise Refused(f"{what} goes up to {LARGEST:,}. Please check it.")
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _threshold(value: float | None, basis: str, what: str) -> Decimal | None:
    entries.one_of(basis, vocabulary.THRESHOLD_BASES, f"the basis of {what}", needed=True)
    if basis == "none":
        return None
    if value is None:
        raise Refused(f"There is a basis for {what}, but no number. Please enter it, or choose “None”.")
    return _exact(value, what.capitalize())
