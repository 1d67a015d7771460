"""Streamlit's page as this application shows it. Fails when a new Streamlit changes what is rewritten."""

import re
from pathlib import Path

import streamlit

from dashboard.web.index_html import rewritten

ORIGINAL = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


def test_the_original_still_has_what_is_taken_out():
    for part in (b"<title>Streamlit</title>", b"service-desc", b"<noscript>", b"shortcut icon"):
        assert part in ORIGINAL
    assert re.search(rb"<script>\s", ORIGINAL)


def test_the_page_is_ours(alice):
    page = alice.get("/any-page").text
    assert "<title>Sixfold</title>" in page
    assert '<html lang="en">' in page
    assert "Streamlit" not in re.sub(r'(src|href)="[^"]*"', "", page)
    assert "agent" not in page
    assert "favicon.png" not in page


def test_every_script_is_a_file_of_this_site(alice):
    page = alice.get("/").text
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    assert len(scripts) >= 3
    assert all(content == "" for content in scripts)
    for url in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert url.startswith(("/", "./")), url
        assert alice.get("/" + url.removeprefix("./").removeprefix("/")).status_code in (200, 303), url


def test_guard_and_keep_are_loaded(alice):
    page = alice.get("/").text
    for name in ("guard.js", "keep.js", "tab.css"):
        assert re.search(rf'"/brand/{re.escape(name)}\?[0-9a-f]{{8}}"', page)


def test_the_app_itself_is_untouched():
    for url in re.findall(rb'src="\./static/js/[^"]+"|href="\./static/[^"]+"', ORIGINAL):
        assert url in rewritten(ORIGINAL)
    assert b'<div id="root"></div>' in rewritten(ORIGINAL)


def test_its_length_is_told_rightly_whatever_part_is_asked_for(alice):
    whole = alice.get("/")
    assert int(whole.headers["content-length"]) == len(whole.content)
    assert "etag" not in whole.headers
    part = alice.get("/", headers={"range": "bytes=0-9", "if-none-match": "*", "accept-encoding": "gzip"})
    assert part.status_code == 200
    assert part.content == whole.content
