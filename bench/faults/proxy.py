"""A proxy on loopback between the app and its Supabase that breaks what passes through it, until it is told to heal."""

import asyncio
import json
import random
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

STATUSES = ("401", "403", "409", "413", "422", "429", "500", "503")
LOST = (
    "reset_before",
    "reset_midway",
    "reset_after",
    "blackhole",
    "blackhole_after",
    "half_open",
    "refused",
    "committed_500",
)
SLOW = ("latency", "late_answer")
WRONG = ("truncated", "garbled", "other_ids", "swapped_ids", "one_less", "lie", "page")
FAULTS = (*STATUSES, *LOST, *SLOW, *WRONG)
PARKING = (
    "403",
    "409",
    "413",
    "422",
)  # a request that is answered so is looked at more closely, entry by entry


@dataclass
class Seen:
    """What the proxy did, for the record."""

    faults: Counter = field(default_factory=Counter)
    refused_alone: set[str] = field(default_factory=set)  # operations that by themselves were answered 4xx
    requests: int = 0


class Proxy:
    """`break_with(faults, share)` from now on, `heal()` to let everything through. Runs in a thread of its own."""

    def __init__(self, upstream: str) -> None:
        host, port = upstream.removeprefix("http://").split(":")
        self._upstream = (host, int(port))
        self._faults: tuple[str, ...] = ()
        self._share = 1.0
        self._chance = random.Random()
        self.seen = Seen()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self.thread.start()
        self.port = 0
        self._do(self._listen())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def break_with(self, faults: tuple[str, ...], *, share: float = 1.0, seed: int | None = None) -> None:
        """Each request meets one of these faults with this probability."""
        self._chance = random.Random(seed)
        self._faults, self._share = faults, share
        if "refused" in faults:
            self._do(self._close())

    def heal(self) -> None:
        """Let everything through. Connections that were broken stay broken."""
        self._faults = ()
        if self._server is None:
            self._do(self._listen())

    def close(self) -> None:
        self._do(self._close())
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.thread.join()
        self._loop.close()

    def _do(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            _reset(writer)

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        upstream = None
        try:
            if self._meets("half_open"):
                await asyncio.sleep(3600)  # connected, and nobody ever reads what is sent
            while True:
                head, body = await _message(reader)
                if upstream is None:
                    upstream = await asyncio.open_connection(*self._upstream)
                if not await self._request(head, body, writer, upstream):
                    return
        except (OSError, EOFError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            self._open.discard(writer)
            writer.close()
            if upstream is not None:
                upstream[1].close()

    def _meets(self, fault: str) -> bool:
        if fault in self._faults and self._chance.random() < self._share / len(self._faults):
            self.seen.faults[fault] += 1
            return True
        return False

    async def _request(self, head: bytes, body: bytes, writer: asyncio.StreamWriter, upstream) -> bool:
        """Carry one request and its answer, or not. False when the connection is over."""
        self.seen.requests += 1
        fault = None
        if self._faults and self._chance.random() < self._share:
            fault = self._chance.choice([one for one in self._faults if one != "half_open"] or [None])
        if fault is not None:
            self.seen.faults[fault] += 1
        ops = _ops(body)
        match fault:
            case "reset_before" | "refused":
                _reset(writer)
                return False
            case "blackhole":
                await asyncio.sleep(3600)
            case "latency":
                await asyncio.sleep(self._chance.uniform(0.05, 1.5))
            case (
                "lie"
            ):  # something answers in the place of the database, about other operations than were asked
                about = {"op_id": str(uuid4()), "digest": "0" * 64, "applied": True}
                _say(writer, 200, about if b"/op_applied" in head else [_applied(str(uuid4())) for _ in ops])
                return True
            case "page":
                _say(writer, 200, "<html>Welcome to the guest network. <a href='/'>Sign in</a></html>")
                return True
            case status if status in STATUSES:
                if status in PARKING and len(ops) == 1:
                    self.seen.refused_alone.add(ops[0])
                _say(
                    writer,
                    int(status),
                    {"message": "no"} if self._chance.random() < 0.5 else "<html>no</html>",
                )
                return True
        upstream[1].write(head + body)
        if fault == "reset_midway":
            await asyncio.sleep(self._chance.uniform(0, 0.02))
            _reset(writer)
            return False
        answer_head, answer = await _message(upstream[0])
        match fault:
            case "reset_after":
                _reset(writer)
                return False
            case "blackhole_after":
                await asyncio.sleep(3600)
            case "late_answer":
                await asyncio.sleep(self._chance.uniform(0.1, 3.0))
            case "committed_500":
                _say(writer, 500, {"code": "XX000", "message": "no"})
                return True
            case "truncated":
                writer.write(answer_head + answer[: len(answer) // 2])
                await writer.drain()
                return False
            case "garbled":
                answer = bytes(
                    self._chance.choice(b'\x00\xff{["') if self._chance.random() < 0.2 else byte
                    for byte in answer
                )
            case "other_ids" | "swapped_ids" | "one_less":
                answers = json.loads(answer)
                if isinstance(answers, list):
                    _say(writer, 200, _wrong(fault, answers))
                    return True
        writer.write(answer_head + answer)
        await writer.drain()
        return True


def _wrong(fault: str, answers: list[dict]) -> list[dict]:
    match fault:
        case "other_ids":
            return [answer | {"op_id": str(uuid4())} for answer in answers]
        case "swapped_ids":
            return answers[::-1] if len(answers) > 1 else []
    return answers[1:]


def _applied(op_id: str) -> dict:
    return {"op_id": op_id, "state": "applied", "code": None, "message": None}


def _ops(body: bytes) -> list[str]:
    with suppress(ValueError, KeyError, TypeError):
        return [op["op_id"] for op in json.loads(body)["ops"]]
    return []


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """One request or answer, with nothing compressed and its length known."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head[:-4].split(b"\r\n")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])
    }
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readline()
    else:
        body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
    kept = [
        line
        for line in lines[1:]
        if not line.lower().startswith((b"accept-encoding", b"transfer-encoding", b"content-length"))
    ]
    kept.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([lines[0], *kept, b"", b""]), body


def _say(writer: asyncio.StreamWriter, status: int, content: object) -> None:
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    writer.write(
        b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        + body
    )


def _reset(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
    writer.transport.abort()
