"""A form keeps each field as it changes, wherever its author goes on."""

from datetime import date

import pytest

from dashboard.forms.form import Form
from services import drafts
from services.errors import ServiceError

START = {"kind": None, "day": date(2026, 3, 2), "text": "", "many": []}
NAMES = ("op", "entity")


def form(safe, *, key: str = "here", owner: str = "alice", edition: int = 0, start: dict = START) -> Form:
    return Form(safe, owner=owner, name="form", key=key, start=start, names=NAMES, edition=edition)


def says(safe, state: dict, **fields) -> Form:
    """What Streamlit does when a person changes widgets: the value into the session, then the callback."""
    opened = form(safe)
    for name, value in fields.items():
        state[f"form_{name}"] = value
        opened.keep(name)
    return opened


def test_a_fresh_form_begins_as_it_should_and_keeps_nothing(safe, browser):
    opened = form(safe)
    assert {name: opened[name] for name in START} == START
    assert opened.begun is None
    assert not opened.returned
    assert drafts.of(safe, owner="alice") == []


def test_each_change_is_in_the_vault_at_once(safe, browser):
    opened = says(safe, browser("laptop"), text="half a sen", day=date(2026, 1, 5), many=["a"])
    (draft,) = drafts.of(safe, owner="alice")
    assert draft.content["fields"] == {"kind": None, "day": "2026-01-05", "text": "half a sen", "many": ["a"]}
    assert opened.kept is not None


def test_another_browser_has_all_of_it_and_the_same_names(safe, browser):
    first = says(safe, browser("laptop"), text="half a sen", day=date(2026, 1, 5), many=["a"])
    browser("phone")
    second = form(safe)
    assert (second["text"], second["day"], second["many"]) == ("half a sen", date(2026, 1, 5), ["a"])
    assert second.names == first.names
    assert set(second.names) == set(NAMES)
    assert second.returned
    assert second.begun == first.begun
    assert not second.changed_elsewhere


def test_two_browsers_write_into_different_fields_and_neither_is_lost(safe, browser):
    laptop = browser("laptop")
    says(safe, laptop, kind="a")
    phone = browser("phone")
    says(safe, phone, text="from the phone")
    browser("laptop")
    says(safe, laptop, many=["from the laptop"])
    opened = form(safe)
    assert (opened["kind"], opened["text"], opened["many"]) == ("a", "from the phone", ["from the laptop"])


def test_what_another_browser_changed_is_told_once(safe, browser):
    says(safe, browser("laptop"), kind="a")
    says(safe, browser("phone"), text="more")
    browser("laptop")
    assert form(safe).changed_elsewhere
    assert not form(safe).changed_elsewhere


def test_what_one_types_oneself_is_no_change_from_elsewhere(safe, browser):
    state = browser("laptop")
    says(safe, state, kind="a", text="b")
    assert not form(safe).changed_elsewhere


def test_coming_back_to_the_page_brings_the_fields_back(safe, browser):
    state = browser("laptop")
    says(safe, state, kind="a", text="b")
    for name in START:  # Streamlit forgets widgets that are not on the page
        del state[f"form_{name}"]
    opened = form(safe)
    assert (opened["kind"], opened["text"], opened.returned) == ("a", "b", True)
    opened.go_on()
    assert not form(safe).returned


def test_a_field_that_is_hidden_for_a_while_comes_back(safe, browser):
    state = browser("laptop")
    says(safe, state, kind="a", text="kept")
    del state["form_text"]
    opened = form(safe)
    assert opened["text"] == "kept"
    assert not opened.returned


def test_a_field_that_streamlit_has_as_it_was_before_its_widget_was_drawn_comes_back_as_well(safe, browser):
    state = browser("laptop")
    says(safe, state, kind="a", text="kept")
    state["form_text"] = START["text"]
    opened = form(safe)
    assert (opened["text"], opened.changed_elsewhere) == ("kept", False)


def test_what_is_kept_belongs_to_its_author_and_to_its_key(safe, browser):
    says(safe, browser("laptop"), text="alice")
    browser("other")
    assert form(safe, owner="bob")["text"] == ""
    assert form(safe, key="there")["text"] == ""


def test_another_key_under_the_same_widgets_is_another_form(safe, browser):
    says(safe, browser("laptop"), text="of here")
    there = form(safe, key="there")
    assert there["text"] == ""
    assert form(safe)["text"] == "of here"


