"""Kinds of account, and the one form of study, the ledger knows; all other words of an entry are the policy's."""

from django.db import models


class AccountKind(models.TextChoices):
    """One account a person, kind and cycle, each judged by itself (CL-09: principal apart from teacher)."""

    TEACHER = "teacher", "教师账户"
    PRINCIPAL = "principal", "校长账户"
    PRINCIPAL_DESIGNATE = "principal_designate", "校长任职资格账户"
    PROBATION = "probation", "见习教师账户"


# The form of study whose credits have no level and no category until the standing places them (CL-10). All other
# forms, like levels, categories and tags, are the policy's words.
DEGREE = "degree"
