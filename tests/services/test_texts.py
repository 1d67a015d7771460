"""The texts of a case, all the way: private until shared one by one, and changed only on the version somebody saw."""

from uuid import UUID, uuid4

import pytest

from services import cases, texts
from services.errors import Refused
from services.texts import Text


@pytest.fixture
def case(clinic):
    """A case of Alice's, in the database."""
    opened = cases.open(clinic.outbox("alice"), team=clinic.team, code=f"TX-{uuid4().int % 90_000 + 10_000}")
    clinic.synced()
    return UUID(opened.entity)


def written(clinic, case, body="what it is like", **more) -> Text:
    op = texts.write(clinic.outbox("alice"), team=clinic.team, case=case, about="socratic", body=body, **more)
    clinic.synced()
    return next(text for text in texts.of(clinic.as_("alice"), case=case) if str(text.id) == op.entity)


def bodies(clinic, who, case) -> list[str]:
    return [text.body for text in texts.of(clinic.as_(who), case=case)]


def test_a_text_is_its_authors_alone_until_it_is_shared_and_again_after(clinic, case):
    text = written(clinic, case, slot="what-would-success-bring")
    assert text.slot == "what-would-success-bring"
    assert bodies(clinic, "sue", case) == []
    texts.share(clinic.outbox("alice"), text=text, case=case)
    clinic.synced()
    assert bodies(clinic, "sue", case) == ["what it is like"]
    for other in ("bob", "lee", "ada", "otto"):
        assert bodies(clinic, other, case) == []
    (text,) = texts.of(clinic.as_("alice"), case=case)
    assert (text.shared, text.version) == (True, 2)
    texts.share(clinic.outbox("alice"), text=text, case=case, shared=False)
    clinic.synced()
    assert bodies(clinic, "sue", case) == []


def test_other_words_build_on_the_version_that_was_seen(clinic, case):
    text = written(clinic, case)
    texts.amend(clinic.outbox("alice"), text=text, case=case, body="  other words ")
    clinic.synced()
    late = texts.amend(clinic.outbox("alice"), text=text, case=case, body="from an old screen")
    clinic.synced()
    assert clinic.outbox("alice").find(late.op_id).code == "SX409"
    assert bodies(clinic, "alice", case) == ["other words"]
    clinic.outbox("alice").discard(late.op_id)


def test_two_changes_in_a_row_both_arrive_though_the_first_is_still_on_its_way(clinic, case):
    box = clinic.outbox("alice")
    op = texts.write(box, team=clinic.team, case=case, about="socratic", body="first")
    (text,) = texts.on_their_way([op], case=case)
    ops = [op, texts.amend(box, text=text, case=case, body="second")]
    (text,) = texts.on_their_way(ops, case=case)
    assert (text.body, text.version) == ("second", 2)
    texts.share(box, text=text, case=case)
    clinic.synced()
    (text,) = texts.of(clinic.as_("alice"), case=case)
    assert (text.body, text.shared, text.version) == ("second", True, 3)


def test_a_change_that_has_arrived_is_not_counted_twice(clinic, case):
    text = written(clinic, case)
    op = texts.amend(clinic.outbox("alice"), text=text, case=case, body="other")
    clinic.synced()
    (now,) = texts.of(clinic.as_("alice"), case=case, about="socratic")
    assert texts.as_it_will_be(now, [op]) == now
    assert texts.of(clinic.as_("alice"), case=case, about="goal") == []


def test_texts_of_another_case_that_wait_are_not_among_them(clinic, case):
    op = texts.write(clinic.outbox("alice"), team=clinic.team, case=case, about="socratic", body="mine")
    assert texts.on_their_way([op], case=uuid4()) == []
    clinic.synced()


def test_words_that_travel_with_something_else_have_its_name_and_are_private_unless_said():
    name = str(uuid4())
    assert texts.words(" a goal ", id=name) == {"id": name, "body": "a goal", "shared": False}
    assert texts.words("a goal", id=name, shared=True)["shared"] is True
    assert texts.words("  ", id=name) is None
    assert texts.words(None, id=name) is None
    with pytest.raises(Refused, match="The wording has 2,001 characters; 2,000 fit"):
        texts.words("x" * 2001, id=name, what="The wording")


def test_a_text_about_nothing_known_is_refused(clinic, case):
    with pytest.raises(Refused):
        texts.write(clinic.outbox("alice"), team=clinic.team, case=case, about="gossip", body="x")
