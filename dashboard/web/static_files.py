"""Streamlit's own scripts and styles, compressed once: a first visit loads 3 MB instead of 10."""

from __future__ import annotations

import gzip
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from threading import Thread

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.errors import ServiceError

_BRAND_FILES = {file.name: file for file in (Path(__file__).parent / "brand").iterdir()}
SHIPPED = Path(streamlit.__file__).parent / "static" / "static"

#: Fonts and pictures are compressed already.
_COMPRESSED = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
_WORTH_BYTES = 1_000
_A_YEAR = "public, immutable, max-age=31536000"  # every file name carries a hash of its content


def build(beside: Path) -> Path:
    """Compressed copies of what Streamlit ships, in a directory made at most once per version.

    It appears whole or not at all, so two starts at once, or a start that is killed, do no harm.
    """
    done = beside / f"static-{streamlit.__version__}"
    if done.is_dir():
        return done
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="static-", suffix=".making", dir=beside))
    for file in SHIPPED.rglob("*"):
        if file.suffix in _COMPRESSED and file.stat().st_size >= _WORTH_BYTES:
            small = making / f"{file.relative_to(SHIPPED)}.gz"
            small.parent.mkdir(parents=True, exist_ok=True)
            small.write_bytes(gzip.compress(file.read_bytes(), 6, mtime=0))
    try:
        making.rename(done)
    except OSError:  # somebody else was first
        shutil.rmtree(making, ignore_errors=True)
    return done


class StaticFiles:
    """Answers /static/…: compressed where the browser takes it, 404 for what is not shipped.

    Streamlit itself would answer an unknown path with its index page, to anybody.
    """

    def __init__(self, app: ASGIApp, *, beside: Path) -> None:
        self.app = app
        self._shipped = {
            f"/static/{file.relative_to(SHIPPED).as_posix()}" for file in SHIPPED.rglob("*") if file.is_file()
        }
        self._small: dict[str, Path] = {}
        Thread(target=self._find_small, args=(beside,), name="static-files", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/static/"):
            await self.app(scope, receive, send)
        elif path not in self._shipped:
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif path in self._small and scope["method"] in ("GET", "HEAD") and _takes_gzip(scope):
            kind = _COMPRESSED[Path(path).suffix]
            headers = {"content-encoding": "gzip", "vary": "accept-encoding", "cache-control": _A_YEAR}
            await FileResponse(self._small[path], media_type=kind, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _find_small(self, beside: Path) -> None:
        """In a thread of its own: until it is done, files go out as they are."""
        try:
            root = build(beside)
        except OSError as error:
            logging.getLogger("sixfold.web").warning("Static files stay uncompressed", exc_info=error)
            return
        self._small = {
            f"/static/{file.relative_to(root).as_posix()[:-3]}": file for file in root.rglob("*.gz")
        }


async def brand(request: Request) -> FileResponse | PlainTextResponse:
    """Our own few files. Their addresses change with their content, see index_html."""
    file = _BRAND_FILES.get(request.path_params["name"])
    if file is None:
        return PlainTextResponse("Not found", 404)
    return FileResponse(file, headers={"cache-control": "public, max-age=86400"})


ROUTES = [Route("/brand/{name:path}", brand)]


def _takes_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def _main() -> int:
    """`python -m dashboard.web.static_files`: build them at install, so that the first start need not."""
    from services import settings

    try:
        beside = settings.load().vault_path.parent
    except ServiceError:  # nothing is set yet at install
        beside = Path(os.environ.get("SIXFOLD_VAULT", ".sixfold/vault/vault.db")).absolute().parent
    build(beside)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
