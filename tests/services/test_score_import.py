"""Import of scores: every row judged in words, all or nothing, and the same file twice changes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import cases, measures, score_file, score_import, scores
from services.errors import Refused
from services.outbox import Operation
from services.score_import import Preview

HEADER = "code,date,measure,score"


@pytest.fixture
def registry(clinic):
    return measures.registry(clinic.as_("alice"))


@pytest.fixture
def codes(clinic):
    """Two cases of Alice's, in the database."""
    made = {}
    for _ in range(2):
        code = cases.new_code()
        made[code] = UUID(cases.open(clinic.outbox("alice"), team=clinic.team, code=code).entity)
    clinic.synced()
    return made


@pytest.fixture
def judge(clinic, registry, codes, today):
    """What the rows of a file would do, given what is known at this moment."""

    def judged(*rows: str) -> Preview:
        file = score_file.read("\n".join([HEADER, *rows]).encode())
        waiting = clinic.outbox("alice").waiting()
        there = score_import.known(
            clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], cases=codes.values()
        )
        known = scores.with_waiting(there, waiting, slugs={m.id: m.slug for m in registry})
        return score_import.judged(
            clinic.outbox("alice"), file, cases=codes, registry=registry, known=known, today=today
        )

    return judged


@pytest.fixture
def take(clinic, clinic_vault, judge):
    """Import a file, and wait until the database has it."""

    def taken(*rows: str) -> list[Operation]:
        kept = score_import.accept(clinic_vault, clinic.outbox("alice"), judge(*rows), team=clinic.team)
        clinic.synced()
        return kept

    return taken


def said(preview: Preview) -> list[tuple[str, str]]:
    return [(row.state, row.words) for row in preview.rows]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("ZZ-99,2026-03-01,PHQ-9,12", "This is not the code of a case of yours in this team."),
        (",2026-03-01,PHQ-9,12", "The code is missing."),
        ("{code},,PHQ-9,12", "The date is missing."),
        ("{code},3/25/2026,PHQ-9,12", "There is no month 25: the day comes first here, then the month."),
        ("{code},31.02.2026,PHQ-9,12", "There is no such day in the calendar."),
        ("{code},01.03.26,PHQ-9,12", "with the whole year"),
        ("{code},2999-01-01,PHQ-9,12", "This day has not come yet."),
        ("{code},1999-12-31,PHQ-9,12", "lies too far back"),
        ("{code},2026-03-01,,12", "The measure is missing."),
        ("{code},2026-03-01,OQ-45,12", "This measure is not in the registry. Your administrator can add it."),
        ("{code},2026-03-01,PHQ-9,", "The score is missing."),
        ("{code},2026-03-01,PHQ-9,twelve", "The score is not a number."),
        ("{code},2026-03-01,PHQ-9,=6+6", "The score is not a number."),
        ("{code},2026-03-01,PHQ-9,28", "PHQ-9 goes from 0 to 27. Please check the score."),
        ("{code},2026-03-01,PHQ-9,-1", "PHQ-9 goes from 0 to 27. Please check the score."),
        ('{code},2026-03-01,PHQ-9,"12,5"', "PHQ-9 goes in whole numbers. Please check the score."),
        ("=cmd|x,2026-03-01,PHQ-9,12", "This is not the code of a case of yours in this team."),
    ],
)  # fmt: skip
def test_a_row_that_could_not_be_stored_says_why(judge, codes, row, sentence):
    ((state, words),) = said(judge(row.format(code=next(iter(codes)))))
    assert state == "error"
    assert sentence in words


@pytest.mark.parametrize(
    "written", ["2026-03-01", "2026-3-1", "01.03.2026", "1.3.2026", "01/03/2026", "2026-03-01 09:30:00"]
)
def test_a_day_is_read_as_it_is_usually_written(written):
    assert score_import.day(written) == date(2026, 3, 1)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_every_day_comes_back_however_it_is_written(day):
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        assert score_import.day(day.strftime(form)) == day


