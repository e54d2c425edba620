"""The tag ``{% icon "home" %}``: one of the icons listed in assets.json, inlined so that it takes the text colour."""

from functools import cache
from pathlib import Path

from django import template
from django.core.exceptions import ImproperlyConfigured
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
FOLDER = Path(__file__).resolve().parents[1] / "static" / "vendor" / "icons"


@cache
def _drawing(name: str) -> str:
    """The inner drawing of an icon file. Raises ``ImproperlyConfigured`` when the assets have not been copied."""
    file = FOLDER / f"{name}.svg"
    if not file.exists():
        raise ImproperlyConfigured(f"Icon {name!r} is not there: list it in assets.json and run `make assets`.")
    text = file.read_text(encoding="utf-8")
    return " ".join(text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")].split())


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon of ``size`` px; hidden from screen readers, because a word always stands beside it."""
    # The drawing comes from our own asset folder, never from a user.
    return mark_safe(  # noqa: S308
        f'<svg class="icon" width="{size:d}" height="{size:d}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f"{_drawing(name)}</svg>"
    )
