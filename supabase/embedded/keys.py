"""The secrets of one data directory: made once, readable by their owner only."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    """What the parts of a stack prove themselves with; lost with the directory."""

    publishable_key: str
    secret_key: str
    jwt_secret: str
    database_password: str

    @classmethod
    def of(cls, data_dir: Path) -> "Keys":
        """Read keys.json, or make it."""
        file = data_dir / "keys.json"
        if file.exists():
            return cls(**json.loads(file.read_text()))
        made = cls(
            publishable_key=f"sb_publishable_{secrets.token_urlsafe(24)}",
            secret_key=f"sb_secret_{secrets.token_urlsafe(24)}",
            jwt_secret=secrets.token_urlsafe(48),
            database_password=secrets.token_hex(24),
        )
        unfinished = data_dir / "keys.json.new"
        unfinished.unlink(missing_ok=True)
        unfinished.touch(0o600)
        unfinished.write_text(json.dumps(asdict(made), indent=2))
        unfinished.rename(file)
        return made
