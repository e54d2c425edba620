"""Fixtures of the tests that stand above the rooms: the system's browser, and a site over a small demo region."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test.utils import setup_databases, teardown_databases
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.snapshots import Snapshot

# Playwright's own event loop runs in this thread; the ORM takes that for asynchronous code and would refuse to work.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    assert program, "No browser is installed: sudo apt-get install chromium fonts-noto-cjk"
    return {**browser_type_launch_args, "executable_path": program}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def _small_region(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Snapshot]:
    """A test database of its own with the small demo region, built once for the run.

    pytest-django would make one only for tests that it wraps in a transaction or empties afterwards; here the pages
    commit, and the picture is put back instead.
    """
    from shixun.demo.build import build_region

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        build_region(small=True, today=None)
        snapshot = Snapshot()
        yield snapshot
        snapshot.discard()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _server(_small_region: Snapshot, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture
def site(
    _server: LiveServer, _small_region: Snapshot, django_db_blocker: DjangoDbBlocker, settings: Any
) -> Iterator[str]:
    """The address of a running site over the small demo region, as it was built: no test sees another's traces."""
    settings.DEMO_MODE = True
    with django_db_blocker.unblock():
        _small_region.restore()
        yield _server.url
