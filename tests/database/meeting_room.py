"""What the tests of a meeting share: a name for a new row, an answer that must be good, one item of what was answered."""

from uuid import uuid4


def new() -> str:
    return str(uuid4())


def applied(answers: list[dict]) -> None:
    assert [(a["state"], a["code"], a["message"]) for a in answers] == [("applied", None, None)] * len(
        answers
    )


def item(screen: dict, meeting: dict, name: str) -> dict:
    return next(i for i in screen["items"] if i["id"] == meeting[name])
