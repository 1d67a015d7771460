"""A page of a few lines, run by Streamlit without a browser."""

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def page():
    """Runs the body of a function as a page and gives its elements."""

    def run(body, **kwargs) -> AppTest:
        return AppTest.from_function(body, kwargs=kwargs, default_timeout=15).run()

    return run
