"""What a word is: the key that is stored, its label, and one sentence of help."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Word:
    """One choice: the key that is stored, the label that is shown, and a sentence that explains it."""

    key: str
    label: str
    help: str


def words(*rows: tuple[str, str, str]) -> Mapping[str, Word]:
    return MappingProxyType({key: Word(key, label, help) for key, label, help in rows})
