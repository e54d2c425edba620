"""Fixtures for every test of the repository; a room's own fixtures live in its ``testing`` module."""

import importlib.util

# A room lends its fixtures to the rooms above it through a module ``testing``.
ROOMS_WITH_FIXTURES = (
    "shixun.kernel.testing",
    "shixun.people.testing",
    "shixun.notices.testing",
    "shixun.roster.testing",
)
pytest_plugins = [name for name in ROOMS_WITH_FIXTURES if importlib.util.find_spec(name)]
