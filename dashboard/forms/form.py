"""A form of named fields, each kept in the vault as it changes: reload, another browser or signing out lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from services import drafts, ids
from services.errors import ServiceError
from services.vault import Vault


class Form:
    """One opened form. Its fields live in session state under "<prefix>_<field>", and in the vault as a draft.

    `start` names the fields with the values a fresh form begins with. `key` tells apart several of one kind
    (a team, a week, a rupture); the first field is always on screen. Beside its fields a form has `names` for what it
    will make: UUIDs from the moment it is opened, kept with the draft, so that the same form, saved twice or from two
    browsers, is one operation.
    """

    def __init__(
        self, vault: Vault, *, owner: str, name: str, key: str, start: Mapping[str, Any], names: Iterable[str] = ("op",),
        prefix: str | None = None,
    ) -> None:  # fmt: skip
        self._vault, self._owner, self._name, self._key, self._start = vault, owner, name, key, dict(start)
        self._names = tuple(names)
        self.prefix = prefix or name
        self._state = f"{self.prefix}_form"
        self.pull()

    # Kept in session state because Streamlit forgets a widget's value when another page is shown, and because a form
    # must know what it has seen of its draft to notice that another browser has changed it.
    @property
    def _mine(self) -> dict[str, Any]:
        return st.session_state[self._state]

    def pull(self) -> bool:
        """Take over what another browser has kept since. Whether there was anything. Call before the widgets."""
        draft = drafts.load(self._vault, owner=self._owner, form=self._name, key=self._key)
        mine = st.session_state.get(self._state)
        fields = self._read(draft["fields"]) if draft else dict(self._start)
        if mine is None or mine["key"] != self._key:
            mine = self._opened(draft)
            changed = list(self._start)
        elif draft is None:
            changed = []  # nothing is kept: fresh, or saved elsewhere, and then save() finds out
        else:
            changed = [name for name in self._start if draft["fields"].get(name) != mine["seen"].get(name)]
            mine["names"], mine["begun"] = draft["names"], draft["begun"]
        left = self.widget(next(iter(self._start))) not in st.session_state
        for name in self._start:
            if name in changed or self.widget(name) not in st.session_state:
                st.session_state[self.widget(name)] = fields[name]
        if left:
            mine["returned"] = draft is not None
        mine["seen"] = draft["fields"] if draft else self._written(fields) if left or changed else mine["seen"]
        st.session_state[self._state] = mine
        return bool(changed)

    def _opened(self, draft: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "key": self._key, "names": draft["names"] if draft else self._new_names(),
            "begun": draft["begun"] if draft else None, "seen": {},
            "returned": draft is not None, "kept": None, "trouble": None,
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

    def __setitem__(self, name: str, value: Any) -> None:
        st.session_state[self.widget(name)] = value
        self.keep(name)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self[name] for name in self._start}

    @property
    def names(self) -> Mapping[str, str]:
        """The UUIDs of what this form will make."""
        return self._mine["names"]

    def _new_names(self) -> dict[str, str]:
        return {what: ids.new() for what in self._names}

    def keep(self, name: str) -> None:
        """Keep one field: on disk when it returns. Other fields stay as the draft has them, whoever wrote them."""
        mine = self._mine
        try:
            with self._vault.transaction():
                draft = drafts.load(self._vault, owner=self._owner, form=self._name, key=self._key)
                if draft is None:
                    # Begun before and gone since: it was saved or discarded in another browser, so this is a new one.
                    names = self._new_names() if mine["begun"] else mine["names"]
                    draft = {"names": names, "begun": datetime.now(UTC).isoformat(), "fields": self._written(self._known())}
                draft["fields"][name] = _written(self[name])
                drafts.save(self._vault, owner=self._owner, form=self._name, key=self._key, content=draft)
        except ServiceError as error:
            mine["trouble"] = str(error)
        else:
            mine |= {"names": draft["names"], "begun": draft["begun"], "kept": datetime.now(UTC), "trouble": None}
            # Only this field: what another browser has kept in the others is still to be shown here.
            mine["seen"] = {**(mine["seen"] or draft["fields"]), name: draft["fields"][name]}

    def discard(self) -> None:
        """Forget what was typed here, and begin with a fresh form."""
        drafts.discard(self._vault, owner=self._owner, form=self._name, key=self._key)
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

    def _known(self) -> dict[str, Any]:
        return {name: st.session_state.get(self.widget(name), self._start[name]) for name in self._start}

    def _written(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: _written(value) for name, value in fields.items()}

    def _read(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Kept values as widgets take them; a field that a newer version has added begins as in a fresh form."""
        found = dict(self._start)
        for name in self._start:
            if name in kept:
                day = isinstance(self._start[name], date) and kept[name] is not None
                found[name] = date.fromisoformat(kept[name]) if day else kept[name]
        return found


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, (list, tuple)) else value
