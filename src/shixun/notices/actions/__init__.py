"""What is done with messages: sending, reading."""

from shixun.notices.actions.reading import read_all, read_notice
from shixun.notices.actions.sending import send

__all__ = ["read_all", "read_notice", "send"]
