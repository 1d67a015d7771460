"""The shape of the house: who may import whom, and what no file may hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE_HERE = {"node_modules", "__pycache__", "test-results", "htmlcov", "secrets.toml"}
HIDDEN_BUT_OURS = {".ci", ".streamlit", ".gitignore", ".npmrc"}
BINARY = {".png", ".svg", ".ico", ".woff2", ".jpg", ".gif", ".webp"}

# Each layer and what of ours it may import. Imports go down only.
MAY_IMPORT = {
    "pages": {"pages", "dashboard", "services"},
    "dashboard": {"dashboard", "services"},
    "services": {"services"},
}
EMBEDDED = {path.stem for path in (ROOT / "supabase" / "embedded").iterdir() if path.suffix in ("", ".py")}
OURS = {"pages", "dashboard", "services", "tests", "bench"} | EMBEDDED


@cache
def files(*parts: str, suffix: str = "") -> list[Path]:
    """Every file of ours below these folders, or in the whole repository."""
    found = []
    for start in parts or (".",):
        for path in (ROOT / start).rglob(f"*{suffix}"):
            names = path.relative_to(ROOT).parts
            hidden = any(name.startswith(".") and name not in HIDDEN_BUT_OURS for name in names)
            if path.is_file() and not hidden and not MADE_HERE & set(names):
                found.append(path)
    return sorted(found)


def modules(*parts: str) -> list[Path]:
    return files(*parts, suffix=".py")


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(source: str) -> ast.Module:
    return ast.parse(source)


def against(rule: Callable[[Path], object], paths: Iterable[Path]) -> dict[str, object]:
    """Each file that breaks a rule, with what the rule says of it."""
    return {str(path.relative_to(ROOT)): said for path in paths if (said := rule(path))}


def imported(source: str) -> Iterator[str]:
    """The full name of every module a source imports, wherever in it."""
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def reaching_up(layer: str, source: str) -> set[str]:
    """What of ours this source imports although its layer may not; relative imports hide the layer they reach into."""
    tops = {name.split(".")[0] for name in imported(source)}
    forbidden = {"", "streamlit"} if layer == "services" else {""}
    return (tops & OURS) - MAY_IMPORT[layer] | tops & forbidden


def test_imports_go_down_only():
    up = against(lambda path: reaching_up(path.relative_to(ROOT).parts[0], text(path)), modules(*MAY_IMPORT))
    assert up == {}


def test_a_module_that_reaches_up_would_be_noticed():
    assert reaching_up("services", "from .. import pages") == {""}
    assert reaching_up("services", "import streamlit as st") == {"streamlit"}
    assert reaching_up("services", "def f():\n    from dashboard.web import gate") == {"dashboard"}
    assert reaching_up("dashboard", "import services.cases, pages.home") == {"pages"}
    assert reaching_up("pages", "from tests import conftest\nimport local_stack") == {"tests", "local_stack"}
    assert (
        reaching_up("pages", "import streamlit\nfrom dashboard import session\nfrom services import cases")
        == set()
    )


def test_no_service_loads_streamlit_even_by_way_of_another_package():
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules("services")]
    program = f"import sys, importlib\nfor name in {names}: importlib.import_module(name)\nprint('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_streamlit_finds_no_page_by_itself():
    """An entry beside pages/, or pages/ beside the entry, would serve every page by its URL, signed in or not."""
    assert not (ROOT / "dashboard" / "pages").exists()
    assert list(ROOT.glob("*.py")) == []


def test_the_folder_supabase_hides_no_package():
    assert not (ROOT / "supabase" / "__init__.py").exists()


def test_a_page_can_be_read_at_one_sitting():
    lines = {path: len(text(path).splitlines()) for path in modules("pages")}
    assert against(lambda path: lines[path] > 110 and lines[path], lines) == {}


def job_unsaid(source: str) -> str | None:
    said = ast.get_docstring(tree(source))
    if not said:
        return "the first line of a module says its job"
    if not source.startswith('"""'):
        return "nothing stands before it"
    return None if said.splitlines()[0].endswith((".", ":", "?", ";")) else "it is a sentence"


def test_a_module_says_its_job_first():
    assert (
        against(lambda path: job_unsaid(text(path)), modules(*MAY_IMPORT, "supabase", "tests", "bench")) == {}
    )


def test_a_migration_opens_with_two_lines_of_intent():
    def unsaid(path: Path) -> list[str]:
        return [line for line in text(path).splitlines()[:2] if not line.startswith("-- ")]

    assert against(unsaid, files("supabase/migrations", suffix=".sql")) == {}


def words(source: str) -> set[str]:
    """Names, attributes, arguments and strings of a source, but no comments and no docstrings."""
    prose = {id(node.value) for node in ast.walk(tree(source)) if isinstance(node, ast.Expr)}
    found = set()
    for node in ast.walk(tree(source)):
        match node:
            case (
                ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word) | ast.keyword(arg=str(word))
            ):
                found.add(word)
            case ast.Constant(value=str(word)) if id(node) not in prose:
                found.add(word)
    return found


SECRET = re.compile(r"sb_secret|secret_?key|service_?role|admin_?key|database_url", re.IGNORECASE)


def test_the_app_knows_no_secret_key_and_no_way_round_the_policies():
    refuses_one = ROOT / "services" / "settings.py"
    assert "holds a secret key" in text(refuses_one)

    def known(path: Path) -> list[str]:
        return [word for word in words(text(path)) if SECRET.search(word)]

    assert against(known, set(modules(*MAY_IMPORT)) - {refuses_one}) == {}
    assert known(refuses_one)


# Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:work|root|farm)\b",
            r"(?<![\w.])/" + r"(?:home|Users)/\w",
            r"python" + r"hosted\.org",
            r"pypi" + r"\.org",
            r"npmjs" + r"\.(?:org|com)",
            r"deb\." + r"debian\.org",
        ]
    )
)


def test_no_file_names_a_machine_or_a_registry():
    readable = [path for path in files() if path.suffix not in BINARY]
    assert against(lambda path: MACHINE.findall(text(path)), readable) == {}


UNFINISHED = re.compile(
    r"(?:#|--|//|<!--)\s*(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"
    r"|NotImpl" + r"ementedError|mark\.sk" + r"ip|pytest\.sk" + r"ip|xf" + r"ail(?!_strict)"
)


def test_nothing_is_left_for_later():
    readable = [
        path for path in files(*MAY_IMPORT, "supabase", "tests", "bench") if path.suffix not in BINARY
    ]
    assert against(lambda path: UNFINISHED.findall(text(path)), readable) == {}
