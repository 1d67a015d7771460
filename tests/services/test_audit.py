"""The log: every table has its words, each reader gets their part and no more, in pages without a gap, and taking it out is in it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services import audit, cases, episodes, own_data, people
from services.audit import Asked
from services.errors import NotAllowed, Refused

NOTE = "the words of a note that nobody finds here"


@pytest.fixture(scope="module")
def case(clinic) -> UUID:
    """A case of alice's with three episodes, and one of bob's with one."""
    today, opened = date.today(), {}
    for who, code, times in (("alice", "L-7201", 3), ("bob", "L-7202", 1)):
        box = clinic.outbox(who)
        opened[who] = UUID(cases.open(box, team=clinic.team, code=code).entity)
        for back in range(times):
            episodes.log(
                box, team=clinic.team, case=opened[who], happened_on=today - timedelta(days=back), kind="stalled", today=today,
                ratings={1: 2}, note=NOTE,
            )  # fmt: skip
    clinic.synced()
    return opened["alice"]


def read(clinic, who: str, **asked) -> tuple[audit.Entry, ...]:
    here = Asked(**{"place": "team", "team": clinic.team, **asked})
    return tuple(audit.every(clinic.as_(who), here, most=5_000))


def test_every_table_that_is_logged_has_a_word_of_its_own(sql):
    logged = {
        name
        for (name,) in sql.execute(
            "select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname = 'audit_insert'"
        )
    }
    assert logged - set(audit.KINDS) == set()
    exports = {"audit_log", "monitor_list", "monthly_summary", "own_data", "meeting_pack"}
    assert set(audit.KINDS) - logged == exports
    assert len(set(audit.KINDS.values())) == len(audit.KINDS)


def test_every_action_that_the_log_takes_has_a_word(sql):
    (rule,) = sql.execute(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'audit_log_action_check'"
    ).fetchone()
    assert set(audit.ACTIONS) == {part for part in rule.split("'") if part.isalpha()} - {"text"}


@pytest.mark.parametrize("who", ["sue", "lee", "ada"])
def test_who_looks_after_a_team_reads_who_did_what_in_it(clinic, case, who):
    found = read(clinic, who, kinds=("episodes",), actor=clinic.people["alice"], actions=("insert",))
    mine = [one for one in found if one.about == "Alice"]
    assert len(mine) >= 3
    assert {(one.actor, one.did, one.what) for one in mine} == {("Alice", "Added", "Resistance episode")}


def test_a_case_code_is_there_for_those_who_may_read_the_case(clinic, case):
    codes = {who: {one.code for one in read(clinic, who, kinds=("cases",))} for who in ("sue", "lee", "ada")}
    assert codes["lee"] == codes["ada"] == {""}
    assert {"L-7201", "L-7202"} <= codes["sue"]
    own = read(clinic, "alice", place="own", kinds=("episodes",))
    assert "L-7201" in {one.code for one in own}
    assert "L-7202" not in {one.code for one in own}


@pytest.mark.parametrize("place", ["own", "team"])
def test_a_therapist_reads_what_is_about_them_and_nothing_of_others(clinic, case, place):
    found = read(clinic, "alice", place=place)
    assert {one.about for one in found} == {"Alice"}


@pytest.mark.parametrize("who", ["otto"])
def test_nobody_reads_the_log_of_another_team(clinic, case, who):
    assert read(clinic, who) == ()


@pytest.mark.parametrize("who", ["alice", "sue", "lee"])
def test_what_belongs_to_the_clinic_is_for_its_administrator(clinic, case, sql, who):
    sql.execute("update public.clinics set name = name where id = (select clinic_id from public.teams where id = %s)", (clinic.team,))  # fmt: skip
    assert read(clinic, who, place="clinic", team=None) == ()
    kinds = {one.kind for one in read(clinic, "ada", place="clinic", team=None)}
    assert "clinics" in kinds
    assert "episodes" not in kinds


def test_no_word_of_an_entry_is_in_the_log_or_its_file(clinic, case):
    for who in ("alice", "sue", "lee", "ada"):
        place = "own" if who == "alice" else "team"
        assert NOTE not in repr(read(clinic, who, place=place))
        assert (
            NOTE not in audit.as_csv(clinic.as_(who), Asked(place=place, team=clinic.team), most=500).decode()
        )


def test_filters_leave_what_they_say(clinic, case, sql):
    begun = datetime.now(UTC)
    sql.execute(
        "update public.cases set state = 'paused' where id = %s", (case,)
    )  # by the operator: no person
    changed = read(clinic, "sue", kinds=("cases",), actions=("update",), since=begun - timedelta(seconds=1))
    assert {one.actor for one in changed} == {audit.OPERATOR}
    others = read(clinic, "alice", place="own", not_me=True)
    assert "Alice" not in {one.actor for one in others}
    assert audit.OPERATOR in {one.actor for one in others}
    now = datetime.now(UTC)
    assert read(clinic, "sue", until=now - timedelta(days=30)) == ()
    assert read(clinic, "sue", since=now + timedelta(days=1)) == ()
    assert read(clinic, "sue", actor=uuid4()) == ()


def test_pages_follow_each_other_without_a_gap_or_a_line_twice(clinic, case, sql):
    """Also where one statement wrote many lines at the same moment."""
    sql.execute("update public.episodes set intensity = intensity where team_id = %s", (clinic.team,))
    asked = Asked(place="team", team=clinic.team, kinds=("episodes",))
    whole = [one.id for one in audit.every(clinic.as_("sue"), asked)]
    assert len(whole) >= 8
    assert whole == sorted(set(whole), reverse=True)
    walked, last = [], None
    while True:
        page = audit.page(clinic.as_("sue"), asked, after=last, amount=3)
        walked += [one.id for one in page.entries]
        if not page.more:
            break
        last = page.entries[-1]
    assert walked == whole


def test_a_file_holds_what_the_filters_leave_and_its_taking_is_logged_first(clinic, case):
    asked = Asked(place="team", team=clinic.team, actor=clinic.people["lee"])
    file = audit.as_csv(clinic.as_("lee"), asked)
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert rows[0]["what"] == "This log"
    assert rows[0]["did"] == "Taken out as a file"
    assert rows[0]["who"] == "Lee"
    assert len(rows) == len(read(clinic, "lee", actor=clinic.people["lee"]))
    assert "Taken out as a file" in {one.did for one in read(clinic, "sue", kinds=("audit_log",))}


def test_a_file_ends_where_it_is_told_to(clinic, case):
    assert len(list(audit.every(clinic.as_("sue"), Asked(place="team", team=clinic.team), most=4))) == 4


def test_what_one_may_not_take_out_is_refused_and_not_logged(clinic, case):
    before = len(read(clinic, "sue", kinds=("audit_log",)))
    for who, asked in (
        ("alice", Asked(place="team", team=clinic.team)),
        ("sue", Asked(place="team", team=clinic.elsewhere)),
        ("lee", Asked(place="clinic")),
        ("otto", Asked(place="own", team=clinic.team)),
    ):
        with pytest.raises(NotAllowed):
            audit.as_csv(clinic.as_(who), asked)
    assert len(read(clinic, "sue", kinds=("audit_log",))) == before


def test_a_therapists_own_file_is_a_line_about_them(clinic, case):
    audit.as_csv(clinic.as_("alice"), Asked(place="own", team=clinic.team), most=10)
    newest = read(clinic, "alice", place="own", kinds=("audit_log",))[0]
    assert (newest.actor, newest.about) == ("Alice", "Alice")


def test_taking_out_all_of_ones_own_is_a_line_for_oneself_and_those_who_look_after_the_team(clinic, case):
    db = clinic.as_("bob")
    own_data.archive(db, person=people.me(db), now=datetime.now(UTC))
    for who in ("bob", "sue", "lee", "ada"):
        place = "own" if who == "bob" else "team"
        line, *_earlier = read(clinic, who, place=place, kinds=("own_data",), actor=clinic.people["bob"])
        assert (line.actor, line.about, line.did) == ("Bob", "Bob", "Taken out as a file")
    assert read(clinic, "alice", place="own", kinds=("own_data",), actor=clinic.people["bob"]) == ()


@pytest.mark.parametrize(
    "forged", [{"place": "everything"}, {"kinds": ("auth.users",)}, {"actions": ("drop",)}]
)
def test_a_choice_that_is_none_is_refused(clinic, forged):
    with pytest.raises(Refused):
        audit.page(clinic.as_("sue"), replace(Asked(place="team", team=clinic.team), **forged))


@pytest.mark.parametrize("place", ["everything", None, "team'; select 1 --"])
def test_a_forged_place_is_refused_by_the_database_too(clinic, place):
    with pytest.raises(Exception, match="The log is read for a team"):
        clinic.as_("sue").rpc("audit_entries", {"place": place, "team": str(clinic.team)}).execute()


def test_people_of_a_team_are_named_to_those_who_look_after_it(clinic):
    assert "Alice" in {one.name for one in audit.people(clinic.as_("sue"), team=clinic.team)}
    assert {one.name for one in audit.people(clinic.as_("alice"), team=clinic.team)} <= {"Alice"}


def test_a_name_that_a_spreadsheet_would_run_stays_a_name():
    assert audit._safe("=1+1") == "'=1+1"
    assert audit._safe("Nora") == "Nora"


def test_a_kind_that_came_later_is_still_readable():
    row = {"id": 1, "happened_at": "2026-11-25T10:00:00+00:00", "actor_id": None, "actor_name": None, "action": "insert", "table_name": "new_things",
           "row_id": "abcdefgh", "subject_name": None, "code": None}  # fmt: skip
    entry = audit.Entry.from_row(row)
    assert (entry.what, entry.did, entry.short, entry.actor) == ("New things", "Added", "…cdefgh", audit.OPERATOR)  # fmt: skip
