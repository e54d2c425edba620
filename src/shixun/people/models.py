"""The nouns of the region: organisations, persons, dated appointments and roles, accounts (DX-01)."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from shixun.kernel.access import Scope
from shixun.kernel.fields import PathField, Period, decrypt, encrypt, period_in_order
from shixun.people.choices import (
    BODIES,
    DesignationKind,
    Duty,
    IdentifierKind,
    OrganisationKind,
    Role,
    Sex,
    Stage,
    Title,
)


class Organisation(Period):
    """An area, a school, an institution, or a body of one of them; ``path`` is made of zero-padded ids."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind.choices)
    path = PathField(max_length=80, unique=True, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    stage = models.CharField("学段", max_length=20, choices=Stage.choices, blank=True)
    area_code = models.CharField("行政区划代码", max_length=6)

    class Meta:
        constraints = [
            period_in_order("people_organisation"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="people_organisation_not_its_own_parent"),
        ]
        indexes = [
            models.Index(fields=["kind", "path"], name="people_organisation_kind"),
            models.Index(fields=["name"], name="people_organisation_name"),
            models.Index(fields=["area_code"], name="people_organisation_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """Itself and everything below it; for a body, the area it acts for."""
        if self.kind in BODIES and self.parent is not None:
            return Scope(self.parent.path)
        return Scope(self.path)


class Designation(Period):
    """A quality an organisation holds for a time, such as professional-development school (PR-08)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="designations")
    kind = models.CharField("资格", max_length=20, choices=DesignationKind.choices)

    class Meta:
        constraints = [
            period_in_order("people_designation"),
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(valid_until__isnull=True),
                name="people_designation_one_open",
            ),
        ]
        indexes = [models.Index(fields=["kind", "organisation"], name="people_designation_kind")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"


class Person(models.Model):
    """Somebody known to the region, whatever she does in it. ``entered_on`` is the day she entered the profession."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("人员编号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, default=Sex.UNSTATED)
    born_on = models.DateField("出生日期", null=True, blank=True)
    entered_on = models.DateField("入职日期", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["name", "code"], name="people_person_name")]

    def __str__(self) -> str:
        return self.name


class Identifier(Period):
    """A number by which some register knows a person. An identity number is stored encrypted, matched by its digest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers")
    kind = models.CharField("种类", max_length=20, choices=IdentifierKind.choices)
    stored = models.CharField(max_length=255, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    masked = models.CharField("号码", max_length=40, editable=False)

    class Meta:
        constraints = [
            period_in_order("people_identifier"),
            models.UniqueConstraint(
                fields=["kind", "digest"],
                condition=Q(valid_until__isnull=True),
                name="people_identifier_one_holder",
            ),
        ]
        indexes = [models.Index(fields=["digest"], name="people_identifier_digest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def value(self) -> str:
        """The number itself; whoever shows it writes an audit event first."""
        return decrypt(self.stored) if self.kind == IdentifierKind.ID_CARD else self.stored

    @value.setter
    def value(self, number: str) -> None:
        self.stored = encrypt(number) if self.kind == IdentifierKind.ID_CARD else number


class Appointment(Period):
    """A dated appointment (任职): one duty of one person at one organisation; main ones of a person never overlap."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="appointments")
    duty = models.CharField("岗位", max_length=20, choices=Duty.choices)
    title = models.CharField("职称", max_length=20, choices=Title.choices, default=Title.NONE)
    stage = models.CharField("学段", max_length=20, choices=Stage.choices, blank=True)
    subject = models.CharField("学科", max_length=40, blank=True)
    is_main = models.BooleanField("主要任职", default=True)

    class Meta:
        constraints = [
            period_in_order("people_appointment"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_main=True, valid_until__isnull=True),
                name="people_appointment_one_open_main",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "valid_from", "valid_until"], name="people_appointment_place"),
            models.Index(fields=["person", "valid_from"], name="people_appointment_person"),
            models.Index(fields=["duty", "organisation"], name="people_appointment_duty"),
            models.Index(fields=["title", "organisation"], name="people_appointment_title"),
            models.Index(fields=["subject", "organisation"], name="people_appointment_subject"),
            models.Index(fields=["stage", "organisation"], name="people_appointment_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.organisation} {self.get_duty_display()}"


class UserManager(BaseUserManager["User"]):
    """Accounts are made by ``people.actions.create_user`` alone; this only finds them."""


class User(AbstractBaseUser):
    """An account for signing in. What it may do follows from its role grants, never from the account itself."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("账号", max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="users")
    is_active = models.BooleanField("启用", default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.person.name if self.person else self.username


class RoleGrant(Period):
    """A role held by an account at an organisation for a time; the grant is ended by a date, never removed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            # A role granted by mistake ends on the day it began, and was never in force.
            period_in_order("people_rolegrant", may_be_empty=True),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(valid_until__isnull=True),
                name="people_rolegrant_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "role"], name="people_rolegrant_place"),
            models.Index(fields=["role", "valid_from"], name="people_rolegrant_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.organisation}"


class DemoLogin(models.Model):
    """A persona offered for one-click sign-in; read in demo mode only, where no account has a usable password."""

    user = models.OneToOneField(User, models.CASCADE, related_name="demo_login")
    region = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=Role.choices)
    label = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.label


# The models of the room's packages, for Django to find them.
from shixun.people.accounts.models import AccountLock, Factor, LinkedIdentity, PasswordRecord, RecoveryCode, Session  # noqa: E402
from shixun.people.credit_officers.models import CreditOfficer  # noqa: E402
from shixun.people.delegation.models import Delegation  # noqa: E402
from shixun.people.organisations.models import OrganisationChange  # noqa: E402
from shixun.people.privacy.models import NoticeReading  # noqa: E402
from shixun.people.role_review.models import RoleConfirmation  # noqa: E402

__all__ = [
    "AccountLock",
    "Appointment",
    "CreditOfficer",
    "Delegation",
    "DemoLogin",
    "Designation",
    "Factor",
    "Identifier",
    "LinkedIdentity",
    "NoticeReading",
    "Organisation",
    "OrganisationChange",
    "PasswordRecord",
    "Person",
    "RecoveryCode",
    "RoleConfirmation",
    "RoleGrant",
    "Session",
    "User",
    "UserManager",
]
