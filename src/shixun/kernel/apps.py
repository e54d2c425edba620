"""Registers the room with Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "shixun.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
