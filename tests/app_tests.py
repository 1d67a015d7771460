"""AppTest at half its price: what is the same in every one of them is found once."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def packages_are_looked_through_once() -> Iterator[None]:
    """Each new AppTest reads the metadata of every installed package in search of components; we use none."""
    with pytest.MonkeyPatch.context() as patch:
        looked = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", looked)
        yield
