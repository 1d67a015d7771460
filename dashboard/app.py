"""Sixfold's server: `streamlit run dashboard/app.py`, from the repository's root.

Everything a browser can reach passes the middleware named here; only then does main.py run.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboard.web import parts, script_errors, starting  # noqa: E402
from dashboard.web.lifespan import lifespan  # noqa: E402

here = starting.up()
starting.warm()
app = st.App(
    ROOT / "dashboard" / "main.py",
    routes=parts.ROUTES,
    middleware=parts.middleware(here.settings),
    lifespan=lifespan,
    on_script_error=script_errors.show,
    exception_handlers=parts.EXCEPTION_HANDLERS,
)
