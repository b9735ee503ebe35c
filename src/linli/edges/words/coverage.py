"""Who covers what, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.registry.coverage.calc.covering import Tally
from linli.registry.coverage.queries import Responsible

PLACE_KINDS: Mapping[str, Any] = {
    "compound": gettext_lazy("compound"),
    "single_building": gettext_lazy("single building"),
    "village": gettext_lazy("village"),
}


def say_share(tally: Tally) -> str:
    """Write a share: 99.8 %, rounded down; a dash where nothing is needed."""
    return "—" if tally.tenths is None else f"{tally.tenths // 10}.{tally.tenths % 10}%"


def say_responsible(found: Iterable[Responsible]) -> str:
    """Name who is responsible: 演示01（网格员，由演示02代理）, one after the other; "" for nobody."""
    return _(", ").join(_say_one(one) for one in found)


def say_names(found: Iterable[Responsible]) -> str:
    """Name who is responsible by name alone, nobody twice, for where there is little room; "" for nobody."""
    return _(", ").join(dict.fromkeys(_unbroken(one.deputy or one.name) for one in found))


def _unbroken(name: str) -> str:
    """Keep a line from ending within a name: word joiners around its dot."""
    return name.replace("·", "\u2060·\u2060")


def _say_one(one: Responsible) -> str:
    said = {"name": one.name, "role": one.role_name, "deputy": one.deputy}
    if one.deputy:
        return _("%(name)s (%(role)s; %(deputy)s stands in)") % said
    return _("%(name)s (%(role)s)") % said