@given(st.integers(-99_999, 99_999), st.sampled_from(".,"))
def test_every_number_comes_back_with_a_point_or_a_comma(hundredths, mark):
    written = f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}{mark}{abs(hundredths) % 100:02d}"
    assert score_import.number(written) == hundredths / 100


@given(st.text(max_size=12))
def test_any_text_is_a_day_and_a_number_or_is_refused_in_words(text):
    for read in (score_import.day, score_import.number):
        said = "."
        try:
            assert read(text) is not None
        except Refused as refused:
            said = str(refused)
        assert said.endswith(".")


def test_a_file_is_imported_and_the_same_file_again_changes_nothing(clinic, clinic_vault, codes, judge, take):
    first, second = codes
    rows = [
        f"{first},2026-03-01,phq9,12",
        f"{second.lower()},02.03.2026,GAD-7,4",
        f'{first},15/03/2026,PHQ-9,"11,0"',
    ]
    assert len(take(*rows)) == 3
    there = scores.of_case(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], case=codes[first]
    )
    assert [(s.measure, s.on_day, s.value) for s in there] == [
        ("phq-9", date(2026, 3, 1), 12), ("phq-9", date(2026, 3, 15), 11),
    ]  # fmt: skip
    again = judge(*rows)
    assert said(again) == [("there", "Already there.")] * 3
    assert not again.may_be_imported
    with pytest.raises(Refused, match="no new score in this file"):
        score_import.accept(clinic_vault, clinic.outbox("alice"), again, team=clinic.team)


def test_the_same_preview_accepted_twice_is_one_import(clinic, clinic_vault, codes, judge):
    preview = judge(f"{next(iter(codes))},2026-04-01,PHQ-9,12")
    ops = [
        score_import.accept(clinic_vault, clinic.outbox("alice"), preview, team=clinic.team) for _ in range(2)
    ]
    assert [op.op_id for op in ops[0]] == [op.op_id for op in ops[1]]
    assert sum(op.op_id == ops[0][0].op_id for op in clinic.outbox("alice").recent(500)) == 1


def test_what_still_waits_is_already_there(clinic, clinic_vault, codes, judge):
    row = f"{next(iter(codes))},2026-04-02,PHQ-9,12"
    with clinic_vault.transaction():  # the worker cannot send before this ends
        score_import.accept(clinic_vault, clinic.outbox("alice"), judge(row), team=clinic.team)
        assert said(judge(row)) == [("there", "Already there.")]


def test_one_wrong_row_keeps_all_others_out(clinic, clinic_vault, codes, judge):
    code = next(iter(codes))
    preview = judge(f"{code},2026-05-01,PHQ-9,12", f"{code},2026-05-02,PHQ-9,99")
    assert (preview.count("new"), preview.count("error"), preview.may_be_imported) == (1, 1, False)
    before = clinic.outbox("alice").recent(500)
    with pytest.raises(Refused, match="Nothing was imported"):
        score_import.accept(clinic_vault, clinic.outbox("alice"), preview, team=clinic.team)
    assert clinic.outbox("alice").recent(500) == before


def test_a_disk_that_fills_up_halfway_keeps_nothing(clinic, clinic_vault, codes, judge, monkeypatch):
    code = next(iter(codes))
    preview = judge(f"{code},2026-05-03,PHQ-9,12", f"{code},2026-05-04,PHQ-9,13")
    box = clinic.outbox("alice")
    before, accept, given = box.recent(500), box.accept, []

    def full(**operation):
        given.append(operation)
        if len(given) == 2:
            raise Refused("The disk is full.")
        return accept(**operation)

    monkeypatch.setattr(box, "accept", full)
    with pytest.raises(Refused, match="disk is full"):
        score_import.accept(clinic_vault, box, preview, team=clinic.team)
    assert box.recent(500) == before


def test_another_score_on_the_same_day_is_the_authors_to_decide(codes, judge, take):
    code = next(iter(codes))
    take(f"{code},2026-06-01,PHQ-9,12")
    ((state, words),) = said(judge(f"{code},2026-06-01,PHQ-9,13"))
    assert state == "error"
    assert (
        words == "There is another score on this day: 12. Correct it on the case page, or take this row out."
    )


