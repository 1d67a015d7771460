"""Puts the demo clinic together: ordinary weeks, stories, repair, reflections, case work, meetings."""

from collections.abc import Sequence
from datetime import date

from demo_clinic import case_work, meetings, ordinary, repair, stories_north, stories_south, watched
from demo_clinic.records import Records
from services.prompt_rules import Prompt


def build(today: date, prompts: Sequence[Prompt]) -> Records:
    """All rows of the demo clinic as it stands on the morning of `today`; the same for the same arguments."""
    records = Records(today, prompts)
    logged = ordinary.episodes(records)
    courses = repair.ruptures(records, logged)
    stories_north.tell(records)
    stories_south.tell(records)
    repair.meetings(records, courses)
    ordinary.reflections(records, stories_north.told() | stories_south.told())
    case_work.write(records)
    meetings.write(records)
    watched.write(records)
    return records
