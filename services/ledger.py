"""What the database's ledger keeps of an operation: a digest of its content, made here in the same way."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest(op: Mapping[str, Any]) -> str:
    """SHA-256 of kind, entity, params and stated_at as PostgreSQL writes them in jsonb (`private.apply_op`).

    Where the two would write a number differently, they differ, and an operation counts as not applied.
    """
    content = [op["kind"], op["entity"], op["params"], op["stated_at"]]
    return hashlib.sha256(_jsonb(content).encode()).hexdigest()


def _jsonb(value: Any) -> str:
    """As jsonb reads back: keys by length, then by byte."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{_jsonb(key)}: {_jsonb(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_jsonb, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
