"""A tiny PostgREST on loopback that answers apply_ops from a ledger, and breaks on demand."""

import contextlib
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from services import ledger

STATUSES = ("301", "400", "401", "403", "404", "408", "409", "413", "422", "425", "429", "500", "502", "503")
LOST = ("reset_before", "reset_after", "blackhole", "blackhole_after", "truncated")
WRONG = (
    "html",
    "bytes",
    "null",
    "wrong_ids",
    "one_less",
    "one_more",
    "swapped",
    "unknown_state",
    "no_code",
    "text",
)
FAULTS = (*STATUSES, *LOST, *WRONG)


class Loopback:
    """`faults`: what happens to the next requests, None for nothing; `always` once they are used up.

    `lie` makes another answer of what the ledger says about an operation.

    An operation can bring its own trouble in its params: "refuse" (an SQLSTATE for it alone),
    "spoil" (an HTTP status for the whole request), "hang" (no answer to the whole request).
    """

    def __init__(self, port: int = 0) -> None:
        self.faults: deque[str | None] = deque()
        self.always: str | None = None
        self.ledger: dict[tuple[str, str], str] = {}
        self.applied: list[SimpleNamespace] = []
        self.batches: list[int] = []
        self.seen: list[SimpleNamespace] = []
        self.refused_tokens: set[str] = set()
        self.guard = threading.Lock()
        self.closing = threading.Event()
        self.lie: Callable[[dict], object] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # a client that hangs up is what these tests are about
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def knows(self, person: str, op_id: str, content_digest: str) -> dict:
        known = self.ledger.get((person, op_id))
        applied = known is not None and ledger.digest(json.loads(known)) == content_digest
        return {"op_id": op_id, "digest": content_digest, "applied": applied}

    def apply(self, person: str, ops: list[dict]) -> list[dict]:
        with self.guard:
            return [self._one(person, op) for op in ops]

    def _one(self, person: str, op: dict) -> dict:
        answer = {"op_id": op["op_id"], "state": "applied", "code": None, "message": None}
        content = json.dumps(op, sort_keys=True)
        known = self.ledger.get((person, op["op_id"]))
        if known is None and (code := op["params"].get("refuse")):
            return answer | {"state": "refused", "code": code, "message": "Because the test says so."}
        if known is None:
            self.ledger[person, op["op_id"]] = content
            self.applied.append(SimpleNamespace(person=person, **op))
        elif known != content:
            return answer | {"state": "refused", "code": "SX409", "message": "Used for something else."}
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                self.note()
                self.say(200, [{"as": self.headers["Authorization"], "cookie": self.headers.get("Cookie")}])

            def do_POST(self) -> None:
                self.note()
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                token = self.headers["Authorization"].removeprefix("Bearer ")
                with loopback.guard:
                    fault = loopback.faults.popleft() if loopback.faults else loopback.always
                    if "ops" in body:
                        loopback.batches.append(len(body["ops"]))
                with contextlib.suppress(OSError):
                    if "ops" in body:
                        self.answer(fault, token, body["ops"])
                    else:
                        self.look_up(fault, token, body)

            def note(self) -> None:
                loopback.seen.append(
                    SimpleNamespace(
                        path=self.path, token=self.headers["Authorization"], cookie=self.headers.get("Cookie")
                    )
                )

            def look_up(self, fault: str | None, token: str, asked: dict) -> None:
                if fault in STATUSES:
                    return self.say(int(fault), {"message": "no"})
                said = loopback.knows(token.removeprefix("token of "), asked["op"], asked["content_digest"])
                self.say(200, loopback.lie(said) if loopback.lie else said)

            def answer(self, fault: str | None, token: str, ops: list[dict]) -> None:
                if token in loopback.refused_tokens:
                    return self.say(401, {"code": "PGRST303", "message": "JWT expired"})
                if fault in STATUSES:
                    return self.say(int(fault), {"message": "no"} if int(fault) % 2 else "<html>no</html>")
                if fault == "reset_before":
                    return self.reset()
                if fault == "blackhole":
                    return self.hang()
                if any(op["params"].get("hang") for op in ops):
                    return self.hang()
                for op in ops:
                    if spoil := op["params"].get("spoil"):
                        return self.say(spoil, {"code": None, "message": "spoilt", "details": json.dumps(op)})
                answers = loopback.apply(token.removeprefix("token of "), ops)
                match fault:
                    case "reset_after":
                        self.reset()
                    case "blackhole_after":
                        self.hang()
                    case "truncated":
                        self.say(200, answers, cut=True)
                    case "html":
                        self.say(200, "<html>Welcome to the hotel</html>")
                    case "bytes":
                        self.say(200, b"\xff[\x00")
                    case "null":
                        self.say(200, None)
                    case "text":
                        self.say(200, ["applied"] * len(answers))
                    case "wrong_ids":
                        self.say(
                            200, [one | {"op_id": "00000000-0000-7000-8000-000000000000"} for one in answers]
                        )
                    case "one_less":
                        self.say(200, answers[1:])
                    case "one_more":
                        self.say(200, [*answers, {"op_id": "x", "state": "applied", "code": None}])
                    case "swapped":
                        self.say(200, answers[::-1] if len(answers) > 1 else [])
                    case "unknown_state":
                        self.say(200, [one | {"state": "perhaps"} for one in answers])
                    case "no_code":
                        self.say(200, [one | {"state": "refused", "code": None} for one in answers])
                    case _:
                        self.say(200, answers)

            def say(self, status: int, body: object, *, cut: bool = False) -> None:
                raw = body.encode() if isinstance(body, str) else body
                raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Set-Cookie", f"who={self.headers['Authorization'][-4:]}; Path=/")
                if 300 <= status < 400:
                    self.send_header("Location", loopback.url + "/elsewhere")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw[: len(raw) // 2] if cut else raw)
                self.close_connection = cut

            def reset(self) -> None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True

            def hang(self) -> None:
                loopback.closing.wait(30)
                self.reset()

        return Handler
