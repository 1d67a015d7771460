"""Own data: every table is in it, every row of one's own, and never one of anybody else."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services import (
    cases,
    chairing,
    entries,
    episodes,
    meetings,
    own_data,
    own_items,
    people,
    reflections,
    vocabulary,
    weeks,
)
from services.own_data_tables import NOT_ANYBODYS, OWN
from services.reflections import Part

KINDS = {
    "smallint": "int", "integer": "int", "bigint": "int", "numeric": "number", "timestamp with time zone": "moment", "boolean": "bool",
    "jsonb": "json", "time without time zone": "time",
}  # fmt: skip
JSON_LISTS = {("agenda_items", "because")}
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def catalogue(sql) -> dict[str, dict[str, tuple[str, bool]]]:
    """Every table of the API: column → (type as the registry writes it, whether it may be empty)."""
    found: dict[str, dict] = {}
    for table, column, kind, needed in sql.execute(
        "select c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by a.attnum"
    ):
        name = kind.removesuffix("[]")
        said = "list" if (table, column) in JSON_LISTS else KINDS.get(name, name)
        found.setdefault(table, {})[column] = said + kind[len(name) :], not needed
    return found


def test_no_table_is_forgotten(catalogue):
    """A new table belongs into TABLES of services/own_data_tables.py, or, when it is nobody's own, into NOT_ANYBODYS."""
    assert set(OWN) | NOT_ANYBODYS == set(catalogue)
    assert not set(OWN) & NOT_ANYBODYS


@pytest.mark.parametrize("name", OWN)
def test_every_column_is_declared_with_its_type(catalogue, name):
    assert {c.name: (c.type, c.empty) for c in OWN[name].columns} == catalogue[name]


@pytest.mark.parametrize("name", OWN)
def test_the_key_is_the_tables_own_and_the_owner_one_of_its_columns(sql, name):
    key = sql.execute(
        "select array_agg(a.attname::text order by k.place) from pg_constraint c cross join unnest(c.conkey) with ordinality k (attnum, place)"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum where c.contype = 'p' and c.conrelid = %s::regclass",
        (f"public.{name}",),
    ).fetchone()[0]
    assert list(OWN[name].key) == key
    assert {*OWN[name].owners, *OWN[name].key} <= {c.name for c in OWN[name].columns}


def test_every_column_that_names_a_person_names_an_owner_or_is_known_not_to(catalogue, sql):
    """A column that points at people and is no owner would leave rows out."""
    pointing = {
        (table, column)
        for table, column in sql.execute(
            "select c.conrelid::regclass::text, a.attname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
            " where c.contype = 'f' and c.confrelid = 'public.people'::regclass and cardinality(c.conkey) = 1"
        )
    }
    left_out = {(t, c) for t, c in pointing if t in OWN and c not in OWN[t].owners}
    # Who read it is told to its author; who is asked is told by the action; both are another one's rows.
    assert left_out <= {("reflections", "read_by"), ("flag_events", "assignee_id"), ("history", "changed_by")}


def test_every_history_has_a_word(sql):
    kept = {
        row[0]
        for row in sql.execute(
            "select tgrelid::regclass::text from pg_trigger where tgname = 'history_update'"
        )
    }
    assert kept <= set(vocabulary.ENTRY_WORDS)
    assert kept <= set(OWN)


# --- whose rows -----------------------------------------------------------------------------------------------------


def writes(clinic, name: str, today: date) -> None:
    """One of the usual things each, with the writer's name in every word."""
    box, team, me = clinic.outbox(name), clinic.team, clinic.people[name]
    case = UUID(cases.open(box, team=team, code=f"{name[:2].upper()}-{uuid4().int % 90000 + 10000}").entity)
    logged = episodes.log(
        box,
        team=team,
        case=case,
        happened_on=today,
        kind="stalled",
        today=today,
        ratings={1: 2},
        note=f"canary of {name}",
        share_note=True,
    )
    week = weeks.monday(today) - weeks.WEEK * (20 + uuid4().int % 20)
    reflections.hand_in(
        box, therapist=me, team=team, week=week, ratings={1: 1}, behaviours=[], based_on=0, today=today,
        parts={"private_text": Part(f"canary of {name}"), "shared_text": Part(f"=canary of {name}", shared=True)},
    )  # fmt: skip
    clinic.synced()
    found = episodes.find(clinic.as_(name), team=team, therapist=me, episode=UUID(logged.entity))
    assert found.note == f"canary of {name}"


