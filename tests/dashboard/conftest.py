"""What the tests of the dashboard share."""

from tests.app_tests import packages_are_looked_through_once  # noqa: F401  fixture
