import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connection

from linli.kernel.db.base import DatabaseWrapper, refuse_other_than_utf8


@pytest.mark.parametrize("character_type", ["C.UTF-8", "zh_CN.UTF-8", "zh_CN.utf8", "en_US.UTF8"])
def test_utf8_is_taken_in_each_spelling(character_type: str) -> None:
    assert refuse_other_than_utf8(character_type, "UTF8") is None


@pytest.mark.parametrize(
    ("character_type", "encoding"), [("C", "UTF8"), ("POSIX", "UTF8"), ("C", "SQL_ASCII"), ("zh_CN.gb18030", "EUC_CN")]
)
def test_character_type_other_than_utf8_is_refused(character_type: str, encoding: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"encoding {encoding} and character type {character_type}"):
        refuse_other_than_utf8(character_type, encoding)


def test_database_with_character_type_c_is_refused_on_connecting(db: None) -> None:
    name = f"{connection.settings_dict['NAME']}_c"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    other = DatabaseWrapper({**connection.settings_dict, "NAME": name}, alias="elsewhere")
    try:
        with pytest.raises(ImproperlyConfigured, match="character type C;"):
            other.ensure_connection()
    finally:
        other.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def test_older_server_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    other = DatabaseWrapper(connection.settings_dict, alias="elsewhere")
    monkeypatch.setattr(other, "pg_version", 14_00_19)

    with pytest.raises(NotSupportedError, match="15 or later is required"):
        other.check_database_version_supported()