def test_saving_ends_the_draft_and_begins_a_form_with_new_names(safe, browser):
    before = says(safe, browser("laptop"), text="b")
    names = dict(before.names)
    with before.saving():
        pass
    after = form(safe)
    assert after["text"] == ""
    assert after.names["op"] != names["op"]
    assert drafts.of(safe, owner="alice") == []


def test_what_the_browser_hands_over_once_more_after_saving_is_no_new_form(safe, browser):
    state = browser("laptop")
    drawn = says(safe, state, text="b")
    with form(safe).saving():
        pass
    state["form_text"] = "b"
    drawn.keep("text")
    assert drafts.of(safe, owner="alice") == []
    assert form(safe)["text"] == ""


def test_what_was_typed_on_while_it_was_being_saved_begins_a_new_form(safe, browser):
    state = browser("laptop")
    drawn = says(safe, state, text="b", kind="a")
    names = dict(drawn.names)
    with form(safe).saving():
        pass
    state["form_text"] = "b and more"
    drawn.keep("text")
    again = form(safe)
    assert (again["text"], again["kind"]) == ("b and more", None)
    assert again.names["op"] != names["op"]
    (draft,) = drafts.of(safe, owner="alice")
    assert draft.content["fields"]["text"] == "b and more"


def test_when_saving_fails_everything_stays(safe, browser):
    opened = says(safe, browser("laptop"), text="b")

    def fails() -> None:
        with opened.saving():
            drafts.save(safe, owner="alice", form="other", key="x", content={})
            raise ServiceError("no")

    with pytest.raises(ServiceError):
        fails()
    assert [draft.form for draft in drafts.of(safe, owner="alice")] == ["form"]
    assert form(safe)["text"] == "b"


def test_a_form_that_was_saved_elsewhere_and_goes_on_here_is_a_new_one(safe, browser):
    laptop = browser("laptop")
    names = dict(says(safe, laptop, text="b").names)
    browser("phone")
    with form(safe).saving():
        pass
    browser("laptop")
    assert form(safe).names == names  # untouched, it would be the same operation
    assert says(safe, laptop, text="b and more").names["op"] != names["op"]


def test_a_new_edition_replaces_what_was_only_looked_at(safe, browser):
    browser("laptop")
    form(safe)
    newer = form(safe, edition=2, start=START | {"text": "handed in"})
    assert newer["text"] == "handed in"
    assert newer.edition == 2
    assert newer.changed_elsewhere


def test_a_new_edition_does_not_replace_what_was_typed(safe, browser):
    says(safe, browser("laptop"), text="typed")
    newer = form(safe, edition=2, start=START | {"text": "handed in"})
    assert (newer["text"], newer.edition) == ("typed", 0)


def test_a_field_that_a_newer_version_added_begins_empty(safe, browser):
    says(safe, browser("laptop"), text="b")
    browser("phone")
    opened = form(safe, start=START | {"added": "new"})
    assert (opened["text"], opened["added"]) == ("b", "new")


def test_a_choice_that_is_gone_is_not_offered_and_not_forgotten(safe, browser):
    state = browser("laptop")
    opened = says(safe, state, kind="gone", many=["gone", "here"])
    assert opened.field("kind", among=["here"])["key"] == "form_kind"
    opened.field("many", among=["here"])
    assert (opened["kind"], opened["many"]) == (None, ["here"])
    assert drafts.of(safe, owner="alice")[0].content["fields"]["kind"] == "gone"


def test_a_disk_that_refuses_is_said_and_the_text_stays_on_the_screen(safe, browser, monkeypatch):
    state = browser("laptop")
    opened = form(safe)

    def full(*_args, **_kwargs):
        raise ServiceError("The disk is full.")

    monkeypatch.setattr(drafts, "save", full)
    state["form_text"] = "b"
    opened.keep("text")
    assert opened.trouble == "The disk is full."
    assert opened["text"] == "b"
    monkeypatch.undo()


@pytest.mark.parametrize("text", ["🙂", "שלום", "<script>", "a\nb", "'; drop table drafts; --", "\u2028"])
def test_every_sign_comes_back_as_it_was(safe, browser, text):
    says(safe, browser("laptop"), text=text)
    browser("phone")
    assert form(safe)["text"] == text


def test_a_day_that_was_cleared_stays_cleared(safe, browser):
    says(safe, browser("laptop"), day=None)
    browser("phone")
    assert form(safe)["day"] is None
