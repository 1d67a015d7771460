"""The time axis of a case, from the real database: everything with a day, for whoever may see it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services import cases, episodes, ruptures, timeline


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"TL-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def of(clinic, who, case):
    return timeline.of(clinic.as_(who), therapist=clinic.people["alice"], case=case)


def test_a_case_without_anything_has_an_empty_axis(clinic, case):
    frame = of(clinic, "alice", case)
    assert list(frame.columns) == ["day", "lane", "key", "detail", "id"]
    assert frame.empty


def test_what_happened_is_there_in_its_order_for_the_therapist_and_the_supervisor_alone(clinic, case, today):
    box, days = clinic.outbox("alice"), timedelta(days=1)
    episodes.log(
        box,
        team=clinic.team,
        case=case,
        happened_on=today - 9 * days,
        kind="yes_but",
        intensity=4,
        today=today,
    )
    opened = ruptures.open(
        box, team=clinic.team, case=case, kind="mixed", noticed_on=today - 20 * days, today=today
    )
    clinic.synced()
    rupture = next(
        r for r in ruptures.open_in(clinic.as_("alice"), team=clinic.team) if str(r.id) == opened.entity
    )
    ruptures.add_step(box, rupture=rupture, stage="named", taken_on=today - 3 * days, today=today)
    ruptures.close(box, rupture=rupture, outcome="partly", closed_on=today, today=today)
    clinic.synced()
    frame = of(clinic, "alice", case)
    assert [tuple(row) for row in frame[["day", "lane", "key", "detail"]].astype(object).where(frame.notna(), None).values] == [
        (today - 20 * days, "rupture", "mixed", None),
        (today - 9 * days, "episode", "yes_but", "4"),
        (today - 3 * days, "repair", "named", None),
        (today, "closed", "partly", None),
    ]  # fmt: skip
    assert frame["id"].iloc[0] == frame["id"].iloc[3] == opened.entity
    assert len(of(clinic, "sue", case)) == 4
    for other in ("bob", "lee", "ada", "otto"):
        assert of(clinic, other, case).empty


def test_more_than_the_api_gives_at_once_comes_in_several_pages(clinic, case, sql, today, monkeypatch):
    monkeypatch.setattr(timeline, "PAGE", 7)
    for number in range(15):
        sql.execute(
            "insert into public.sessions (therapist_id, id, team_id, case_id, number, held_on) values (%s, %s, %s, %s, %s, %s)",
            (
                clinic.people["alice"],
                uuid4(),
                clinic.team,
                case,
                number + 1,
                today - timedelta(days=15 - number),
            ),
        )
    frame = of(clinic, "alice", case)
    assert [int(number) for number in frame["detail"]] == list(range(1, 16))


def test_what_is_on_its_way_is_among_the_rest_once(clinic, case, today):
    box = clinic.outbox("alice")
    op = episodes.log(box, team=clinic.team, case=case, happened_on=today, kind="stalled", today=today)
    empty = timeline.of(clinic.as_("bob"), therapist=clinic.people["alice"], case=case)
    frame = timeline.with_waiting(empty, [op], case=case)
    assert frame[["day", "lane", "key", "id"]].values.tolist() == [[today, "episode", "stalled", op.entity]]
    assert isinstance(frame["day"].iloc[0], date)
    assert len(timeline.with_waiting(frame, [op], case=case)) == 1
    assert timeline.with_waiting(empty, [op], case=uuid4()).empty
    clinic.synced()
