"""What a notice outside tells of a draw: the check code of its frozen list."""

from collections.abc import Sequence
from uuid import UUID

from linli.oversight.reviews.models import Draw
from linli.support.notices.queries.subjects import Subject


def tell_of_draws(district_id: str, draw_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Tell of draws by their check code, 64 hexadecimal digits. 1 query."""
    rows = Draw.objects.filter(district_id=district_id, id__in=draw_ids).values_list("id", "commit_hash")
    return {draw_id: Subject(number=code, path=f"/desk/reviews/draws/{draw_id}/") for draw_id, code in rows}
