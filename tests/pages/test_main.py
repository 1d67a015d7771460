"""The frame of every page: who is here, which pages they have, and what they see when they may see nothing."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import runtime
from dashboard.pages_by_role import SCREENS, screens
from services import vault
from tests.pages.conftest import ROOT, App, Somebody, words

MENUS = {
