"""What every page must be: no serious finding of axe, no sideways scroll, no error in the console."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
GRAVE = {"serious", "critical"}


def faults_of(page: Page) -> list[str]:
    """One line for each fault of the page as it stands; empty when it is well made. Console errors: ``console_of``."""
    violations = Axe().run(page).response["violations"]
    faults = [
        f"axe {found['id']}: {node['html'][:160]}"
        for found in violations
        if found["impact"] in GRAVE
        for node in found["nodes"][:3]
    ]
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return faults + ([f"scrolls sideways: {wide} px in {seen} px"] if wide > seen else [])


def console_of(page: Page) -> list[str]:
    """A list that fills with the page's console errors and uncaught exceptions from now on."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
