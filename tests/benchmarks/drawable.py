"""Who holds a draw, and which: read from the database of DATABASE_URL.

    python -m tests.benchmarks.drawable     prints one JSON object

host, second: cookies of two who type what was thrown; watcher: of somebody with a screen; draw: the next one planned
of the district's programme; open: draws that a broken run left begun.
"""

import json

from tests.benchmarks.samples import session_of

from linli.oversight.reviews.models import Draw
from linli.registry.people.models import Login

HOST, SECOND, WATCHER = "tiexi.reviews", "tiexi.discipline", "tiexi.leader"


def main() -> None:
    """Print all of it."""
    district = Login.objects.get(username=HOST).district_code
    ours = Draw.objects.filter(district_id=district, programme__code="district").order_by("planned_on", "number")
    print(json.dumps({
        "host": session_of(HOST), "second": session_of(SECOND), "watcher": session_of(WATCHER),
        "draw": str(ours.filter(state="planned").values_list("id", flat=True)[0]),
        "open": [str(each) for each in ours.filter(state__in=("committed", "locked")).values_list("id", flat=True)],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
