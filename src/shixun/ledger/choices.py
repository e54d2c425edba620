"""Kinds of account and forms of study the ledger knows; levels, categories and tags belong to the policy."""

from django.db import models


class AccountKind(models.TextChoices):
    """One account a person, kind and cycle, each judged by itself (CL-09: principal apart from teacher)."""

    TEACHER = "teacher", "教师账户"
    PRINCIPAL = "principal", "校长账户"
    PRINCIPAL_DESIGNATE = "principal_designate", "校长任职资格账户"
    PROBATION = "probation", "见习教师账户"


class Form(models.TextChoices):
    """How the credits were earned; a degree has no level and no category until the standing places it (CL-10)."""

    COURSE = "course", "课程培训"
    AUTONOMOUS = "autonomous", "自主研修"
    DEGREE = "degree", "学历进修"
