"""Within how many working days a request about one's own data is answered."""

from linli.oversight.privacy.choices import MOST_WORK_DAYS
from linli.oversight.privacy.models import AnswerTime


def answer_work_days(district_id: str) -> int:
    """Tell a district's own time, else the most that may be. 1 query."""
    found = AnswerTime.objects.filter(district_id=district_id).order_by("-made_at", "-id")
    return found.values_list("work_days", flat=True).first() or MOST_WORK_DAYS
