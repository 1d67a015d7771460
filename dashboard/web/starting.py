"""Before the first request: everything that must hold, else one sentence and no start."""

from __future__ import annotations

import gc
import importlib
import sys

from streamlit import config

from dashboard import runtime
from dashboard.runtime import Running
from dashboard.web import downloads, log
from dashboard.web.gate import TRUSTED_HEADERS
from services import settings
from services.errors import ServiceError

_HEAVY = ("numpy", "pandas", "plotly.graph_objects", "pyarrow", "supabase", "streamlit.elements.plotly_chart")


def up() -> Running:
    """Check the settings, find .streamlit/config.toml, open the vault. Ends the process otherwise."""
    log.install()
    downloads.keep()
    try:
        chosen = settings.load()
        _find_config()
        return runtime.start(chosen)
    except ServiceError as wrong:
        sys.exit(f"Sixfold does not start. {wrong}")


def warm() -> None:
    """Import now what the first visitor would wait for, and take it out of the collector's rounds.

    Streamlit collects garbage after every run of the script. With pandas and plotly among what it
    walks through, that costs 45 ms and more each time; frozen, nothing (`make bench`).
    """
    for name in _HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _find_config() -> None:
    """Without its configuration Streamlit starts all the same: with metrics, error details and no
    way to learn who somebody is. The trusted headers are in no other configuration, so they tell."""
    if config.get_option("server.trustedUserHeaders") != TRUSTED_HEADERS:
        raise ServiceError(
            "Its .streamlit/config.toml was not found, or says nothing of trusted headers. "
            "Start it from the folder that holds .streamlit, for example with `make run`."
        )
