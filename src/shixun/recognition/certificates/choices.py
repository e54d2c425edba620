"""Kinds of papers, and what a check of one may say."""

from django.db.models import TextChoices


class PaperKind(TextChoices):
    TRANSCRIPT = "transcript", "学分证明"
    ARCHIVE = "archive", "培训档案"
    CERTIFICATE = "certificate", "培训证书"
    REGISTRATION = "registration", "教师资格定期注册学分证明"
    TITLE_REVIEW = "title_review", "职称评审学分证明"
    APPRAISAL = "appraisal", "考核评优学分证明"
    SCHOOL = "school", "学校培训学分情况证明"
    SEAL = "seal", "电子档案封存"


# Extracts for a purpose and a period, each with the article that makes credits count there (PR-34 … PR-36).
EXTRACTS = (PaperKind.REGISTRATION, PaperKind.TITLE_REVIEW, PaperKind.APPRAISAL)
# What somebody may have printed; a seal is made by the installation alone.
PRINTED = tuple(kind for kind in PaperKind if kind != PaperKind.SEAL)


class PaperState(TextChoices):
    VALID = "valid", "有效"
    REVOKED = "revoked", "已作废"
    SUPERSEDED = "superseded", "签发后学分有更正"
    EXPIRED = "expired", "已过有效期"
