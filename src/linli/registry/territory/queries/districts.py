"""Which districts this installation serves."""

from linli.registry.territory.models import District


def served_districts() -> list[str]:
    """List the codes of the districts that people here look after; others are only drawn beside them. 1 query."""
    return list(District.objects.filter(is_served=True).order_by("code").values_list("code", flat=True))


def served_names() -> list[str]:
    """List the names of the districts that are served, by code. 1 query."""
    return list(District.objects.filter(is_served=True).order_by("code").values_list("name", flat=True))


def district_name(code: str) -> str:
    """Name a district; "" if unknown. 1 query."""
    return District.objects.filter(code=code).values_list("name", flat=True).first() or ""


def has_demo() -> bool:
    """Whether any district here is a demo. 1 query."""
    return District.objects.filter(is_demo=True).exists()
