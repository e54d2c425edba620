"""Addresses of the site: each room's own, in the order of the stairs."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
