"""Import of scores on screen: preview in words, all or nothing, the same file twice, and how far it has come."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from services import cases, scores
from tests.pages.conftest import Somebody, has, press, words

HEADER = "code,date,measure,score\n"


@pytest.fixture
def case(alice) -> UUID:
    op = cases.open(alice.outbox, team=alice.team, code="C-0201")
    alice.synced()
    alice.app.holds()
    return UUID(op.entity)


def key(who: Somebody, name: str) -> str:
    return f"import_scores_{who.team}_{name}"


def chooses(at: AppTest, who: Somebody, text: str) -> AppTest:
    return at.file_uploader(key=key(who, "file")).set_value(("scores.csv", text.encode(), "text/csv")).run()


def in_database(who: Somebody, case: UUID) -> int:
    return len(scores.of_case(who.db, team=who.team, therapist=who.id, case=case))


def test_before_a_file_is_chosen_the_page_says_what_it_looks_like(alice):
    said = words(alice.visits("import_scores"))
    assert "What the file looks like" in said
    assert "PHQ\\-9" in said
    assert "No names, only codes." in said


def test_a_file_is_previewed_imported_and_followed_until_it_is_in_the_database(alice, case):
    rows = HEADER + "C-0201,2026-03-02,PHQ-9,18\nc-0201,09.03.2026,phq9,15\n"
    at = chooses(alice.visits("import_scores"), alice, rows)
    assert "**2 rows:** 2 new." in words(at)
    assert list(at.dataframe[0].value["What becomes of it"]) == ["New.", "New."]
    assert in_database(alice, case) == 0
    press(at, key(alice, "import"))
    assert "**2 rows:** 2 already there." in words(at)
    assert not has(at, key(alice, "import"))
    assert at.get("progress")
    alice.synced()
    assert in_database(alice, case) == 2
    assert "2 scores imported and in the database." in words(at.run())


def test_the_same_file_again_changes_nothing(alice, case):
    rows = HEADER + "C-0201,2026-03-02,PHQ-9,18\n"
    press(chooses(alice.visits("import_scores"), alice, rows), key(alice, "import"))
    alice.synced()
    at = chooses(alice.visits("import_scores"), alice, rows)
    assert "Every score of this file is there already" in words(at)
    assert not has(at, key(alice, "import"))
    assert len(alice.saved("score.enter")) == 1


def test_one_wrong_row_stops_all_of_it_and_stands_on_top(alice, case):
    rows = HEADER + "C-0201,2026-03-02,PHQ-9,18\nC-0201,2026-03-09,PHQ-9,99\n"
    at = chooses(alice.visits("import_scores"), alice, rows)
    table = at.dataframe[0].value
    assert list(table["Line"]) == [3, 2]
    assert table["What becomes of it"].iloc[0] == "PHQ-9 goes from 0 to 27. Please check the score."
    assert "**Line 3:** PHQ\\-9 goes from 0 to 27" in words(at)
    assert "Nothing is imported while a row needs a correction." in words(at)
    assert not has(at, key(alice, "import"))
    assert alice.saved("score.enter") == []


def test_of_many_wrong_rows_the_first_are_written_out(alice, case):
    rows = "".join(f"C-0201,2026-03-{day:02d},PHQ-9,99\n" for day in range(1, 16))
    said = words(chooses(alice.visits("import_scores"), alice, HEADER + rows))
    assert "**Line 11:**" in said
    assert "**Line 12:**" not in said
    assert "and 5 more, in the table" in said


def test_a_formula_is_shown_as_text_and_never_kept(alice, case):
    at = chooses(alice.visits("import_scores"), alice, HEADER + '"=HYPERLINK(1)",2026-03-02,PHQ-9,=1+1\n')
    assert list(at.dataframe[0].value.iloc[0][["Code", "Score"]]) == ["'=HYPERLINK(1)", "'=1+1"]
    assert not has(at, key(alice, "import"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,date,score\n", "Missing: measure"),
        ("", "The file is empty"),
        (HEADER + '"open', "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(alice, text, sentence):
    assert sentence in words(chooses(alice.visits("import_scores"), alice, text)).replace("\\", "")


def test_other_columns_are_named_as_not_read_and_their_content_is_nowhere(alice, case):
    rows = "code,date,measure,score,remark\nC-0201,2026-03-02,PHQ-9,18,canary\n"
    said = words(chooses(alice.visits("import_scores"), alice, rows))
    assert "Not read: remark." in said.replace("\\", "")
    assert "canary" not in said


def test_a_colleagues_case_is_not_a_case_of_mine(alice, case):
    bob = alice.app.person("therapist", name="Bob Birch", team=alice.team)
    at = chooses(bob.visits("import_scores"), bob, HEADER + "C-0201,2026-03-02,PHQ-9,18\n")
    assert "not the code of a case of yours" in at.dataframe[0].value["What becomes of it"].iloc[0]


def test_a_closed_case_takes_older_scores(alice, case):
    cases.amend(alice.outbox, case=case, state="closed")
    alice.synced()
    at = chooses(alice.visits("import_scores"), alice, HEADER + "C-0201,2026-03-02,PHQ-9,18\n")
    press(at, key(alice, "import"))
    alice.synced()
    assert in_database(alice, case) == 1


def test_a_case_that_still_waits_can_be_imported_for(alice):
    cases.open(alice.outbox, team=alice.team, code="C-0202")
    at = chooses(alice.visits("import_scores"), alice, HEADER + "C-0202,2026-03-02,PHQ-9,18\n")
    press(at, key(alice, "import"))
    alice.synced()
    assert alice.outbox.parked() == []
    assert alice.saved("score.enter")[0].state == "synced"


def test_three_hundred_rows_arrive(alice, case):
    start = date(2025, 1, 1)
    rows = "".join(f"C-0201,{start + timedelta(days=n)},GAD-7,{n % 22}\n" for n in range(300))
    at = press(chooses(alice.visits("import_scores"), alice, HEADER + rows), key(alice, "import"))
    assert "300 scores saved here" in str(at.get("progress")[0].proto)
    alice.synced()
    assert "300 scores imported and in the database." in words(at.run())
    assert in_database(alice, case) == 300


def test_while_the_database_is_away_nothing_is_imported_and_the_page_says_so(alice, case):
    at = alice.visits("import_scores")
    alice.app.loses_the_database()
    said = words(chooses(at, alice, HEADER + "C-0201,2026-03-02,PHQ-9,18\n"))
    assert "Nothing was imported; the file can be judged when the database answers." in said
    assert alice.saved("score.enter") == []


def test_a_supervisor_has_no_import(alice):
    sue = alice.app.person("supervisor", name="Sue Sedge", team=alice.team)
    with pytest.raises(ValueError, match="import_scores"):
        sue.visits("import_scores")
