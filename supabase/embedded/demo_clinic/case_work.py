"""What is on record in the cases themselves: sessions, agreements, numbers, the plan. Told on top of episodes and ruptures."""

from demo_clinic import agreements, courses, plans, shared_mirror, visits
from demo_clinic.records import Records


def write(records: Records) -> None:
    """All of it; the half year's episodes, ruptures and repair steps are in already."""
    held = visits.held(records)
    agreements.write(records, held)
    courses.write(records, held)
    plans.write(records, held)
    shared_mirror.write(records)
