"""The tables of people, posts, roles, logins and tokens."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, ReferenceModel
from linli.kernel.ids import new_id

_POST_HOLDER = "knowing and reaching who is responsible, for giving and handing over work"


class Role(ReferenceModel):
    """What holders of a post may do, and how far: data, edited by the security administrator.

    verbs: codes of `choices.Verb`; reach: `choices.Reach`. Everybody signed in may see it.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    verbs = models.JSONField(default=list)
    reach = models.CharField(max_length=16)
    administrator = models.CharField(max_length=16, default="")


class Person(DistrictModel):
    """Somebody who holds posts here: staff, secretary, leader; not a resident, of whom we keep no register.

    Name and work phone are seen by colleagues of the district; kept while a post is held and three years on.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "name": PersonalData(purpose=_POST_HOLDER, legal_basis=LegalBasis.DUTY, retention_days=3 * 365),
        "work_phone": PersonalData(
            purpose=_POST_HOLDER, legal_basis=LegalBasis.DUTY, retention_days=3 * 365, is_encrypted=True
        ),
    }

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    work_phone = models.BinaryField(default=b"")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "code"], name="person_code"),
        ]


class Post(DistrictModel):
    """A person holds a role in an organisation for an area, from a day to a day; rights come from here alone.

    is_on_duty: whether new work may be given to the holder now.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    person = DistrictForeignKey(Person, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    organisation = DistrictForeignKey("orgs.Organisation", related_name="posts")
    area = DistrictForeignKey("territory.Area", related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    is_on_duty = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="post_term",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "area", "role"], name="post_area_role"),
            models.Index(fields=["district", "organisation", "role"], name="post_organisation_role"),
        ]


class LoginManager(BaseUserManager["Login"]):
    """Finds a login by its name, as Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> "Login":
        """Read a login by name. 1 query."""
        return self.get(username=username)


class Login(ReferenceModel, AbstractBaseUser):
    """A person's way in; one login belongs to one person. Global, since nobody names a district when signing in.

    district_code and person_id name the person without a foreign key, so that the table needs no district in its key.
    failures: wrong passwords since the last right one. Seen by the security administrator only.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "username": PersonalData(purpose="signing in", legal_basis=LegalBasis.DUTY, retention_days=3 * 365),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True)
    district_code = models.CharField(max_length=6)
    person_id = models.UUIDField(unique=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    former_passwords = models.JSONField(default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    objects = LoginManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def is_locked(self, at: datetime) -> bool:
        """Whether too many wrong passwords keep the door shut at that time."""
        return self.locked_until is not None and at < self.locked_until


class Token(ReferenceModel):
    """A key for programs, made in the workbench by a login, for a scope and a time; only its digest is kept."""

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(unique=True, max_length=32)
    scope = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
