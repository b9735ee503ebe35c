"""What a model of ours has to be; each rule gives its complaints as text. Source: architecture, decision 15."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.constraints import BaseConstraint
from tests.architecture.impersonal import IMPERSONAL

from linli.kernel.db.district import DISTRICT_COLUMN, district_field, has_district_key
from linli.kernel.db.models import DistrictForeignKey, DistrictModel, LedgerModel, PersonalData, ReferenceModel

Rule = Callable[[type[models.Model]], Iterator[str]]

KINDS = (ReferenceModel, DistrictModel, LedgerModel)
DISTRICT_NAMES = {"district", DISTRICT_COLUMN}
FLOORS = ("kernel", "ledger", "registry", "support", "cases", "programmes", "oversight")
REGISTRY = ("territory", "orgs", "people", "coverage", "sheets")
# Codes are shorter. Names of people, streets and things have room from here on.
LONGEST_CODE = 40
ON_DELETE = {models.PROTECT, models.RESTRICT, models.CASCADE, models.DO_NOTHING}


def is_of_one_kind(model: type[models.Model]) -> Iterator[str]:
    """Each is a reference table, a row of a district or a line of the ledger."""
    if sum(issubclass(model, kind) for kind in KINDS) != 1:
        yield "is not exactly one of ReferenceModel, DistrictModel, LedgerModel"


def has_its_district(model: type[models.Model]) -> Iterator[str]:
    """Operational rows have a district that can't be null, others none."""
    district = district_field(model)
    if issubclass(model, ReferenceModel):
        if district is not None:
            yield "is a reference table with a column district_id"
    elif district is None or district.null:
        yield "has no district, or one that may be null"
    elif not isinstance(model._meta.pk, models.UUIDField):
        yield "has another primary key than a UUID"


def unique_keys_name_district(model: type[models.Model]) -> Iterator[str]:
    """Refuse what a cluster could not hold: it knows unique within a district only."""
    if not has_district_key(model):
        return
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            yield f"{field.name} is unique without the district"
    for together in model._meta.unique_together:
        if not DISTRICT_NAMES & set(together):
            yield f"unique_together {together} leaves out the district"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint | ExclusionConstraint) and not _names_district(constraint):
            yield f"{constraint.name} leaves out the district"


def keys_stay_in_district(model: type[models.Model]) -> Iterator[str]:
    """Foreign keys between operational rows carry the district; reference tables and the ledger point to none."""
    for field in _foreign_keys(model):
        target = field.remote_field.model
        if issubclass(model, LedgerModel):
            yield f"{field.name}: the ledger points nowhere"
        elif not issubclass(target, KINDS):
            yield f"{field.name} points to a table of somebody else"
        elif has_district_key(model) and has_district_key(target) and not isinstance(field, DistrictForeignKey):
            yield f"{field.name} is no DistrictForeignKey"
        elif has_district_key(target) and not has_district_key(model):
            yield f"{field.name}: a reference table points to a row of a district"
        elif isinstance(field, DistrictForeignKey) and not has_district_key(target):
            yield f"{field.name} is a DistrictForeignKey to a table without district"


def nothing_is_set_on_delete(model: type[models.Model]) -> Iterator[str]:
    """No SET NULL and no SET DEFAULT."""
    for field in _foreign_keys(model):
        if field.remote_field.on_delete not in ON_DELETE:
            yield f"{field.name} is set to something when its row is deleted"


def has_no_hidden_tables(model: type[models.Model]) -> Iterator[str]:
    """No automatic many-to-many, no generic foreign keys, no tables in several storeys."""
    for field in model._meta.local_many_to_many:
        if field.remote_field.through._meta.auto_created:
            yield f"{field.name} makes a table of its own without district"
    for field in model._meta.private_fields:
        yield f"{field.name} is a generic relation"
    if model._meta.parents:
        yield "inherits from another table"


def keys_point_down(model: type[models.Model]) -> Iterator[str]:
    """Hold the floors for foreign keys too, which name their target by a string."""
    for field in _foreign_keys(model):
        target = field.remote_field.model
        if target.__module__.startswith("linli.") and not _may_point(_place(model), _place(target)):
            yield f"{field.name} points to {target._meta.label}, which does not lie below"


def declares_personal_data(model: type[models.Model]) -> Iterator[str]:
    """Each model says itself which fields hold personal data, {} if none."""
    declared = vars(model).get("personal_data")
    if declared is None:
        yield "has no personal_data of its own"
        return
    fields = {field.name for field in model._meta.local_fields}
    for name, data in declared.items():
        if name not in fields or not isinstance(data, PersonalData):
            yield f"personal_data[{name!r}] is no field, or no PersonalData"
        elif not data.purpose.strip() or (data.retention_days is not None and data.retention_days <= 0):
            yield f"personal_data[{name!r}] says no purpose, or no time that could pass"


