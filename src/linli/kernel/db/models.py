"""What every table of ours is: a reference table, a row of one district, or a line of the ledger.

All of it is abstract: the kernel has no tables. Source: docs/decisions/0003-composite-keys.md.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

from linli.kernel.db.district import DISTRICT_COLUMN, district_field
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id
from linli.kernel.personal_data import LegalBasis, PersonalData, Whose

__all__ = [
    "DistrictForeignKey",
    "DistrictModel",
    "LedgerModel",
    "LegalBasis",
    "PersonalData",
    "ReferenceModel",
    "Table",
    "Whose",
]

_Set_contra = TypeVar("_Set_contra", contravariant=True)
_Get_co = TypeVar("_Get_co", covariant=True)


class Table(models.Model):
    """What every model declares about itself.

    is_append_only: the application's role may insert and read, nothing else (`grants.py`).
    personal_data: field name -> PersonalData, {} if none; each model states its own, or the build fails. So it does for
    a field that has room for words and is neither named here nor looked through (tests/architecture/impersonal.py).
    """

    is_append_only: ClassVar[bool] = False
    personal_data: ClassVar[Mapping[str, PersonalData]]

    class Meta:
        abstract = True


class ReferenceModel(Table):
    """A small table that is the same for all districts, whole on every node of a cluster.

    It has no column district_id and never points to a row of a district.
    """

    class Meta:
        abstract = True


class DistrictModel(Table):
    """A row that belongs to one district for good; the database writes PRIMARY KEY (id, district_id).

    The district has no index of its own: every index that serves a list begins with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    district = models.ForeignKey("territory.District", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        abstract = True

    def _do_update(
        self,
        base_qs: models.QuerySet[Any],
        using: str | None,
        pk_val: Any,
        values: Any,
        update_fields: Iterable[str] | None,
        forced_update: bool,  # noqa: FBT001
    ) -> bool:
        """Name the district, so that a cluster asks one node. Raises Conflict("row_gone") instead of inserting.

        Django would insert a row that is not there to update. Here that row was deleted meanwhile, or somebody
        changed its district: inserting would make a second row with the same id.
        """
        district_id: str = getattr(self, DISTRICT_COLUMN)
        in_district = base_qs.filter(district_id=district_id)
        is_updated = super()._do_update(in_district, using, pk_val, values, update_fields, forced_update)
        if not is_updated and not self._state.adding:
            raise Conflict("row_gone", params={"table": self._meta.db_table, "id": str(pk_val)})
        return is_updated


class LedgerModel(Table):
    """A row of the ledger: it lies below the districts' table, so it holds the code alone and points nowhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    district_id = models.CharField(max_length=6)

    class Meta:
        abstract = True


class DistrictForeignKey(models.ForeignKey[_Set_contra, _Get_co]):
    """A foreign key to another row of the same district; joins through it say so.

    The database backend writes it as (column, district_id) -> (id, district_id). SET NULL and SET DEFAULT are
    refused: PostgreSQL would null the district too, and Citus knows neither.
    """

    def __init__(
        self,
        to: type[models.Model] | str,
        on_delete: Callable[..., None] = models.PROTECT,
        **options: Any,
    ) -> None:
        if on_delete not in {models.PROTECT, models.CASCADE, models.RESTRICT, models.DO_NOTHING}:
            raise ValueError("A DistrictForeignKey takes PROTECT, RESTRICT, CASCADE or DO_NOTHING on delete.")
        super().__init__(to, on_delete, **options)

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> "Exact[Any] | None":
        """Say in a join that both sides lie in one district.

        alias: of the table pointed to; related_alias: of the one that points. Django leaves one out when it turns
        `exclude()` over many rows into a subquery; that one then names no district and is right, but slow on Citus.
        """
        if alias is None or related_alias is None:
            return None
        theirs, ours = district_field(self.remote_field.model), district_field(self.model)
        return Exact(Col(alias, theirs), Col(related_alias, ours)) if theirs and ours else None

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, str]:
        """Name the district when `row.parent` is fetched."""
        return {DISTRICT_COLUMN: getattr(instance, DISTRICT_COLUMN)}
