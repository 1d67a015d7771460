"""A form of named fields, each kept in the vault as it changes: reload, another browser or signing out lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zlib import crc32

import streamlit as st

from services import drafts, ids
from services.errors import ServiceError
from services.vault import Vault


def edition_of(*said: object) -> int:
    """A number for what an entry says: another one as soon as it says something else.

    For entries without a version of their own, so that a form without a draft shows what stands.
    """
    return crc32(repr(said).encode())


class Form:
    """One opened form. Its fields live in session state under "<prefix>_<field>", and in the vault as a draft.

    `start` names the fields with the values a fresh form begins with. `key` tells apart several of one kind
    (a team, a week, a rupture); the first field is always on screen. Beside its fields a form has `names` for what it
    will make: UUIDs from the moment it is opened, kept with the draft, so that the same form, saved twice or from two
    browsers, is one operation. `edition` says which version of something saved before `start` is.

    `changed_elsewhere`: what another browser kept or saved since was not on this screen until now.
    """

    def __init__(
        self, vault: Vault, *, owner: str, name: str, key: str, start: Mapping[str, Any], names: Iterable[str] = ("op",),
        prefix: str | None = None, edition: int = 0,
    ) -> None:  # fmt: skip
        self._vault, self._owner, self._name, self._key, self._start = vault, owner, name, key, dict(start)
        self._names, self._edition = tuple(names), edition
        self.prefix = prefix or name
        self._state, self._saved = f"{self.prefix}_form", f"{self.prefix}_form_saved"
        self.changed_elsewhere = self._pull()

    # Kept in session state because Streamlit forgets a widget's value when another page is shown, and because a form
    # must know what it has seen of its draft to notice that another browser has changed it.
    @property
    def _mine(self) -> dict[str, Any]:
        return st.session_state[self._state]

    def _pull(self) -> bool:
        """Fill the fields, before their widgets are drawn, and take over what another browser has kept since."""
        draft = self._load()
        mine = st.session_state.get(self._state)
        fields = self._read(draft["fields"]) if draft else dict(self._start)
        saved_elsewhere = (
            bool(mine) and mine["key"] == self._key and draft is None and mine["edition"] != self._edition
        )
        fresh = mine is None or mine["key"] != self._key or saved_elsewhere
        if fresh:
            mine = st.session_state[self._state] = self._opened(draft)
        elif draft:
            mine |= {"names": draft["names"], "begun": draft["begun"], "edition": draft["edition"]}
        changed = [
            name for name in self._start if draft and draft["fields"].get(name) != mine["seen"].get(name)
        ]
        left = self.widget(next(iter(self._start))) not in st.session_state
        for name in self._start:
            if fresh or name in changed or self._forgotten(name, draft):
                st.session_state[self.widget(name)] = fields[name]
        if left:
            mine["returned"] = draft is not None
        if draft:
            mine["seen"] = draft["fields"]
        return saved_elsewhere or (bool(changed) and not fresh)

    def _forgotten(self, name: str, draft: Mapping[str, Any] | None) -> bool:
        """Whether Streamlit has lost this field while its widget was not drawn: it is gone, or is again what it was before
        that widget was first drawn. Every change is kept before a run, so what was kept is what was on the screen.
        """
        if self.widget(name) not in st.session_state:
            return True
        if draft is None or self._mine["trouble"] or name not in draft["fields"]:
            return False
        return _written(st.session_state[self.widget(name)]) != draft["fields"][name]

    def _load(self) -> dict[str, Any] | None:
        return drafts.load(self._vault, owner=self._owner, form=self._name, key=self._key)

    def _opened(self, draft: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "key": self._key, "names": draft["names"] if draft else self._new_names(),
            "begun": draft["begun"] if draft else None, "edition": draft["edition"] if draft else self._edition,
            "seen": {}, "returned": draft is not None, "kept": None, "trouble": None,
        }  # fmt: skip

    def widget(self, name: str) -> str:
        """The key of a field's widget."""
        return f"{self.prefix}_{name}"

    def field(self, name: str, *, among: Any = None) -> dict[str, Any]:
        """What a widget needs to be this field: `st.pills("…", options, **form.field("kind"))`.

        `among` are the choices there are now: a kept one that is no longer among them is left out.
        """
        here = self.widget(name)
        if among is not None:
            kept = st.session_state[here]
            if isinstance(kept, list):
                st.session_state[here] = [one for one in kept if one in among]
            elif kept is not None and kept not in among:
                st.session_state[here] = self._start[name] if self._start[name] in among else None
        return {"key": here, "on_change": self.keep, "args": (name,)}

    def __getitem__(self, name: str) -> Any:
        return st.session_state[self.widget(name)]

    @property
    def names(self) -> Mapping[str, str]:
        """The UUIDs of what this form will make."""
        return self._mine["names"]

    def _new_names(self) -> dict[str, str]:
        return {what: ids.new() for what in self._names}

    def keep(self, name: str) -> None:
        """Keep one field: on disk when it returns. Other fields stay as the draft has them, whoever wrote them."""
        if self._state not in st.session_state:
            # Saved a moment ago, and the browser hands over a field once more: the same words again, or the first ones of a new form.
            if _written(self._now(name)) == st.session_state.get(self._saved, {}).get(name):
                return
            st.session_state[self._state] = self._opened(None)
        mine = self._mine
        try:
            with self._vault.transaction():
                draft = self._load()
                seen = dict(mine["seen"])
                if draft is None:
                    # Begun before and gone since: it was saved or discarded in another browser, so this is a new one.
                    names = self._new_names() if mine["begun"] else mine["names"]
                    fields = {each: _written(self._now(each)) for each in self._start}
                    draft = {
                        "names": names,
                        "begun": datetime.now(UTC).isoformat(),
                        "edition": mine["edition"],
                        "fields": fields,
                    }
                    seen = dict(fields)
                draft["fields"][name] = seen[name] = _written(self._now(name))
                drafts.save(self._vault, owner=self._owner, form=self._name, key=self._key, content=draft)
        except ServiceError as error:
            mine["trouble"] = str(error)
        else:
            # Of the other fields only what was on screen is "seen": what another browser kept is still to be shown here.
            mine |= {name: draft[name] for name in ("names", "begun", "edition")}
            mine |= {"seen": seen, "kept": datetime.now(UTC), "trouble": None}

    def _now(self, name: str) -> Any:
        return st.session_state.get(self.widget(name), self._start[name])

    def discard(self) -> None:
        """Forget what was typed here, and begin with a fresh form."""
        with self.saving():
            pass

    @contextmanager
    def saving(self) -> Iterator[None]:
        """What is saved in here, and the end of the draft: both or neither. The form is fresh afterwards."""
        with self._vault.transaction():
            yield
            drafts.discard(self._vault, owner=self._owner, form=self._name, key=self._key)
        # In session state because what comes after was sent by the page as it was before.
        st.session_state[self._saved] = {name: _written(self._now(name)) for name in self._start}
        for name in (*map(self.widget, self._start), self._state):
            st.session_state.pop(name, None)

    def go_on(self) -> None:
        """Somebody has seen that they were here before."""
        self._mine["returned"] = False

    @property
    def begun(self) -> datetime | None:
        """When the first field was filled in; None as long as none was."""
        return datetime.fromisoformat(self._mine["begun"]) if self._mine["begun"] else None

    @property
    def edition(self) -> int:
        """The version that this form was begun on."""
        return self._mine["edition"]

    @property
    def returned(self) -> bool:
        """Whether somebody comes back to what they began."""
        return self._mine["returned"]

    @property
    def kept(self) -> datetime | None:
        """When something was kept last, in this browser."""
        return self._mine["kept"]

    @property
    def trouble(self) -> str | None:
        """Why the last change could not be kept, as a sentence."""
        return self._mine["trouble"]

    def _read(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Kept values as widgets take them; a field that a newer version has added begins as in a fresh form."""
        found = dict(self._start)
        for name in self._start:
            if name in kept:
                day = isinstance(self._start[name], date) and kept[name] is not None
                found[name] = date.fromisoformat(kept[name]) if day else kept[name]
        return found


def _written(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, date)
        else list(value)
        if isinstance(value, (list, tuple))
        else value
    )