def exported(clinic, name: str) -> tuple[dict, zipfile.ZipFile]:
    db = clinic.as_(name)
    made = own_data.archive(db, person=people.me(db), now=NOW)
    zipped = zipfile.ZipFile(io.BytesIO(made))
    return json.loads(zipped.read("sixfold.json")), zipped


@pytest.fixture(scope="module")
def written(clinic) -> None:
    for name in ("alice", "bob"):
        writes(clinic, name, date.today())


@pytest.mark.parametrize(("name", "other"), [("alice", "bob"), ("bob", "alice")])
def test_no_row_of_anybody_else_is_ever_in_it(clinic, written, name, other):
    content, zipped = exported(clinic, name)
    me = str(clinic.people[name])
    for table, found in content["tables"].items():
        assert all(me in (row[owner] for owner in OWN[table].owners) for row in found), table
    for file in zipped.namelist():
        text = zipped.read(file).decode()
        assert f"canary of {other}" not in text, file
        assert str(clinic.people[other]) not in text, file
    assert f"canary of {name}" in zipped.read("sixfold.json").decode()


def test_a_supervisor_takes_what_they_did_and_none_of_the_teams_entries(clinic, written, sql):
    content, zipped = exported(clinic, "sue")
    tables = content["tables"]
    assert (
        tables["cases"]
        == tables["episodes"]
        == tables["reflections"]
        == tables["reflection_parts"]
        == tables["ratings"]
        == []
    )
    assert "canary of" not in "".join(zipped.read(file).decode() for file in zipped.namelist())


def test_a_therapist_takes_what_of_a_meeting_is_theirs_and_a_supervisor_what_they_recorded(clinic, today):
    alice, sue, case = clinic.outbox("alice"), clinic.outbox("sue"), uuid4()
    cases.open(alice, team=clinic.team, code=f"OW-{uuid4().int % 90000 + 10000}", entity=str(case))
    made = chairing.an_item("case", therapist=clinic.people["alice"], case=case)
    clinic.synced()
    chairing.plan(
        sue, team=clinic.team, held_on=today, items=[made, chairing.an_item("own", title="Holidays")]
    )
    clinic.synced()
    meeting = meetings.now(clinic.as_("sue"), team=clinic.team)
    item = next(one for one in meeting.items if one.is_a_case)
    own_items.write(alice, meeting=meeting, item=item, words="words of alice")
    own_items.rate_again(alice, meeting=meeting, item=item, ratings={1: 2})
    chairing.decide(sue, meeting=meeting, item=item, words="decided by sue")
    chairing.open_screen(
        sue, team=clinic.team, meeting=meeting.id, led_by=meeting.led_by, entity=str(uuid4())
    )
    chairing.end(sue, meeting=meeting)
    clinic.synced()
    theirs, hers = (exported(clinic, name)[0]["tables"] for name in ("alice", "sue"))
    assert [row["body"] for row in theirs["agenda_words"]] == ["words of alice"]
    assert [row["words"] for row in theirs["decisions"]] == ["decided by sue"] == [row["words"] for row in hers["decisions"]]  # fmt: skip
    assert [row["rating"] for row in theirs["reratings"]] == [2]
    assert [row["id"] for row in theirs["agenda_items"]] == [str(item.id)]
    assert {row["title"] for row in hers["agenda_items"]} == {"", "Holidays"}
    assert theirs["meetings"] == theirs["meeting_screens"] == hers["agenda_words"] == hers["reratings"] == []
    assert len(hers["meetings"]) == len(hers["meeting_screens"]) == 1


def test_everything_of_ones_own_is_in_it_as_the_database_has_it(clinic, written, sql):
    content, _ = exported(clinic, "alice")
    for table in OWN.values():
        where = " or ".join(f"{owner} = %(me)s" for owner in table.owners)
        count = sql.execute(
            f"select count(*) from public.{table.name} where {where}", {"me": clinic.people["alice"]}
        ).fetchone()[0]
        assert len(content["tables"][table.name]) == count, table.name


