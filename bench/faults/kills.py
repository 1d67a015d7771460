"""kill -9 at random moments: of the app, of Supabase's server, of every process of its database, of all of them at once."""

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.faults import ledger
from bench.faults.app import Life, Nursery, new_key
from bench.faults.clinic import Clinic, staffed
from bench.faults.ledger import Verdict, Written

# How often each is killed: the stack takes seconds to come back, the app milliseconds.
TARGETS = {"app": 92, "server": 3, "database": 2, "app and stack": 3}
LONGEST_LIFE = 0.8


def life_in(clinic: Clinic, place: Path, *, url: str | None = None, **more: object) -> Life:
    """A life of ten people who have written nothing yet, in a vault of its own."""
    return Life(
        vault=str(place / "vault.db"),
        key=new_key(),
        url=url or clinic.stack.url,
        publishable_key=clinic.stack.publishable_key,
        team=clinic.team,
        tokens=clinic.tokens,
        written=dict.fromkeys(clinic.people, 0),
        **more,
    )


def judged(clinic: Clinic, nursery: Nursery) -> Verdict:
    """Send what still waits in one last life, then compare the database with what was acknowledged."""
    pid = nursery.start(task="drain")
    nursery.heard("done", patience=300)
    nursery.ended(pid)
    people = {person: Written(count, parked=nursery.parked[person]) for person, count in nursery.kept.items()}
    with clinic.database() as connection:
        return ledger.verdict(connection, clinic.team, people)


def run(
    stack: Clinic, *, kills: int, seed: int | None = None, targets: dict[str, int] = TARGETS
) -> tuple[Verdict, Counter]:
    """So many kills under ten people's writing; the verdict at the end, and how often each was killed."""
    chance = random.Random(seed)
    clinic = staffed(stack)
    killed: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="sixfold-log-") as logs:
        nursery = Nursery(life_in(clinic, clinic.place(f"kills-{clinic.team}")), log=Path(logs) / "app.log")
        try:
            pid = nursery.start()
            for _ in range(kills):
                time.sleep(
                    chance.uniform(0, LONGEST_LIFE) if chance.random() < 0.7 else chance.uniform(0, 0.08)
                )
                target = chance.choices(list(targets), list(targets.values()))[0]
                killed[target] += 1
                if target == "app and stack":
                    clinic.kill_database()
                if target in ("app", "app and stack"):
                    nursery.kill(pid)
                    pid = nursery.start()
                if target in ("server", "app and stack"):
                    clinic.kill_api()
                if target == "database":
                    clinic.kill_database()
                if target != "app":
                    time.sleep(chance.uniform(0, 0.5))
                    clinic.restart()
            nursery.kill(pid)
            return judged(clinic, nursery), killed
        finally:
            nursery.close()