def looks_through_all_words(model: type[models.Model]) -> Iterator[str]:
    """Find fields with room for words that are neither declared nor looked through."""
    declared = vars(model).get("personal_data") or {}
    for field in model._meta.local_fields:
        name = f"{model._meta.label}.{field.name}"
        if _has_room_for_words(field) and field.name not in declared and name not in IMPERSONAL:
            yield f"{field.name} has room for words: declare it in personal_data, or look through it (impersonal.py)"


def seals_what_it_declares_sealed(model: type[models.Model]) -> Iterator[str]:
    """Seal in bytes, where a new key can reach them, with the index beside; other bytes are not personal."""
    declared = vars(model).get("personal_data") or {}
    by_name = {field.name: field for field in model._meta.local_fields}
    for name, data in declared.items():
        if not isinstance(data, PersonalData) or name not in by_name:
            continue
        is_bytes = isinstance(by_name[name], models.BinaryField)
        if is_bytes != bool(data.sealed_for or data.is_index):
            yield f"{name} is bytes that nobody seals, or sealed and no bytes"
        if data.sealed_for and getattr(model, "is_append_only", False):
            yield f"{name} is sealed in an append-only table: no new key could ever reach it"
        if data.indexed_in and not getattr(declared.get(data.indexed_in), "is_index", False):
            yield f"{name} is indexed in {data.indexed_in}, which is declared no index"


def has_no_words(model: type[models.Model]) -> Iterator[str]:
    """Labels, help and choices live in forms."""
    for name in {"verbose_name", "verbose_name_plural"} & set(model._meta.original_attrs):
        yield f"Meta.{name}"
    borrowed = _fields_of_foreign_bases(model) | {
        field.name for field in model._meta.local_fields if field.auto_created
    }
    for field in model._meta.local_fields:
        if field.name not in borrowed and (field.choices or field.help_text or field._verbose_name):
            yield f"{field.name} has choices, help_text or verbose_name"


def saves_as_django_does(model: type[models.Model]) -> Iterator[str]:
    """No save() or delete() of its own."""
    for name in ("save", "delete"):
        if getattr(model, name) is not getattr(models.Model, name) and name in _methods_of_ours(model):
            yield f"overrides {name}()"


RULES: tuple[Rule, ...] = (
    is_of_one_kind,
    has_its_district,
    unique_keys_name_district,
    keys_stay_in_district,
    nothing_is_set_on_delete,
    has_no_hidden_tables,
    keys_point_down,
    declares_personal_data,
    looks_through_all_words,
    seals_what_it_declares_sealed,
    has_no_words,
    saves_as_django_does,
)


def _has_room_for_words(field: Any) -> bool:
    """Whether a name would fit into it."""
    if isinstance(field, models.TextField | models.JSONField | models.BinaryField | SearchVectorField):
        return True
    return isinstance(field, models.CharField) and (field.max_length or LONGEST_CODE) >= LONGEST_CODE


def _foreign_keys(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_fields if field.is_relation]


def _names_district(constraint: BaseConstraint) -> bool:
    """Whether a unique or exclusion constraint has the district among its columns or expressions."""
    if isinstance(constraint, ExclusionConstraint):
        said = [(getattr(column, "name", column), operator) for column, operator in constraint.expressions]
        return any(column in DISTRICT_NAMES and operator == "=" for column, operator in said)
    columns = [expression.name for expression in constraint.expressions if isinstance(expression, models.F)]
    return bool(DISTRICT_NAMES & {*constraint.fields, *columns})


def _place(model: type[models.Model]) -> tuple[str, str]:
    _, floor, room, *_ = model.__module__.split(".")
    return floor, "" if floor == "cases" else room


def _may_point(source: tuple[str, str], target: tuple[str, str]) -> bool:
    if source[0] == target[0] == "registry":
        return REGISTRY.index(target[1]) <= REGISTRY.index(source[1])
    return source == target or FLOORS.index(target[0]) < FLOORS.index(source[0])


def _fields_of_foreign_bases(model: type[models.Model]) -> set[str]:
    bases = [base for base in model.__mro__[1:] if hasattr(base, "_meta") and not base.__module__.startswith("linli.")]
    return {field.name for base in bases for field in base._meta.local_fields}


def _methods_of_ours(model: type[models.Model]) -> set[str]:
    return {name for base in model.__mro__ if not base.__module__.startswith("django.") for name in vars(base)}
