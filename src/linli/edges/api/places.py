"""Area codes in parameters."""

from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.territory.queries import get_area_by_code


def path_of_area(code: str, district_id: str) -> str:
    """Turn an area's code into its path; "" for none. 1 query. Raises InvalidInput for one of another district."""
    if not code:
        return ""
    try:
        area = get_area_by_code(code)
    except NotFound as error:
        raise InvalidInput("unknown_area", field="area") from error
    if area.district_id != district_id:
        raise InvalidInput("unknown_area", field="area")
    return area.path
