"""The tabs of the case page, in their order. A closed one does no work."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboard.case import (
    causes,
    episodes,
    formulation,
    goals,
    manage,
    plan,
    ruptures,
    scores,
    sessions,
    step_back,
    supervision,
    tasks,
    timeline,
)
from dashboard.case.at import At

TABS: Mapping[str, Callable[[At], None]] = {
    "Timeline": timeline.show,
    "Sessions": sessions.show,
    "Goals": goals.show,
    "Between sessions": tasks.show,
    "Episodes": episodes.show,
    "Ruptures": ruptures.show,
    "Scores": scores.show,
    "Causes": causes.show,
    "Formulation": formulation.show,
    "Plan": plan.show,
    "Step back": step_back.show,
    "Supervision": supervision.show,
    "Close or hand over": manage.show,
}
