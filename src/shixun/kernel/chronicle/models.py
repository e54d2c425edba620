"""The logs: how far each is numbered, its leaves, a few hashes of its tree, signed heads and the keys that sign."""

from django.db import models
from django.db.models import Q

from shixun.kernel.append_only import AppendOnly


class Chronicle(models.Model):
    """One log; its row is what two sequencers wait for. Every row of its table up to ``settled`` is done with."""

    name = models.CharField(max_length=16, primary_key=True)
    settled = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Leaf(AppendOnly):
    """One numbered row: which one, the hash of its content, and a hash over all the leaves up to this one.

    ``link`` names the very leaf that somebody exchanged in this table; the tree alone would name its neighbourhood.
    """

    log = models.CharField(max_length=16)
    number = models.BigIntegerField()
    row = models.BigIntegerField()
    uuid = models.UUIDField()
    hash = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "number"], name="kernel_leaf_number"),
            models.UniqueConstraint(fields=["log", "row"], name="kernel_leaf_row"),
            models.CheckConstraint(condition=Q(number__gte=0), name="kernel_leaf_from_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.number}"


class Subtree(AppendOnly):
    """The hash over ``1 << level`` leaves from ``place << level`` on; kept for two levels only."""

    log = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "place"], name="kernel_subtree_place")]

    def __str__(self) -> str:
        return f"{self.log} {self.level}/{self.place}"


class SigningKey(AppendOnly):
    """The public half of a key that signs heads; a later key is vouched for by the one before it."""

    name = models.CharField(max_length=16, unique=True)
    public = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    endorser = models.CharField(max_length=16, blank=True)
    endorsement = models.BinaryField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class TreeHead(AppendOnly):
    """What a log was at a moment: its size and root, signed. ``day`` is set for the one head of each day."""

    log = models.CharField(max_length=16)
    size = models.BigIntegerField("条数")
    root = models.BinaryField(max_length=32)
    signed_at = models.DateTimeField("签名时间")
    day = models.DateField(null=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, related_name="+", to_field="name")
    signature = models.BinaryField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "day"], name="kernel_head_of_a_day")]
        indexes = [models.Index(fields=["log", "size"], name="kernel_head_size")]

    def __str__(self) -> str:
        return f"{self.log} {self.size}"
