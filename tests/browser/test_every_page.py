"""Every page that links lead to, as each role, on the phone and at the desk: nothing fails and nothing is ill made.

The crawl signs in by one click, follows every link of the site, and looks at no more than two pages of one kind.
"""

from collections import Counter, deque
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.pages import DESK, PHONE, console_of, faults_of

# A crawl of some hundred pages a role takes minutes: asked for with `-m "browser and slow"` before a release.
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROLES = ("教师", "师训专管员", "区县管理员", "市级管理员")
PAGES_OF_A_KIND = 2
# A link in a drawing has no address of its own kind, only what is written in it.
LINKS = (
    "Array.from(document.querySelectorAll('a[href]:not([download])'),"
    " link => new URL(link.getAttribute('href'), document.baseURI).href)"
)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_well_made(site: str, page: Page, role: str, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    said = console_of(page)
    _sign_in_as(page, site, role)
    seen, faults = _crawl(page, site, said)
    assert faults == [], "\n" + "\n".join(faults)
    assert len(seen) >= 3, f"the crawl found too little to mean anything: {seen}"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_visitor_sees_well_made_pages(site: str, page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    said = console_of(page)
    page.goto(site)
    _, faults = _crawl(page, site, said)
    assert faults == [], "\n" + "\n".join(faults)


def _sign_in_as(page: Page, site: str, role: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.locator(f"p.drop-head:has-text('{role}') + button.drop-item").first.click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def _crawl(page: Page, site: str, said: list[str]) -> tuple[list[str], list[str]]:
    """Addresses seen and one line for every fault, from the page that is open on."""
    waiting, known, kinds = deque([page.url]), {page.url}, Counter[str]()
    seen: list[str] = []
    faults: list[str] = []
    while waiting:
        address = waiting.popleft()
        kind = resolve(urlsplit(address).path).view_name
        kinds[kind] += 1
        if kinds[kind] > PAGES_OF_A_KIND or not _is_page(page, address, faults):
            continue
        page.goto(address)
        seen.append(urlsplit(address).path)
        faults += [f"{address.removeprefix(site)}: {fault}" for fault in [*faults_of(page), *said]]
        said.clear()
        for link in (urldefrag(link).url for link in page.evaluate(LINKS)):
            if link.startswith(f"{site}/") and link not in known:
                known.add(link)
                waiting.append(link)
    return seen, faults


def _is_page(page: Page, address: str, faults: list[str]) -> bool:
    """Whether a page may be opened; an answer other than 200 is a fault, a file to take away is not a page."""
    answer = page.request.get(address)
    if answer.status != 200:
        faults.append(f"{address}: answered {answer.status}")
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
