"""The tables of people, posts, roles, logins and tokens."""

from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_noop

from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LegalBasis, PersonalData, ReferenceModel, Whose
from linli.kernel.db.standing import Given
from linli.kernel.ids import new_id

_POST_HOLDER = PersonalData(
    whose=Whose.STAFF,
    purpose=gettext_noop("knowing and reaching who is responsible, for giving and handing over work"),
    legal_basis=LegalBasis.DUTY,
    retention_days=3 * 365,
)


class Role(ReferenceModel):
    """What holders of a post may do, and how far: data, edited by the security administrator.

    verbs: codes of `choices.Verb`; reach: `choices.Reach`; wanted_at: the level whose every area has to have a
    holder, "" for none: where there is none, that is a vacancy. Everybody signed in may see it.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    verbs = models.JSONField(default=list)
    reach = models.CharField(max_length=16)
    administrator = models.CharField(max_length=16, default="")
    wanted_at = models.CharField(max_length=16, default="")


class Person(DistrictModel):
    """Somebody who holds posts here: staff, secretary, leader; not a resident, of whom we keep no register.

    Name and work phone are seen by colleagues of the district; kept while a post is held and three years on.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "code": _POST_HOLDER,
        "name": _POST_HOLDER,
        "work_phone": replace(_POST_HOLDER, sealed_for="person.work_phone"),
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


class PostArea(DistrictModel):
    """A further area that a post reaches, with all below, where its role's reach is of chosen areas.

    It widens what the holder may see and do, and for coverage its holder is responsible there too; new cases are given
    by a post's own area alone. Seen as the post is.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    post = DistrictForeignKey(Post, related_name="further", on_delete=models.CASCADE)
    area = DistrictForeignKey("territory.Area", related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "post", "area"], name="post_area_once"),
        ]


class Absence(DistrictModel):
    """Somebody is away from a post for some days and another person stands in; not a record of why, nor of work done.

    starts_on, ends_on: both included; called_off_at: when it was ended early, or never began. For these days the
    deputy has the post's rights beside its holder, and afterwards no longer, without anything having to run.
    Two absences of one post share no day. Seen by colleagues who see the post; kept as long as the post, for it says
    who was responsible when.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"kind": _POST_HOLDER}

    post = DistrictForeignKey(Post, related_name="absences")
    deputy = DistrictForeignKey(Person, related_name="deputises")
    kind = models.CharField(max_length=16)
    starts_on = models.DateField()
    ends_on = models.DateField()
    called_off_at = models.DateTimeField(null=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_term"),
            ExclusionConstraint(
                name="absence_one_at_a_time",
                expressions=[
                    ("district", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(called_off_at__isnull=True),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "deputy", "ends_on"], name="absence_deputy"),
            models.Index(fields=["district", "post", "starts_on"], name="absence_post"),
        ]


class Election(DistrictModel):
    """The committees of an area chosen anew for a term: which posts end and which begin on one day; not who voted how.

    starts_on: the first day of the new term; until then it can be undone, whole. Seen by who manages posts there; kept
    as long as its posts.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    area = DistrictForeignKey("territory.Area", related_name="+")
    starts_on = models.DateField()
    reason = models.CharField(max_length=200)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=models.F("made_at")),
                name="election_undone_later",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "-starts_on"], name="election_newest"),
        ]


class ElectionChange(DistrictModel):
    """A post that an election ends, or one that it gives. before: the last day that an ended one had, null for none."""

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    election = DistrictForeignKey(Election, on_delete=models.CASCADE, related_name="changes")
    post = DistrictForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    is_new = models.BooleanField()
    before = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "election", "post"], name="election_change_once"),
        ]


class AreaChangePost(DistrictModel):
    """A post that a change of the tree of areas gave or ended, kept so that the change can be taken back whole.

    change: as territory's AreaChange names it. before: the last day that an ended one had, null for none. Seen as the
    post is.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    change = models.UUIDField()
    post = DistrictForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    is_new = models.BooleanField()
    before = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["district", "change", "post"], name="area_change_post_once"),
        ]


def in_force(on: date | Given) -> Q:
    """Make the condition that a post is held on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def running(on: date | Given) -> Q:
    """Make the condition that an absence keeps its post's holder away on a day."""
    return Q(starts_on__lte=on, ends_on__gte=on, called_off_at__isnull=True)


