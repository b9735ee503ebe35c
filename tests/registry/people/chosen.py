"""Posts that reach chosen areas."""

from tests.factories.district import TODAY, DemoDistrict

from linli.kernel.ids import new_id
from linli.registry.people.models import PostArea, Role
from linli.registry.people.queries import viewer_of_person
from linli.registry.people.rules import Viewer


def reach_further(district: DemoDistrict, role: str, area_code: str, *, community: int = 1) -> Viewer:
    """Let the role reach chosen areas, and its holder's post one more; told twice is told once."""
    Role.objects.filter(code=role).update(reach="custom")
    post_id = district.post_of(role, community=community)
    PostArea.objects.get_or_create(
        district_id=district.id, post_id=post_id, area_id=district.areas[area_code], defaults={"id": new_id()}
    )
    person_id = district.viewer(role, community=community).person_id
    assert person_id is not None
    return viewer_of_person(district_id=district.id, person_id=person_id, on=TODAY)
