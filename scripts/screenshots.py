"""Pictures of pages at 390 and 1366 px in test-results/screens, with what is wrong on them.

Reports sideways overflow, console errors, failed requests and serious accessibility findings; exit 1 if there are any.

    scripts/screenshots.py --base http://localhost:8000 teacher:/:home visitor:/patterns/:patterns

The pictures of the README are first screens of the demo:

    scripts/screenshots.py teacher:/credits/:credits --widths 390 --first-screen --out docs/pictures
    scripts/screenshots.py school_officer:/teachers/?subject=英语:teachers \\
        visitor:/policy/shanghai-2016/学分管理办法:三.2/:article --widths 1366 --first-screen --out docs/pictures

Each page is ``role:address:name``; a name that ends in a status (``refused-403``) expects that status. Roles are those
of the one-click sign-in of the demo, or ``visitor``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.pages import DESK, PHONE, console_of, faults_of  # noqa: E402 - the same measure as the browser tests

SIZES = {size["width"]: size for size in (PHONE, DESK)}
DEFAULT_PAGES = (
    "visitor:/:landing",
    "visitor:/patterns/:patterns",
    "teacher:/:home-teacher",
    "school_officer:/:home-school",
    "district_officer:/:home-district",
    "city_officer:/:home-city",
)


@dataclass(frozen=True)
class Wanted:
    """One page as one role sees it."""

    role: str
    address: str
    name: str

    @property
    def status(self) -> int:
        """The status the page should have: 200, unless its name ends in another (``refused-403``)."""
        tail = self.name[-3:]
        return int(tail) if tail.isdecimal() and tail[0] in "45" else 200

    @classmethod
    def read(cls, text: str) -> Wanted:
        role, _, rest = text.partition(":")
        address, _, name = rest.rpartition(":")
        if not (role and address.startswith("/") and name):
            raise argparse.ArgumentTypeError(f"{text!r} is not role:/address:name")
        return cls(role, address, name)


def main() -> int:
    options = _options()
    pages = options.pages or [Wanted.read(text) for text in DEFAULT_PAGES]
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        findings = [
            finding
            for width in options.widths
            for role in dict.fromkeys(page.role for page in pages)
            for finding in _of_role(browser, options, width, role, [page for page in pages if page.role == role])
        ]
        browser.close()
    print("\n".join(findings) or f"{len(pages)} pages, nothing to report", file=sys.stderr)
    return 1 if findings else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", type=Wanted.read, help="role:/address:name")
    parser.add_argument("--base", default="http://localhost:8000", help="where the site answers")
    parser.add_argument("--out", type=Path, default=ROOT / "test-results" / "screens")
    parser.add_argument("--widths", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--first-screen", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--no-script", action="store_true", help="look at the pages as they are without JavaScript")
    return parser.parse_args()


def _of_role(
    browser: Browser, options: argparse.Namespace, width: int, role: str, pages: Sequence[Wanted]
) -> list[str]:
    context = browser.new_context(
        base_url=options.base,
        viewport=SIZES[width],  # type: ignore[arg-type]
        java_script_enabled=not options.no_script,
        locale="zh-CN",
        has_touch=width < 768,
        device_scale_factor=1,
    )
    if role != "visitor":
        _sign_in(context, role)
    findings = [finding for wanted in pages for finding in _picture(context, options, width, wanted)]
    context.close()
    return findings


def _sign_in(context: BrowserContext, role: str) -> None:
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        page.locator(f'[data-demo-role="{role}"]').first.click()
    page.close()


def _picture(context: BrowserContext, options: argparse.Namespace, width: int, wanted: Wanted) -> list[str]:
    page = context.new_page()
    wrong = console_of(page)
    response = page.goto(wanted.address)
    page.wait_for_load_state("networkidle")
    status = response.status if response else 0
    page.screenshot(path=options.out / f"{wanted.name}-{width}.png", full_page=not options.first_screen)
    if not options.no_script:
        wrong += faults_of(page)
    page.close()
    if wanted.status != 200:
        wrong = [text for text in wrong if "Failed to load resource" not in text]
    if status != wanted.status:
        wrong.append(f"status {status}, expected {wanted.status}")
    return [f"{wanted.name} at {width}: {text}" for text in wrong]


if __name__ == "__main__":
    sys.exit(main())
