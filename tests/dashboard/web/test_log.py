"""What the log holds of a failure: where, and under which reference. Never what somebody typed."""

import logging
import re
import threading
from collections.abc import Iterator

import pytest

from dashboard.web import log


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """Everything logged while the filters of a running server are in place."""
    before = logging.getLogRecordFactory()
    caught: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = caught.append
    listened_to = [logging.getLogger(name) for name in ("sixfold.test", "uvicorn.access", "uvicorn.error")]
    excepthook = threading.excepthook
    log.install()
    for logger in listened_to:
        logger.addHandler(handler)
    yield caught
    for logger in listened_to:
        logger.removeHandler(handler)
    logging.setLogRecordFactory(before)
    threading.excepthook = excepthook


def failing(message: str) -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_a_failure_is_logged_by_type_place_and_reference(records):
    error = failing("a sentence about Jane Roe")
    logging.getLogger("sixfold.test").error("Uncaught app execution", exc_info=error)
    said = records[0].getMessage()
    assert log.reference(error) in said
    assert "ValueError at tests/dashboard/web/test_log.py:" in said
    assert "Jane Roe" not in said
    assert records[0].exc_info is None


def test_the_cause_is_named_without_its_words_either(records):
    try:
        try:
            {}["Jane Roe"]
        except KeyError as cause:
            raise RuntimeError("about Jane Roe") from cause
    except RuntimeError as error:
        logging.getLogger("sixfold.test").error("Failed", exc_info=error)
    said = records[0].getMessage()
    assert "RuntimeError at" in said
    assert "because of KeyError at" in said
    assert "Jane Roe" not in said


def test_an_exception_handed_in_as_a_value_is_named_only(records):
    logging.getLogger("sixfold.test").error("It failed: %s", failing("Jane Roe"))
    assert records[0].getMessage() == "It failed: ValueError"


def test_a_reference_stays_the_same_and_is_easy_to_read_out(records):
    error = failing("x")
    assert log.reference(error) == log.reference(error)
    assert log.reference(error) != log.reference(failing("x"))
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}", log.reference(error))


@pytest.mark.parametrize("logger", ["uvicorn.access", "uvicorn.error"])
def test_questions_in_addresses_are_not_logged(records, logger):
    form = '%s - "%s %s HTTP/%s" %d'
    logging.getLogger(logger).warning(form, "10.0.0.1", "GET", "/login?next=/a&email=jane", "1.1", 200)
    assert records[0].getMessage() == '10.0.0.1 - "GET /login HTTP/1.1" 200'


def test_a_thread_that_dies_is_logged_without_its_words(capsys, caplog):
    def dies() -> None:
        raise ValueError("a sentence about Jane Roe")

    before, factory = threading.excepthook, logging.getLogRecordFactory()
    log.install()
    try:
        thread = threading.Thread(target=dies)
        thread.start()
        thread.join()
    finally:
        threading.excepthook = before
        logging.setLogRecordFactory(factory)
    assert "ValueError at" in caplog.text
    assert "Jane Roe" not in caplog.text + capsys.readouterr().err


def test_installing_twice_is_installing_once(records):
    factory = logging.getLogRecordFactory()
    log.install()
    assert logging.getLogRecordFactory() is factory


def test_a_script_that_fails_shows_a_reference_and_logs_no_word(server, alice):
    with alice.tab() as tab:
        tab.run().run(click="Fail")
        assert "Jane Roe" not in tab.text
        assert "exception" not in tab.kinds, "our sentence, and not Streamlit's beside it"
        reference = re.search(r"this reference: ([A-Z2-9-]{9})\.", tab.text)[1]
    logged = server.log.read_text()
    assert f"[{reference}] ValueError at" in logged
    assert "small/script.py:" in logged
    assert "Jane Roe" not in logged


def test_the_log_of_a_day_holds_no_secret(server, alice, account):
    ((access, refresh),) = server.sql(
        "select access_token, refresh_token from web_sessions where id_hash = ?", alice.key
    )
    alice.get("/login?next=/team-trends&email=jane.roe@example.org")
    alice.sign_in("alice@example.org", "a wrong password")
    alice.sign_out()
    logged = server.log.read_text()
    for secret in (access, refresh, "alice@example.org", "jane.roe", "a wrong password"):
        assert secret not in logged
