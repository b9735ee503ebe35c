"""Seal the places that people wrote; what lists show of them ends with the building.

Batch by batch, each a transaction of its own: stopped halfway, the next start goes on with what is left. How a place is
cut is written out here, since the room's own way may change.
"""

import re
from uuid import UUID

from django.db import connection, migrations, transaction

from linli.kernel.crypto import blind_words, encrypt
from linli.kernel.personal_words import hidden

_BATCH = 2000
_PURPOSE = "case.address"
_LONGEST_PLACE = 120
_BUILT = r"(?:号楼|[栋幢座]|号院|#楼?)"
_DASH = r"[-－—–]"
_DOOR = re.compile(
    r"[\d一二三四五六七八九十两东西南北中甲乙丙丁A-Za-z]{1,3}\s*单元"
    r"|[A-Za-z]?\d{1,5}\s*(?:室|户|号房|房间|房(?!\w))|[东西南北中左右]户"
    r"|[\d一二三四五六七八九十]{1,3}\s*门(?=\s*\d)"
    r"|(?<!\d)\d{1,2}\s*[楼层]\s*(?!\d+\s*(?:单元|门))(?=[\d东西南北中])"
    rf"|(?<=\d)\s*{_DASH}\s*\d{{1,4}}(?:\s*{_DASH}\s*\d{{1,5}})*(?!\d|\s*(?:[号米路街巷弄楼栋幢座#]))"
    + "".join(
        rf"|(?<={built})[\s,，、·/]*{_DASH}?\s*(?!\d+\s*{_BUILT})(?:\d|[一二三四五六七八九十]{{1,3}}[楼层门])"
        for built in ("号楼", "[栋幢座#]", "号院")
    )
)
_LOOSE = " \t,，、·/-－—–"
_RUN = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")
_NEXT = """
SELECT c.id, c.written, c.text, c.place, a.name FROM cases_case c
JOIN territory_area a ON a.id = c.area_id AND a.district_id = c.district_id
WHERE c.written <> '' AND c.id > %s ORDER BY c.id LIMIT %s FOR UPDATE OF c"""
_SEAL = """
UPDATE cases_case SET address = %s, written = '', place = %s, search = ts_delete(search, %s::text[]) || %s::tsvector
WHERE id = %s"""


def _cut(written):
    found = _DOOR.search(written)
    if found is None:
        return written.strip(), ""
    return written[: found.start()].strip(_LOOSE), written[found.start() :].strip(_LOOSE)


def _words(text):
    words = []
    for run in _RUN.findall(text.lower()):
        words += [run] if run[0] < "\u3400" or len(run) == 1 else [run[i : i + 2] for i in range(len(run))]
    return words


def _sealed(case_id, written, text, place, area):
    """Give a row's new values. Words of the door stay in clear only where the text or the building has them too."""
    building, door = _cut(written)
    shown = (hidden(building) or area)[:_LONGEST_PLACE]
    in_clear = set(_words(f"{text} {shown}"))
    words = _words(door)
    blind = " ".join(f"'{word}':{at}" for at, word in enumerate(blind_words(words, purpose=_PURPOSE), start=1))
    gone = [word for word in words if word not in in_clear]
    return encrypt(written, purpose=_PURPOSE), shown if place == written[:_LONGEST_PLACE] else place, gone, blind, case_id


def seal(apps, schema_editor):
    after = UUID(int=0)
    while after is not None:
        after = _seal_some(after)


@transaction.atomic
def _seal_some(after):
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, _BATCH])
        rows = cursor.fetchall()
        cursor.executemany(_SEAL, [_sealed(*row) for row in rows])
    return rows[-1][0] if rows else None


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("cases", "0014_address_apart"), ("territory", "0001_initial")]

    operations = [migrations.RunPython(seal, elidable=True)]
