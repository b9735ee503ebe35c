"""What visits are called on the screen, and the sets that a new campaign begins with."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

TARGET_KINDS: Mapping[str, Any] = {
    "doors": gettext_lazy("doors of buildings"),
    "organisations": gettext_lazy("organisations"),
}
ORGANISATION_KINDS: Mapping[str, Any] = {
    "unit": gettext_lazy("units in the area"),
    "non_public": gettext_lazy("enterprises and associations that are not public"),
    "association": gettext_lazy("associations and chambers of commerce"),
    "property_company": gettext_lazy("property companies"),
    "owners_committee": gettext_lazy("owners' committees"),
    "residents_committee": gettext_lazy("residents' committees"),
    "team": gettext_lazy("service teams"),
}
# Name, what it is drawn from, kinds of organisation. Only a beginning: each campaign has its own.
USUAL_SETS: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (gettext_lazy("Households"), "doors", ()),
    (gettext_lazy("Units in the area"), "organisations", ("unit", "non_public")),
    (gettext_lazy("Other organisations"), "organisations", ("association", "property_company", "owners_committee")),
)
VISIT_FACTS: Mapping[str, Any] = {
    "visits.planned": gettext_lazy("visits planned"),
    "visits.visited": gettext_lazy("visit made"),
    "visits.ended": gettext_lazy("visits ended"),
    "visits.set_changed": gettext_lazy("set of visits changed"),
    "visits.set_redrawn": gettext_lazy("set of visits drawn again"),
    "visits.target_taken_out": gettext_lazy("taken out of the visits"),
    "visits.target_put_back": gettext_lazy("put back into the visits"),
}
