import pytest
import sqlparse
from django.apps import apps
from django.db import connection, models
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.models import signals
from tests.architecture.model_rules import RULES, Rule

from linli.kernel.db.district import has_district_key

# Tables of others keep their own keys; they stay whole on one node or become reference tables.
THIRD_PARTY = {"auth", "contenttypes", "sessions", "procrastinate"}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in THIRD_PARTY]


def complaints(rule: Rule, *of: type[models.Model]) -> list[str]:
    return [f"{model._meta.label} {complaint}" for model in of for complaint in rule(model)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_models_keep_the_rule(rule: Rule) -> None:
    assert complaints(rule, *our_models()) == []


def test_third_party_apps_are_none_of_ours() -> None:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("linli.")}

    assert labels & THIRD_PARTY == set()


def test_no_signal_of_a_model_is_listened_to() -> None:
    listened = [signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete, signals.m2m_changed]

    assert [signal.receivers for signal in listened if signal.receivers] == []


@pytest.mark.django_db
def test_primary_keys_in_the_database_name_the_district() -> None:
    ours = [model._meta.db_table for model in our_models() if has_district_key(model) and model._meta.managed]
    with connection.cursor() as cursor:
        keys = {table: connection.introspection.get_primary_key_columns(cursor, table) for table in ours}

    assert keys == {table: ["id", "district_id"] for table in ours}


@pytest.mark.django_db
def test_foreign_keys_in_the_database_name_the_district() -> None:
    ours = [model._meta.db_table for model in our_models() if has_district_key(model)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) <> 2"
            " AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)",
            [ours, ours],
        )

        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_database_has_no_triggers_but_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relname NOT LIKE 'procrastinate%'"
        )

        assert cursor.fetchall() == []


def test_migrations_run_one_statement_at_a_time() -> None:
    loader = MigrationLoader(None)
    ours = {key: step for key, step in loader.disk_migrations.items() if key[0] not in THIRD_PARTY}
    said = [
        (key, operation)
        for key, step in ours.items()
        for operation in step.operations
        if isinstance(operation, RunSQL) and _statements(operation.sql) > 1
    ]

    assert said == []


def _statements(sql: str | list[str | tuple[str, object]]) -> int:
    """Count the most statements that one execute gets."""
    parts = [sql] if isinstance(sql, str) else [part if isinstance(part, str) else part[0] for part in sql]
    return max((len(sqlparse.split(part)) for part in parts), default=0)


def test_two_statements_in_one_string_are_counted() -> None:
    assert [_statements("SELECT 1; SELECT 2"), _statements(["SELECT 1;", "SELECT 2"])] == [2, 1]
