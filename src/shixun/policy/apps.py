"""Registers the room with Django."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "shixun.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
