"""A running meeting: how long a change on the supervisor's device takes to reach the others, ten of them against one.

The change goes the whole way: saved in the vault, sent by the worker, applied by the database, read by each device as the page
reads it, every two seconds, each beginning at a moment of its own. Drawing it in a browser comes on top and is not in here.
"""

import os
import random
import shutil
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from measure import Result, clinic, email, sign_in, stack
from supabase import Client

from dashboard.meeting.at import LOOK_AGAIN
from services import chairing, ids, meetings, settings, sync, vault
from services.outbox import Outbox

DEVICES, CHANGES = 10, 40
KEY = "a key for benches that is long enough: 4Tz8wQ1nD6"
WITHIN = 5.0  # seconds; what is wanted


class Device(threading.Thread):
    """Looks every two seconds, and notes when it first saw each prompt."""

    def __init__(self, db: Client, team: UUID) -> None:
        super().__init__(daemon=True)
        self.db, self.team, self.seen, self.over = db, team, {}, threading.Event()

    def run(self) -> None:
        self.over.wait(random.uniform(0, LOOK_AGAIN))
        while not self.over.wait(LOOK_AGAIN):
            meeting = meetings.now(self.db, team=self.team)
            self.seen.setdefault(meeting.prompt, time.monotonic())


def delays(clients: list[Client], team: UUID, box: Outbox, changes: int) -> list[float]:
    """Seconds from each change to its appearance on each of these devices."""
    devices = [Device(db, team) for db in clients]
    meeting, said = meetings.now(clients[0], team=team), {}
    for device in devices:
        device.start()
    for _ in range(changes):
        prompt = f"p-{ids.new()[-12:]}"
        said[prompt] = time.monotonic()
        chairing.show_prompt(box, meeting=meeting, prompt=prompt)
        while not all(prompt in device.seen for device in devices):
            time.sleep(0.02)
        time.sleep(random.uniform(0, LOOK_AGAIN))
    for device in devices:
        device.over.set()
        device.join()
    return [device.seen[prompt] - at for prompt, at in said.items() for device in devices]


def run(*, devices: int = DEVICES, changes: int = CHANGES) -> list[Result]:
    place = Path(tempfile.mkdtemp(prefix="sixfold-bench-"))
    place.chmod(0o700)
    try:
        with stack() as running, psycopg.connect(running.database_url, autocommit=True) as connection:
            team, _therapists, supervisor = clinic(connection, therapists=devices - 1)
            here = settings.load({
                "SUPABASE_URL": running.url, "SUPABASE_PUBLISHABLE_KEY": running.publishable_key, "SIXFOLD_VAULT_KEY": KEY,
                "SIXFOLD_VAULT": str(place / "vault.db"),
            })  # fmt: skip
            leads = sign_in(running, supervisor)
            others = [sign_in(running, email(team, number)) for number in range(devices - 1)]
            signed_in = leads.auth.get_session()
            kept = vault.open(place / "vault.db", KEY)
            worker = sync.Worker(kept, here, {signed_in.user.id: signed_in.access_token}.get)
            worker.start()
            box = Outbox(kept, signed_in.user.id)
            chairing.plan(box, team=team, held_on=date.today(), items=[chairing.an_item("went_well")])
            _arrived(box)
            chairing.begin(box, meeting=meetings.now(leads, team=team))
            _arrived(box)
            one = delays(others[:1], team, box, changes)
            all_of_them = delays([*others, leads], team, box, changes)
            worker.stop()
            kept.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    looked = f"{changes} changes, devices that look every {LOOK_AGAIN:g} s; load {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores"
    late = sum(delay > WITHIN for delay in all_of_them)
    return [
        Result(f"A change on one device until it is on {devices} others, median, against one other", median(all_of_them) / median(one), looked),
        Result(f"The same until it is on {devices} others, median", median(all_of_them), looked, unit="s"),
        Result(f"The same until it is on {devices} others, longest", max(all_of_them), f"{late} of {len(all_of_them)} later than {WITHIN:g} s", unit="s"),
        Result("The same with one other, longest", max(one), f"{len(one)} changes", unit="s"),
    ]  # fmt: skip


def _arrived(box: Outbox) -> None:
    while box.status().waiting:
        time.sleep(0.02)
    if parked := box.parked():
        raise RuntimeError(f"refused: {parked[0].reason}")


if __name__ == "__main__":
    for result in run():
        print(result)
