"""One item of Nora's mirror as she shared it with her supervisor: where the first blame went, counted from her episodes."""

from collections import Counter

from demo_clinic.people import PEOPLE, RUNNING, key
from demo_clinic.records import Records
from services import vocabulary

ITEM = "first_blame"
BLOCK = 4  # weeks of a period


def write(records: Records) -> None:
    """The item as it stood on the Friday of the last complete week: title, period, sentence and table, as services/mirror.py has it."""
    shared_on, nora = records.day(RUNNING - 1, 4), PEOPLE["nora"].id
    counted: dict[int, Counter[str]] = {}
    for episode in records.tables["episodes"]:
        week = records.week(episode["happened_on"])
        if episode["therapist_id"] == nora and week < RUNNING and episode["first_blame"]:
            counted.setdefault((RUNNING - 1 - week) // BLOCK, Counter())[episode["first_blame"]] += 1
    rows = []
    for block in sorted(counted, reverse=True):
        first, last = (
            records.day(max(0, RUNNING - (block + 1) * BLOCK)),
            records.day(RUNNING - 1 - block * BLOCK, 6),
        )
        rows.append(
            [
                f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
                *(str(counted[block][blame]) for blame in vocabulary.BLAMES),
            ]
        )
    latest = counted[0]
    content = {
        "title": vocabulary.label("mirror_item", ITEM), "period": f"26 weeks to {shared_on:%Y-%m-%d}",
        "words": f"In the last four weeks the first blame went to neither of us in {latest['neither']} of {latest.total()} episodes.",
        "columns": ["Period", *(word.label for word in vocabulary.BLAMES.values())], "rows": rows,
    }  # fmt: skip
    records.add("mirror_shares", shared_on, {
        "therapist_id": nora, "id": records.next_id("mirror share"), "team_id": key("team", "north"), "item": ITEM,
        "content": content, "shared_on": shared_on,
    })  # fmt: skip