def test_more_rows_than_the_api_gives_at_once_are_all_there_each_once(clinic, sql):
    me, case = clinic.people["carol"], uuid4()
    sql.execute(
        "insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'CA-777')",
        (me, case, clinic.team),
    )
    sql.execute(
        "insert into public.episodes (therapist_id, id, team_id, case_id, happened_on, kind)"
        " select %s, gen_random_uuid(), %s, %s, current_date, 'stalled' from generate_series(1, 2100)",
        (me, clinic.team, case),
    )
    rupture = uuid4()
    sql.execute(
        "insert into public.ruptures (therapist_id, id, team_id, case_id, kind, noticed_on) values (%s, %s, %s, %s, 'mixed', current_date)",
        (me, rupture, clinic.team, case),
    )
    for by in ("carol", "sue"):
        sql.execute(
            "insert into public.repair_steps (recorded_by, id, therapist_id, team_id, rupture_id, stage, taken_on)"
            " select %s, gen_random_uuid(), %s, %s, %s, 'named', current_date from generate_series(1, 1100)",
            (clinic.people[by], me, clinic.team, rupture),
        )
    heard = []
    found = own_data.rows(clinic.as_("carol"), OWN["episodes"], person=me, told=heard.append)
    assert len({row["id"] for row in found}) == len(found) >= 2100
    assert heard[-1] == len(found)
    steps = own_data.rows(clinic.as_("carol"), OWN["repair_steps"], person=me)
    assert len({(row["recorded_by"], row["id"]) for row in steps}) == len(steps) == 2200
    mine = own_data.rows(clinic.as_("sue"), OWN["repair_steps"], person=clinic.people["sue"])
    assert len([row for row in mine if row["rupture_id"] == str(rupture)]) == 1100


def test_a_key_of_three_columns_is_paged_too(clinic, written, monkeypatch):
    monkeypatch.setattr(own_data, "PAGE", 1)
    found = own_data.rows(clinic.as_("alice"), OWN["reflection_parts"], person=clinic.people["alice"])
    monkeypatch.setattr(own_data, "PAGE", 1000)
    assert sorted(map(str, found)) == sorted(
        map(str, own_data.rows(clinic.as_("alice"), OWN["reflection_parts"], person=clinic.people["alice"]))
    )
    assert len(found) >= 2


# --- the files ------------------------------------------------------------------------------------------------------


def fits(value, shape: dict) -> bool:
    """Whether a value is what this schema says; as much of JSON Schema as ours uses."""
    if "anyOf" in shape:
        return any(fits(value, one) for one in shape["anyOf"])
    match shape["type"]:
        case "null":
            return value is None
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list) and all(fits(one, shape["items"]) for one in value)
        case "object":
            known = shape.get("properties", {})
            more = shape.get("additionalProperties", True)
            return (
                isinstance(value, dict) and set(shape.get("required", [])) <= set(value) and (more is not False or set(value) <= set(known))
                and all(fits(one, known[name]) if name in known else more is True or fits(one, more) for name, one in value.items())
            )  # fmt: skip
    if not isinstance(value, str) or ("enum" in shape and value not in shape["enum"]):
        return False
    match shape.get("format"):
        case "uuid":
            return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value))
        case "date":
            return date.fromisoformat(value) is not None
        case "date-time":
            return datetime.fromisoformat(value).tzinfo is not None
    return True


def test_what_is_taken_away_is_what_the_schema_says(clinic, written):
    content, zipped = exported(clinic, "alice")
    schema = json.loads(zipped.read("schema.json"))
    for table, found in content["tables"].items():
        shape = schema["properties"]["tables"]["properties"][table]
        for row in found:
            wrong = [
                name for name, value in row.items() if not fits(value, shape["items"]["properties"][name])
            ]
            assert wrong == [], (table, row)
    assert fits(content, schema)
    assert not fits(content | {"surprise": 1}, schema)


def test_every_column_has_a_description():
    tables = own_data.schema()["properties"]["tables"]["properties"]
    said = [
        column["description"] for table in tables.values() for column in table["items"]["properties"].values()
    ]
    assert all(words.endswith(".") and len(words) > 3 for words in said)


