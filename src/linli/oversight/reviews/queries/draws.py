"""Draws: as staff of the district see one, and what is published of all of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel.errors import NotFound
from linli.oversight.reviews.calc.commits import confirmed, speaking_order
from linli.oversight.reviews.calc.drawing import SM3
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.calc.records import digest_of, has_sm3
from linli.oversight.reviews.choices import DrawState, RecordKind
from linli.oversight.reviews.models import Draw, DrawRecord, EntropyEntry, Excuse, ProgrammeBook
from linli.oversight.reviews.models import Member as MemberOf
from linli.oversight.reviews.queries.leaves import list_leaves
from linli.oversight.reviews.queries.qualifying import ASKS_WHO_MAY, QualifyRow, list_who_may
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews, may_witness_draws
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class PoolRow:
    """An organisation on a draw's list.

    excused, approver: "" for who has tickets; rank: within its stratum, 0 for who is not drawn. deputy: a leave's
    reason, "" where the secretary reports.
    """

    code: str
    name: str
    tickets: int
    is_due: bool
    excused: str
    approver: str
    rank: int
    deputy: str


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A leave approved for a draw: whose, why as a code, who approved it, and who reports instead."""

    code: str
    organisation: str
    reason: str
    approver: str
    deputy: str


@dataclass(frozen=True, slots=True)
class StratumPart:
    """A stratum of a draw. drawn: in rank order; reserve: likewise; both empty before the result."""

    id: str
    name: str
    take: int
    floor: int
    pool: tuple[PoolRow, ...]
    drawn: tuple[PoolRow, ...]
    reserve: tuple[PoolRow, ...]


@dataclass(frozen=True, slots=True)
class ThrowPart:
    """What is thrown, and how far its typing is. typed: by how many in a row alike, 0 to 2; value: once confirmed."""

    item: str
    text: str
    typed: int
    value: str


@dataclass(frozen=True, slots=True)
class DrawPage:
    """A draw with its list. strata: by the newest members before the commit, without tickets then.

    commit_sm3: the commit's digest by SM3 beside it, "" before it or where this machine has none.
    leaves, who_may: with names, for who runs it; none for others. who_may: of a special session not committed yet.
    """

    id: UUID
    code: str
    programme_id: UUID
    programme: str
    year: int
    month: int
    occasion: str
    state: str
    commit_hash: str
    commit_sm3: str
    committed_at: datetime | None
    seed: str
    strata: tuple[StratumPart, ...]
    throws: tuple[ThrowPart, ...]
    record_id: str
    next_id: UUID | None
    may_run: bool
    may_witness: bool
    leaves: tuple[LeaveRow, ...]
    who_may: tuple[QualifyRow, ...]

    @property
    def can_be_void(self) -> bool:
        """Whether it was begun and counts."""
        return self.state in {DrawState.COMMITTED, DrawState.LOCKED, DrawState.DRAWN}

    @property
    def take(self) -> int:
        """Count how many are drawn in all."""
        return sum(each.take for each in self.strata)

    @property
    def size(self) -> int:
        """Count how many are on the list."""
        return sum(len(each.pool) for each in self.strata)


@dataclass(frozen=True, slots=True)
class PublishedDraw:
    """A finished draw as anybody may list it.

    drawn: names in the order of speaking; row_id, made_at: where a next page begins.
    """

    id: UUID
    code: str
    programme: str
    level: str
    drawn_at: datetime
    commit_hash: str
    record_id: str
    drawn: tuple[str, ...]
    row_id: UUID
    made_at: datetime


def get_draw(*, viewer: Viewer, draw_id: UUID) -> DrawPage:
    """Read a draw for whoever serves in the district. 5 queries, two more before the commit. Raises NotFound."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    found = Draw.objects.filter(district_id=viewer.district_id, id=draw_id)
    draw = found.select_related("programme__organisation__area").first()
    if draw is None:
        raise NotFound("no_such_draw")
    area_path = draw.programme.organisation.area.path
    may_run = may_run_reviews(viewer, district_id=viewer.district_id, area_path=area_path)
    may_witness = may_witness_draws(viewer, district_id=viewer.district_id, area_path=area_path)
    last = draw.records.filter(district_id=draw.district_id, kind=RecordKind.DRAW.value).first()
    after = Draw.objects.filter(
        district_id=draw.district_id, programme_id=draw.programme_id, year=draw.year, month=draw.month,
        number=draw.number + 1,
    )  # fmt: skip
    leaves = _leaves(draw)
    asks = may_run and draw.occasion in ASKS_WHO_MAY and draw.state == DrawState.PLANNED.value
    return DrawPage(
        draw.id, draw.code, draw.programme_id, draw.programme.name, draw.year, draw.month, draw.occasion, draw.state,
        draw.commit_hash, _sm3_of(draw), draw.committed_at, draw.seed, _strata(draw, leaves), _throws(draw),
        last.record_id if last else "", after.values_list("id", flat=True).first(), bool(may_run),
        bool(may_witness), leaves if may_run else (), tuple(list_who_may(draw)) if asks else (),
    )  # fmt: skip


def _sm3_of(draw: Draw) -> str:
    return digest_of(draw.commit, hash_name=SM3) if draw.commit_hash and has_sm3() else ""


def mark_of_draw(*, viewer: Viewer, draw_id: UUID) -> str:
    """Give a word that is another one after each step of a draw and each throw typed. 2 queries. Raises NotFound."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    found = Draw.objects.filter(district_id=viewer.district_id, id=draw_id)
    revision = found.values_list("revision", flat=True).first()
    if revision is None:
        raise NotFound("no_such_draw")
    typed = EntropyEntry.objects.filter(district_id=viewer.district_id, draw_id=draw_id).count()
    return f"{revision}.{typed}"


