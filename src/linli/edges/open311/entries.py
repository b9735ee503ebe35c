"""Services, requests and updates with the names that the specification gives their parts."""

from collections.abc import Mapping
from typing import Any

from linli.cases.calc.categories import Category
from linli.cases.choices import FINISHED
from linli.cases.queries.public import FollowedCase
from linli.cases.queries.public_requests import PublicRequest, PublicUpdate
from linli.edges.open311.writing import Entry, instant
from linli.edges.words.cases import say_state
from linli.registry.territory.calc.coordinates import wgs84_from_gcj02

# The wider statuses that the extension has; GeoReport itself knows open and closed alone.
_WIDER: Mapping[str, str] = {
    "reported": "open", "accepted": "investigating", "dispatched": "action_scheduled", "handling": "in_progress",
    "suspended": "investigating", "reported_back": "fixed", "verified": "fixed", "closed": "closed",
    "rejected": "no_further_action", "merged": "duplicate",
}  # fmt: skip


def service_entry(category: Category) -> Entry:
    """Tell of a category. No category asks for more than the report has, so there is no metadata."""
    return {
        "service_code": category.code, "service_name": category.name, "description": category.name,
        "metadata": False, "type": "realtime", "keywords": ", ".join(category.keywords), "group": category.group,
    }  # fmt: skip


def request_entry(row: PublicRequest, street: str) -> Entry:
    """Tell of a case to everybody: no words, no point, no holder. street: the subdistrict's name, "" for none told."""
    return _entry(
        number=row.number, state=row.state, code=row.category, name=row.category_name,
        requested=instant(row.reported_at), updated=instant(row.updated_at), expected=instant(row.due_at),
        address=street or None,
    )  # fmt: skip


def followed_entry(found: FollowedCase, name: str) -> Entry:
    """Tell of a case to whoever has its code: their words and place, numbers in them hidden as on the portal."""
    row = found.row
    last = max((step.at for step in found.steps), default=row.reported_at)
    notes = [step.note for step in found.steps if step.note]
    point = wgs84_from_gcj02(row.lng, row.lat) if row.lng is not None and row.lat is not None else None
    return _entry(
        number=row.number, state=row.state, code=row.category, name=name, requested=instant(row.reported_at),
        updated=instant(last), expected=instant(row.due_at), address=row.place or None,
        description=found.text, agency=row.organisation_name or None,
        notes="; ".join([say_state(row.state), *notes[-1:]]),
        lat=round(point[1], 6) if point else None, long=round(point[0], 6) if point else None,
    )  # fmt: skip


def update_entry(update: PublicUpdate) -> Entry:
    """Tell of a stage that a case came to."""
    return {
        "update_id": str(update.id), "service_request_id": update.number, "status": _WIDER.get(update.state, "open"),
        "updated_datetime": instant(update.at), "description": say_state(update.state), "media_url": None,
    }  # fmt: skip


def _entry(
    *, number: str, state: str, code: str, name: str, requested: str | None, updated: str | None,
    expected: str | None, address: str | None, description: str | None = None, agency: str | None = None,
    notes: str = "", lat: float | None = None, long: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "service_request_id": number, "status": "closed" if state in FINISHED else "open",
        "status_notes": notes or say_state(state), "service_name": name, "service_code": code,
        "description": description, "agency_responsible": agency, "service_notice": None,
        "requested_datetime": requested, "updated_datetime": updated, "expected_datetime": expected,
        "address": address, "address_id": None, "zipcode": None, "lat": lat, "long": long, "media_url": None,
    }  # fmt: skip
