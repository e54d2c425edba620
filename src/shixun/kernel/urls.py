"""Addresses of the kernel: whether the site lives, and the sheet of patterns."""

from django.urls import path

from shixun.kernel import views

app_name = "kernel"
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/answer/<int:status>/", views.pattern_answer, name="pattern-answer"),
]
