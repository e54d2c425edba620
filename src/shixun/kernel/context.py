"""What every template may use: the domain's day, and whether this is a demonstration."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shixun.kernel import clock


def frame(request: HttpRequest) -> dict[str, Any]:
    """``today`` and ``now`` are read when a template asks for them; ``demo_mode`` shows the banner."""
    return {"today": clock.today, "now": clock.now, "demo_mode": settings.DEMO_MODE}
