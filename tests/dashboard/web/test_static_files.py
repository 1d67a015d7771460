"""Streamlit's own files: compressed once, the same content, and nothing but files."""

import gzip
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.web import static_files
from tests.dashboard.web.conftest import until

SCRIPT = next(f for f in (static_files.SHIPPED / "js").glob("index.*.js") if f.stat().st_size > 10_000)
FONT = next((static_files.SHIPPED / "media").glob("SourceSansVF-Upright*.woff2"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return static_files.build(tmp_path_factory.mktemp("static"))


def test_what_is_compressed_unpacks_to_the_same_bytes_and_is_a_third_of_them(built):
    packed = list(built.rglob("*.gz"))
    originals = [static_files.SHIPPED / str(file.relative_to(built))[:-3] for file in packed]
    assert len(packed) > 100
    for file, original in zip(packed, originals, strict=True):
        assert gzip.decompress(file.read_bytes()) == original.read_bytes()
    assert sum(f.stat().st_size for f in packed) < 0.4 * sum(f.stat().st_size for f in originals)


def test_it_is_built_once(built):
    before = built.stat().st_mtime_ns
    assert static_files.build(built.parent) == built
    assert built.stat().st_mtime_ns == before


def test_a_build_that_was_cut_short_leaves_nothing_that_is_served(built, tmp_path, monkeypatch):
    def full_disk(*_: object, **__: object) -> bytes:
        raise OSError("no space left")

    monkeypatch.setattr(static_files.gzip, "compress", full_disk)
    with pytest.raises(OSError, match="no space"):
        static_files.build(tmp_path)
    monkeypatch.undo()
    assert [each.name for each in tmp_path.iterdir() if not each.name.endswith(".making")] == []
    assert list(static_files.build(tmp_path).rglob("*.gz"))


def test_two_starts_at_once_agree(built, tmp_path, monkeypatch):
    real = static_files.tempfile.mkdtemp

    def somebody_is_faster(**asked: object) -> str:
        made = real(**asked)
        shutil.copytree(built, tmp_path / built.name)
        return made

    monkeypatch.setattr(static_files.tempfile, "mkdtemp", somebody_is_faster)
    assert static_files.build(tmp_path) == tmp_path / built.name
    assert [each.name for each in tmp_path.iterdir()] == [built.name]


def test_a_browser_gets_the_compressed_copy(visitor):
    url = f"/static/js/{SCRIPT.name}"
    until(lambda: visitor.get(url).headers.get("content-encoding") == "gzip", "compressed")
    answer = visitor.get(url)
    assert answer.content == SCRIPT.read_bytes()
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) < SCRIPT.stat().st_size / 2


def test_who_cannot_unpack_gets_it_as_it_is(visitor):
    answer = visitor.get(f"/static/js/{SCRIPT.name}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == SCRIPT.read_bytes()


def test_fonts_are_served_as_they_are(visitor):
    answer = visitor.get(f"/static/media/{FONT.name}")
    assert answer.content == FONT.read_bytes()
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/nothing",
        "/static/js/../../index.html",
        "/static/%2e%2e/index.html",
        "/static/js/..%2f..%2findex.html",
        "/static//etc/passwd",
        "/brand/..%2fgate.py",
        "/brand/%2e%2e",
        "/brand/",
        "/brand/.",
        "/brand/a/b",
        "/brand/./guard.js",
        "/brand//guard.js",
    ],
)
def test_nothing_is_served_that_is_not_one_of_these_files(server, path):
    """Over a bare socket: a client would tidy the path before it sends it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nhost: {address.netloc}\r\nconnection: close\r\n\r\n".encode())
        said = b""
        while part := line.recv(65536):
            said += part
    assert said.split(b" ")[1] in (b"404", b"400", b"303"), said[:200]
    assert b"<title>" not in said
