"""In every story: no script fails on the way. That the server refuses something is part of some."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.pages import console_of


@pytest.fixture(autouse=True)
def quiet(page: Page) -> Iterator[None]:
    said = console_of(page)
    yield
    assert [text for text in said if "Failed to load resource" not in text] == []