def test_rows_of_one_file_are_held_against_each_other(codes, judge):
    code = next(iter(codes))
    row = f"{code},2026-06-02,PHQ-9,"
    assert said(judge(row + "12", row + "12", row + "13")) == [
        ("new", "New."), ("there", "The same as line 2."),
        ("error", "Line 2 has another score of this measure on this day: 12."),
    ]  # fmt: skip


def test_a_corrected_score_is_not_put_back_by_the_old_file(clinic, codes, judge, take, registry):
    code, case = next(iter(codes.items()))
    take(f"{code},2026-06-03,PHQ-9,12")
    (there,) = scores.of_case(
        clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], case=case
    )
    scores.amend(clinic.outbox("alice"), score=there, measure=measures.named(registry, "PHQ-9"), value=14)
    clinic.synced()
    ((state, words),) = said(judge(f"{code},2026-06-03,PHQ-9,12"))
    assert (state, "There is another score on this day: 14" in words) == ("error", True)


def test_a_row_that_was_refused_and_let_go_can_be_imported_again(
    clinic, clinic_vault, registry, codes, judge, sql, take
):
    code, case = next(iter(codes.items()))
    row = f"{code},2026-06-04,PHQ-9,12"
    measure = measures.named(registry, "PHQ-9")
    preview = judge(row)
    # Another device was first with another score, which the preview could not know.
    sql.execute(
        "insert into public.scores (therapist_id, id, team_id, case_id, measure_id, on_day, value) values (%s, %s, %s, %s, %s, %s, 9)",
        (clinic.people["alice"], uuid4(), clinic.team, case, measure.id, date(2026, 6, 4)),
    )
    (op,) = score_import.accept(clinic_vault, clinic.outbox("alice"), preview, team=clinic.team)
    clinic.synced()
    assert clinic.outbox("alice").find(op.op_id).state == "parked"
    sql.execute("delete from public.scores where case_id = %s and on_day = %s", (case, date(2026, 6, 4)))
    assert said(judge(row)) == [("parked", "Sent before and not accepted; it is under “Waiting and parked”.")]
    clinic.outbox("alice").discard(op.op_id)
    (again,) = take(row)
    assert again.op_id != op.op_id
    assert clinic.outbox("alice").find(again.op_id).state == "synced"


def test_an_inactive_measure_is_not_imported(clinic, codes, registry, today):
    code = next(iter(codes))
    file = score_file.read(f"{HEADER}\n{code},2026-06-05,PHQ-9,12".encode())
    off = [replace(m, active=False) if m.slug == "phq-9" else m for m in registry]
    preview = score_import.judged(
        clinic.outbox("alice"), file, cases=codes, registry=off, known=[], today=today
    )
    assert said(preview) == [("error", "PHQ-9 is no longer offered in your clinic.")]


def test_names_follow_from_what_a_row_says_and_from_who_says_it(registry):
    entry = score_import.Entry(uuid4(), registry[0], date(2026, 3, 1), 12)
    others = [
        score_import.named("somebody else", entry), score_import.named("me", entry, 1),
        score_import.named("me", score_import.Entry(entry.case, entry.measure, entry.on_day, 13)),
        score_import.named("me", score_import.Entry(entry.case, entry.measure, entry.on_day + timedelta(1), 12)),
        score_import.named("me", score_import.Entry(entry.case, registry[1], entry.on_day, 12)),
    ]  # fmt: skip
    assert score_import.named("me", entry) == score_import.named("me", entry)
    assert score_import.named("me", entry)[1] not in {op for _, op in others}


def test_three_hundred_rows_at_once_arrive(clinic, codes, judge, take):
    code, case = next(iter(codes.items()))
    start = date(2025, 1, 1)
    rows = [f"{code},{start + timedelta(days=n)},CORE-10,{n % 41}" for n in range(300)]
    assert len(take(*rows)) == 300
    there = scores.of_case(clinic.as_("alice"), team=clinic.team, therapist=clinic.people["alice"], case=case)
    assert len(there) == 300
    assert judge(*rows).count("there") == 300