def test_each_table_is_a_csv_that_no_spreadsheet_runs(clinic, written):
    content, zipped = exported(clinic, "alice")
    assert set(zipped.namelist()) == {
        "README.txt",
        "schema.json",
        "sixfold.json",
        *(f"csv/{name}.csv" for name in OWN),
    }
    for name, found in content["tables"].items():
        head, *lines = csv.reader(io.StringIO(zipped.read(f"csv/{name}.csv").decode("utf-8-sig")))
        assert head == [column.name for column in OWN[name].columns]
        assert len(lines) == len(found)
        assert not [cell for line in lines for cell in line if cell[:1] in tuple("=+-@\t\r")]


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("@a", "'@a"), ("\tx", "'\tx"), ("plain", "plain"), (-3, "-3"), (None, ""), (True, "true"), (["a"], '["a"]'), ("", "")],
)  # fmt: skip
def test_a_cell_is_safe_and_still_readable(value, cell):
    table = OWN["notes"]
    row = dict.fromkeys([column.name for column in table.columns]) | {"body": value}
    _, line = csv.reader(io.StringIO(own_data.as_csv(table, [row]).decode("utf-8-sig")))
    assert line[[column.name for column in table.columns].index("body")] == cell


def test_how_far_it_is_never_goes_back(clinic, written):
    heard: list[float] = []
    db = clinic.as_("bob")
    own_data.archive(db, person=people.me(db), now=NOW, told=lambda share, what: heard.append(share))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0, 1)


# --- what was corrected ---------------------------------------------------------------------------------------------


def test_a_change_says_what_stood_before_and_what_stands_since(clinic, sql, today):
    box, me = clinic.outbox("dan"), clinic.people["dan"]
    case = UUID(cases.open(box, team=clinic.team, code="DA-111", control_sensitivity=1).entity)
    clinic.synced()
    for sensitivity in (2, 3):
        cases.amend(box, case=case, control_sensitivity=sensitivity)
        clinic.synced()
    found, _ = own_data.changes(clinic.as_("dan"), person=me)
    mine = [change for change in found if change.row_id == str(case)]
    assert [(c.before["control_sensitivity"], c.now["control_sensitivity"]) for c in mine] == [(2, 3), (1, 2)]
    assert [[column.name for column in change.columns()] for change in mine] == [["control_sensitivity"]] * 2
    assert mine[0].by_me
    assert mine[0].changed_at >= mine[1].changed_at > datetime.now(UTC) - timedelta(hours=1)


def test_what_was_taken_back_says_all_that_it_said(clinic, today):
    box, me, week = clinic.outbox("dan"), clinic.people["dan"], weeks.monday(today) - weeks.WEEK * 3
    for based_on, parts in (
        (0, {"strength": Part("words to take back"), "intention": Part("stays")}),
        (1, {"intention": Part("stays")}),
    ):
        reflections.hand_in(
            box, therapist=me, team=clinic.team, week=week, ratings={}, behaviours=[], based_on=based_on, today=today, parts=parts
        )  # fmt: skip
        clinic.synced()
    found, _ = own_data.changes(clinic.as_("dan"), person=me)
    gone = next(change for change in found if change.table == "reflection_parts")
    assert gone.now is None
    assert gone.before["content"] == {"value": "words to take back"}
    assert {"part", "content"} <= {column.name for column in gone.columns()}


def test_changes_come_page_by_page_and_are_nobody_elses(clinic, sql, today):
    me = clinic.people["carol"]
    case = uuid4()
    sql.execute(
        "insert into public.cases (therapist_id, id, team_id, code) values (%s, %s, %s, 'CA-888')",
        (me, case, clinic.team),
    )
    for number in range(own_data.CHANGES + 5):
        sql.execute("update public.cases set control_sensitivity = %s where id = %s", (number % 5, case))
    first, older = own_data.changes(clinic.as_("carol"), person=me)
    second, _ = own_data.changes(clinic.as_("carol"), person=me, page=1)
    assert (len(first), older) == (own_data.CHANGES, True)
    assert len(second) >= 5
    assert [c.changed_at for c in first + second] == sorted(
        (c.changed_at for c in first + second), reverse=True
    )
    assert own_data.changes(clinic.as_("bob"), person=me) == ([], False)
    assert own_data.changes(clinic.as_("sue"), person=me) == ([], False)
    assert today > entries.EARLIEST
