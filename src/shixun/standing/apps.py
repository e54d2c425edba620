"""Registers the room with Django."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "shixun.standing"
    label = "standing"
    default_auto_field = "django.db.models.BigAutoField"
