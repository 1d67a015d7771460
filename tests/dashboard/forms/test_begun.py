"""Every form that keeps a draft is among those that were begun and not finished, wherever it stands."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from dashboard.forms.begun import PLACES

ROOT = Path(__file__).resolve().parents[3]


def forms(source: str, constants: object) -> Iterator[str]:
    """The names under which a source opens forms."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Form":
            for given in node.keywords:
                if given.arg == "name" and isinstance(given.value, ast.Constant):
                    yield given.value.value
                elif given.arg == "name" and hasattr(
                    constants, given.value.id
                ):  # else a name that was handed in
                    yield getattr(constants, given.value.id)


def test_every_form_has_its_place_in_the_list():
    found = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        if "Form(" in path.read_text():
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found |= set(forms(path.read_text(), importlib.import_module(module)))
    assert len(found) > 5
    assert found - PLACES.keys() == set()
