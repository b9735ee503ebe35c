"""Make the blind indexes of telephone numbers anew: they tell equal ends now. Batch by batch; what is done stays done."""

from uuid import UUID

from django.db import connection, migrations, transaction

from linli.kernel.crypto import blind_index, decrypt
from linli.kernel.phones import plain_phone

_BATCH, _PURPOSE = 2000, "reporter.phone"
_NEXT = """
SELECT id, phone FROM cases_reporter WHERE length(phone_index) = 16 AND id > %s ORDER BY id LIMIT %s FOR UPDATE"""


def index_anew(apps, schema_editor):
    after = UUID(int=0)
    while after is not None:
        after = _some(after)


@transaction.atomic
def _some(after):
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, _BATCH])
        rows = cursor.fetchall()
        cursor.executemany(
            "UPDATE cases_reporter SET phone_index = %s WHERE id = %s",
            [(blind_index(plain_phone(decrypt(phone, purpose=_PURPOSE)), purpose=_PURPOSE), row) for row, phone in rows],
        )
    return rows[-1][0] if rows else None


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("cases", "0023_reporters_news")]

    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop, elidable=True)]
