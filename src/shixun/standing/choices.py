"""States of a refresh of the stored standings."""

from django.db.models import TextChoices


class RefreshState(TextChoices):
    WAITING = "waiting", "等待更新"
    RUNNING = "running", "正在更新"
    DONE = "done", "已更新"
    FAILED = "failed", "更新失败"


OPEN = (RefreshState.WAITING, RefreshState.RUNNING)
