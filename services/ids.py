"""Names for new things, made before the database has seen them."""

import secrets
import time
from uuid import UUID

from services.errors import Refused


def new() -> str:
    """A UUIDv7 (RFC 9562): milliseconds since 1970, then 74 random bits, so that names sort by age."""
    value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def checked(name: object) -> str:
    """The usual way to write this UUID; anything else is Refused."""
    try:
        return str(UUID(str(name)))
    except ValueError:
        raise Refused("This entry has no proper name. Please open the form again.", "22P02") from None
