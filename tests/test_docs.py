"""The documents tell the truth: what they link to, name, list and print as SQL is there and works."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from seed_demo import SIGN_INS
from services.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
EVERY_DOCUMENT = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in DOCUMENTS]
README = ROOT / "README.md"

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)\"""")
# Addresses outside that we mean; anything else would be a slip.
OUTSIDE = {
    "supabase.com", "doi.org", "keepachangelog.com", "semver.org",
    "example.org", "sixfold.example.org", "your-project-ref.supabase.co", "localhost", "127.0.0.1",
}  # fmt: skip


def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def blocks(document: Path) -> Iterator[tuple[list[str], str]]:
    """The fenced blocks: the words after the backticks, and what is inside."""
    for block in FENCE.finditer(document.read_text(encoding="utf-8")):
        yield block["info"].split(), block["body"]


def commands(document: Path) -> Iterator[str]:
    """Lines of shell blocks and everything in single backticks."""
    for info, body in blocks(document):
        if info[:1] == ["sh"]:
            yield from body.splitlines()
    yield from re.findall(r"`([^`\n]+)`", prose(document))


def anchors(document: Path) -> set[str]:
    """The anchors that headings get when the document is shown."""
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(document: Path) -> list[str]:
    return [one or other for one, other in LINK.findall(prose(document))]


def broken(document: Path) -> list[str]:
    """Links into the repository that lead nowhere, by file or by heading; and pictures that are not there."""
    lost = []
    for link in links(document):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (document.parent / unquote(parts.path)).resolve() if parts.path else document
        there = target.exists() and target.is_relative_to(ROOT)
        if not there or (parts.fragment and parts.fragment not in anchors(target)):
            lost.append(link)
    return lost


@pytest.mark.parametrize("document", EVERY_DOCUMENT)
def test_every_link_and_picture_is_there(document: Path):
    assert broken(document) == []


def test_a_broken_link_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        '# A heading\n[a](gone.md) [b](#a-heading) [c](#none) <img src="no.png"> [d](https://example.org)\n```\n[e](x.md)\n```\n'
    )
    assert broken(page) == ["gone.md", "#none", "no.png"]


def test_the_readme_has_pictures_and_each_says_what_it_shows():
    pictures = re.findall(r"!\[([^\]]*)\]\(docs/images/", README.read_text()) + re.findall(
        r'<img[^>]*alt="([^"]*)"', README.read_text()
    )
    assert pictures
    assert all(len(words) >= 20 for words in pictures)


@pytest.mark.parametrize("document", EVERY_DOCUMENT)
def test_addresses_outside_are_the_ones_we_mean(document: Path):
    hosts = {
        urlsplit(url).hostname
        for url in re.findall(r"https?://[^\s)>\"'`\]]+", document.read_text(encoding="utf-8"))
    }
    assert hosts - OUTSIDE == set()


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*|\.venv/[a-z-]+):", MAKEFILE, re.MULTILINE))
MAKE = re.compile(r"(?:^|\s)make ((?:\.venv/)?[a-z][a-z-]*)(?=[\s;,]|$)")


@pytest.mark.parametrize("document", EVERY_DOCUMENT)
def test_every_make_target_named_exists(document: Path):
    named = {target for line in commands(document) for target in MAKE.findall(line)}
    assert named - TARGETS == set()


def test_the_readme_names_the_two_commands_to_try_it():
    assert {"demo", "test", "demo-reset", "run"} <= {
        target for line in commands(README) for target in MAKE.findall(line)
    }


@pytest.mark.parametrize("document", EVERY_DOCUMENT)
def test_every_file_named_is_there(document: Path):
    """`services/x.py` or `tests/database`: whatever begins with one of our folders."""
    ours = "dashboard|pages|services|supabase|tests|bench|docs"
    named = re.findall(rf"`((?:{ours})/[\w./-]*)`", prose(document))
    made_here = {"supabase/embedded/node_modules"}
    assert [path for path in named if not (ROOT / path).exists() and path not in made_here] == []


# --- Settings ------------------------------------------------------------------------------------------------------


def settings_read() -> set[str]:
    """Every setting that services/settings.py asks for, as it asks for it."""
    tree = ast.parse((ROOT / "services" / "settings.py").read_text(encoding="utf-8"))
    constants = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {name for name in constants if re.fullmatch(r"(SUPABASE|SIXFOLD)_[A-Z_]+", name)}


def settings_table() -> dict[str, str]:
    """name → default, as the README's table has them."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| .+ \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: default.strip("`") for name, default in rows}


def test_every_setting_is_in_the_readme_and_in_the_example_and_no_other():
    example = tomllib.loads((ROOT / ".streamlit" / "secrets.toml.example").read_text(encoding="utf-8"))
    assert len(settings_read()) >= 7
    assert set(settings_table()) == set(example) == settings_read()


def test_the_defaults_in_the_readme_are_the_ones_in_force():
    of = {
        "SIXFOLD_IDLE_MINUTES": "idle_minutes",
        "SIXFOLD_ABSOLUTE_HOURS": "absolute_hours",
        "SIXFOLD_SITE_URL": "site_url",
    }
    stated = settings_table()
    assert {name: stated[name] for name in of} == {
        name: str(getattr(Settings, field)) for name, field in of.items()
    }
    assert f'"{stated["SIXFOLD_VAULT"]}"' in (ROOT / "services" / "settings.py").read_text(encoding="utf-8")


def test_no_document_names_a_setting_that_nothing_reads():
    code = [
        path
        for folder in ("services", "dashboard", "supabase/embedded")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".mjs")
    ]
    code += [ROOT / "Makefile", *(ROOT / "tests").rglob("conftest.py")]
    known = set(
        re.findall(
            r"\b(?:SUPABASE|SIXFOLD)_[A-Z_]+\b",
            "\n".join(p.read_text() for p in code if "node_modules" not in p.parts),
        )
    )
    for document in DOCUMENTS:
        named = set(re.findall(r"\b(?:SUPABASE|SIXFOLD)_[A-Z_]+\b", document.read_text(encoding="utf-8")))
        assert named - known == set(), document.name


# --- The demo ------------------------------------------------------------------------------------------------------


def test_the_readme_lists_the_sign_ins_of_the_demo():
    text = README.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+@\S+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(email, name, words) for email, _, name, words in SIGN_INS]
    assert {password for _, password, _, _ in SIGN_INS} == set(
        re.findall(r"has the password `([^`]+)`", text)
    )


# --- Form ----------------------------------------------------------------------------------------------------------

DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))


@pytest.mark.parametrize("decision", [pytest.param(path, id=path.stem) for path in DECISIONS])
def test_a_decision_has_its_four_parts_and_is_in_the_list(decision: Path):
    headings = re.findall(r"^## (.+)$", decision.read_text(encoding="utf-8"), re.MULTILINE)
    assert [each for each in headings if each in ("Context", "Decision", "Consequences", "What was tried instead")] == [
        "Context", "Decision", "Consequences", "What was tried instead",
    ]  # fmt: skip
    assert f"adr/{decision.name}" in links(ROOT / "docs" / "architecture.md")


def test_the_changelog_has_one_section_for_what_comes_next():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings.count("[Unreleased]") == 1
    assert headings[0] == "[Unreleased]"


def test_ci_runs_what_the_readme_tells_a_person_to_run():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test",
    ]  # fmt: skip
