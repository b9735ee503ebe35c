"""Facts, the seals over them, and which fact lies in which seal. All three are append-only."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from linli.kernel.db.models import LedgerModel, PersonalData
from linli.ledger.facts.calc.seals import FactRow, SealRow, instant

_HASH = r"^[0-9a-f]{64}$"


class Fact(LedgerModel):
    """One thing that happened, written in the same transaction as the rows it tells of.

    Not a log of who looked (that is audit) and not a queue. Whoever may see the subject may see its facts.
    Holds ids, codes and numbers; never personal data. Kept for good.
    at: when it happened (a phone may send it later); recorded_at: when the database took it.
    area_path: codes from the district down, "210106/210106003/210106003007"; "" if it has no place.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    kind = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.UUIDField(null=True)
    area_path = models.CharField(max_length=200, db_collation="C")
    organisation_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    data = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=["district_id", "kind", "at"], name="facts_fact_kind"),
            models.Index(fields=["district_id", "subject_id"], name="facts_fact_subject"),
            # The collation C lets LIKE 'path/%' use it.
            models.Index(fields=["district_id", "area_path", "at"], name="facts_fact_area"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$"), name="facts_fact_kind_is_dotted"
            ),
        )

    def as_row(self) -> FactRow:
        """Give it without the ORM."""
        return FactRow(
            id=self.id,
            district_id=self.district_id,
            kind=self.kind,
            subject_id=self.subject_id,
            at=self.at,
            recorded_at=self.recorded_at,
            actor_id=self.actor_id,
            area_path=self.area_path,
            organisation_id=self.organisation_id,
            post_id=self.post_id,
            data=self.data,
        )


class Seal(LedgerModel):
    """A Merkle root over facts that no earlier seal holds, chained to the seal before.

    Public: it tells nothing but how many facts there were. Kept for good. Hashes are 64 lower-case hexadecimal digits.
    chain: SHA-256 over the canonical JSON of district_id, made_at, number, previous_chain, root and size, written as
    in docs/mechanisms/facts-and-seals.md; previous_chain of number 1 is 64 zeros.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    number = models.BigIntegerField()
    previous_chain = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    size = models.IntegerField()
    made_at = models.DateTimeField()
    chain = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["district_id", "number"], name="facts_seal_number"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, size__gte=1, root__regex=_HASH, chain__regex=_HASH),
                name="facts_seal_is_plausible",
            ),
        )

    def as_row(self) -> SealRow:
        """Give it without the ORM."""
        return SealRow(
            district_id=self.district_id,
            number=self.number,
            previous_chain=self.previous_chain,
            root=self.root,
            size=self.size,
            made_at=instant(self.made_at),
            chain=self.chain,
        )


class SealedFact(LedgerModel):
    """A fact's place in a seal. What is not here is not sealed yet, however old it is.

    Public like the seal. Kept for good. position: from 0; leaf: the 32-byte leaf hash at the time of sealing, so that
    a check can name the fact that was changed.
    """

    is_append_only = True
    personal_data: ClassVar[dict[str, PersonalData]] = {}

    fact_id = models.UUIDField()
    seal_number = models.BigIntegerField()
    position = models.IntegerField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["district_id", "fact_id"], name="facts_sealedfact_once"),
            models.UniqueConstraint(fields=["district_id", "seal_number", "position"], name="facts_sealedfact_place"),
        )