class LoginManager(BaseUserManager["Login"]):
    """Finds a login by its name, as Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> "Login":
        """Read a login by name. 1 query."""
        return self.get(username=username)


class Login(ReferenceModel, AbstractBaseUser):
    """A person's way in; one login belongs to one person. Global, since nobody names a district when signing in.

    district_code and person_id name the person without a foreign key, so that the table needs no district in its key.
    failures: wrong passwords since the last right one. sessions_ended_at: sessions begun before it count no longer.
    one_time_until: until when a password that somebody else made is good for signing in. Seen by the security
    administrator only.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "username": replace(_POST_HOLDER, purpose=gettext_noop("signing in")),
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
    sessions_ended_at = models.DateTimeField(null=True)
    one_time_until = models.DateTimeField(null=True)

    objects = LoginManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def is_locked(self, at: datetime) -> bool:
        """Whether too many wrong passwords keep the door shut at that time."""
        return self.locked_until is not None and at < self.locked_until

    def is_open(self, at: datetime) -> bool:
        """Whether the right password gets in at that time."""
        is_late = self.one_time_until is not None and at >= self.one_time_until
        return self.is_active and not self.is_locked(at) and not is_late

    @property
    def stamped_at(self) -> datetime | None:
        """From when on sessions count: the last change of the password, or the last time sessions were ended."""
        return max((at for at in (self.password_changed_at, self.sessions_ended_at) if at), default=None)


# Rows of their own that go with the login's holder, or before.
_SIGNING_IN = replace(_POST_HOLDER, purpose=gettext_noop("signing in"), retention_days=None)


class Totp(ReferenceModel):
    """A person's app that shows a new code each half minute, asked for after the password; one a login.

    secret, pending: encrypted, b"" for none; what is pending counts once a code of it was given, until then the one
    before stays. last_step: the half minute of the last code that let in, so that none lets in twice. Seen by nobody:
    its holder sees the pending secret while setting up.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "secret": replace(_SIGNING_IN, sealed_for="login.totp"),
        "pending": replace(_SIGNING_IN, sealed_for="login.totp"),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.OneToOneField(Login, on_delete=models.CASCADE, related_name="totp")
    secret = models.BinaryField(default=b"")
    confirmed_at = models.DateTimeField(null=True)
    pending = models.BinaryField(default=b"")
    pending_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class SecurityKey(ReferenceModel):
    """A person's key by WebAuthn, in hand or in the device, that signs a challenge after the password.

    credential_id, public_key: as the key gave them, no secret; sign_count: of its last signature, which never goes
    down for one that counts. name: what its holder calls it. Seen by its holder.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="security_keys")
    credential_id = models.BinaryField(unique=True, max_length=1023)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class RecoveryCode(ReferenceModel):
    """A code that takes the place of a second factor once, for a lost telephone; only its digest is kept."""

    personal_data: ClassVar[dict[str, PersonalData]] = {}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(unique=True, max_length=32)
    used_at = models.DateTimeField(null=True)


class OfficeAccount(ReferenceModel):
    """An account of the office's elsewhere that stands for a login's password: one for each provider, of one login.

    provider: a code of `edges/sso`; subject: what that provider calls the person by for good. Seen by who manages
    the login.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {"subject": _SIGNING_IN}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="office_accounts")
    provider = models.CharField(max_length=16)
    subject = models.CharField(max_length=191)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "subject"], name="office_account_subject"),
            models.UniqueConstraint(fields=["login", "provider"], name="office_account_one"),
        ]


class OpenSession(ReferenceModel):
    """Where somebody is signed in now, so that they can end it; no history, which is the audit log's.

    The session itself is Django's, under session_key; stamped_at: of the login when it was begun, or last kept.
    browser, system: codes of `calc/devices.py`; means: password, totp, security_key, recovery_code. Seen by its holder
    and by who manages the login; a row that shows no session any more is deleted by the hour.
    """

    personal_data: ClassVar[dict[str, PersonalData]] = {
        "source_ip": replace(_SIGNING_IN, purpose=gettext_noop("finding out that somebody else is signed in")),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(Login, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    stamped_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=16)
    system = models.CharField(max_length=16)
    means = models.CharField(max_length=16)
    source_ip = models.CharField(max_length=45)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()


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
