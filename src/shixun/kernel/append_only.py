"""The guard of tables whose rows are written once: what their models refuse; ``triggers`` makes the database refuse."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """A programming error: code tried to change or remove a row of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are added and read, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed; write a new one")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never removed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed; write a new one")


class AppendOnly(models.Model):
    """A row that is written once. Its table also gets ``kernel.triggers.append_only`` in its migration."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} {self.pk} is written once and never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} {self.pk} is never removed")
