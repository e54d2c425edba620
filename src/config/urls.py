"""Addresses of the site: each room's own, in the order of the stairs."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shixun.kernel.urls")),
    path("", include("shixun.people.urls")),
    path("", include("shixun.notices.urls")),
    path("", include("shixun.terms.urls")),
    path("", include("shixun.approvals.urls")),
    path("", include("shixun.roster.urls")),
    path("", include("shixun.policy.urls")),
    path("", include("shixun.standing.urls")),
    path("", include("shixun.recognition.urls")),
    path("", include("shixun.portal.urls")),
]
handler404 = "shixun.kernel.refusals.page_not_found"
