"""The discipline office's own key: which one lists are sealed to, since when."""

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.sealed_box import fingerprint_of
from linli.oversight.reviews.models import AuditorKey
from linli.oversight.reviews.rules import may_unseal_ballots
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class AuditorKeyRow:
    """A registered key. number: from 1, the highest counts."""

    number: int
    fingerprint: str
    registrar: str
    registered_at: datetime


def newest_key(district_id: str) -> AuditorKey | None:
    """Give the key that lists are sealed to now. 1 query."""
    return AuditorKey.objects.filter(district_id=district_id).order_by("-number").first()


def list_auditor_keys(*, viewer: Viewer) -> list[AuditorKeyRow]:
    """List the keys, newest first, for who may open lists. 2 queries. Raises NotAllowed."""
    may_unseal_ballots(viewer, district_id=viewer.district_id).require()
    keys = list(AuditorKey.objects.filter(district_id=viewer.district_id).order_by("-number"))
    names = names_of(district_id=viewer.district_id, person_ids=[key.registered_by for key in keys])
    return [
        AuditorKeyRow(
            key.number, fingerprint_of(bytes(key.public)), names.get(key.registered_by, ""), key.registered_at
        )
        for key in keys
    ]