def find_member(*, viewer: Viewer, draw_id: UUID, code: str) -> UUID:
    """Find an organisation of a draw's programme by its code, or by its name. 1 query. Raises NotFound."""
    members = MemberOf.objects.filter(
        district_id=viewer.district_id, programme__draws=draw_id, ends_on__isnull=True, organisation__code=code
    )
    found = members.values_list("organisation_id", flat=True).first()
    if found is None:
        raise NotFound("no_such_organisation", field="organisation")
    return found


def list_published_draws(
    *, viewer: Viewer, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[PublishedDraw]:
    """List finished draws, newest first, that this viewer may see; before: where the page before ended. 1 query.

    Those of public programmes are everybody's; others are seen by whoever serves in their district.
    """
    found = _published(viewer).select_related("draw__programme")
    if before:
        made_at, row_id = before
        found = found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, id__lt=row_id))
    return [_published_row(row) for row in found.order_by("-made_at", "-id")[:limit]]


def get_record_bytes(*, viewer: Viewer, draw_id: UUID) -> bytes:
    """Give a draw's record byte for byte as it was hashed. 1 query. Raises NotFound where this viewer sees none."""
    found = _published(viewer).filter(draw_id=draw_id)
    body = found.order_by("id").values_list("body", flat=True).first()
    if body is None:
        raise NotFound("no_such_draw")
    return body.encode()


def _published(viewer: Viewer) -> "QuerySet[DrawRecord]":
    """Find the records of draws that were held, those made void since among them: the chain shows all."""
    seen = Q(programme__is_public=True)
    if viewer.is_known and may_see_reviews(viewer, district_id=viewer.district_id):
        seen |= Q(district_id=viewer.district_id)
    return DrawRecord.objects.filter(seen, kind=RecordKind.DRAW.value)


def _published_row(row: DrawRecord) -> PublishedDraw:
    draw = row.draw
    names = {each["id"]: each["name"] for each in draw.commit["pool"]}
    return PublishedDraw(
        draw.id, draw.code, draw.programme.name, draw.programme.level, draw.revealed_at or row.made_at,
        draw.commit_hash, row.record_id, tuple(names[code] for code in speaking_order(draw.commit, draw.result)),
        row.id, row.made_at,
    )  # fmt: skip


def _leaves(draw: Draw) -> tuple[LeaveRow, ...]:
    """List the leaves of a draw by the organisation's code. 1 query."""
    return tuple(
        LeaveRow(leave.organisation.code, leave.organisation.name, leave.reason, leave.approver, leave.deputy.name)
        for leave in list_leaves(draw) if leave.deputy
    )  # fmt: skip


def _strata(draw: Draw, leaves: tuple[LeaveRow, ...]) -> tuple[StratumPart, ...]:
    if not draw.commit:
        return _planned(draw, leaves)
    parts = []
    for stratum in draw.commit["strata"]:
        result = draw.result.get(stratum["id"], {"drawn": [], "reserve": []})
        ranks = {code: rank for rank, code in enumerate(result["drawn"], start=1)}
        pool = tuple(
            PoolRow(row["id"], row["name"], row["tickets"], row["due"],
                    row.get("excused", ""),
                    row.get("approver", ""), ranks.get(row["id"], 0), row.get("deputy", ""))
            for row in draw.commit["pool"] if row["stratum"] == stratum["id"]
        )  # fmt: skip
        by_code = {row.code: row for row in pool}
        parts.append(
            StratumPart(stratum["id"], stratum["name"], stratum["take"], stratum["floor"], pool,
                        tuple(by_code[code] for code in result["drawn"]),
                        tuple(by_code[code] for code in result["reserve"]))
        )  # fmt: skip
    return tuple(parts)


def _planned(draw: Draw, leaves: tuple[LeaveRow, ...]) -> tuple[StratumPart, ...]:
    """List who could be drawn if it were committed now. 3 queries."""
    book = ProgrammeBook.objects.filter(district_id=draw.district_id, programme_id=draw.programme_id)
    rules = read_rules(book.order_by("-number")[:1].get().content)
    excused = {
        code: (reason, approver)
        for code, reason, approver in Excuse.objects.filter(district_id=draw.district_id, draw=draw).values_list(
            "organisation__code", "reason", "approver"
        )
    }
    members = MemberOf.objects.filter(
        district_id=draw.district_id, programme_id=draw.programme_id, ends_on__isnull=True
    ).order_by("stratum", "organisation__code")
    deputies = {leave.code: leave.reason for leave in leaves}
    pools: dict[str, list[PoolRow]] = {}
    columns = ("organisation__code", "organisation__name", "stratum")
    for code, name, stratum in members.values_list(*columns):
        reason, approver = excused.get(code, ("", ""))
        row = PoolRow(code, name, 0, is_due=False, excused=reason, approver=approver, rank=0,
                      deputy=deputies.get(code, ""))  # fmt: skip
        pools.setdefault(stratum, []).append(row)
    return tuple(
        StratumPart(each.id, each.name, each.take, 0, tuple(pools.get(each.id, ())), (), ()) for each in rules.strata
    )


def _throws(draw: Draw) -> tuple[ThrowPart, ...]:
    typed: dict[str, list[tuple[str, object]]] = {}
    for entry in draw.entropy.filter(district_id=draw.district_id).order_by("take"):
        typed.setdefault(entry.item, []).append((entry.value, entry.typed_by))
    return tuple(
        ThrowPart(each["id"], each["text"], _alike(typed.get(each["id"], [])), confirmed(typed.get(each["id"], [])))
        for each in draw.commit.get("entropy_plan", ())
    )


def _alike(entries: list[tuple[str, object]]) -> int:
    return 2 if confirmed(entries) else min(1, len(entries))
