import pytest
from tests.factories.district import AT, ROLES, DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.actions.unmasking import PlainContact, Unmasked, unmask_case
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case
from linli.cases.queries.detail import get_case
from linli.kernel.crypto import decrypt
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.kernel.masking import masked_name, masked_phone
from linli.ledger.audit.models import AuditLine
from linli.registry.people.choices import Verb

CONTACT = Contact("王小明", "024-55550199")
MAY = {"grid_worker", "grid_head", "community_steward", "community_clerk", "community_secretary",
       "subdistrict_dispatcher", "subdistrict_secretary", "call_back_clerk", "district_dispatcher"}  # fmt: skip


def unmask(district: DemoDistrict, role: str, *, community: int = 1, reason: str = "回访") -> Unmasked:
    case = district.open_case_in(contact=CONTACT)
    return unmask_case(district_id="210106", case_id=case.id, reason=reason, source_ip="127.0.0.1", at=AT,
                       by=district.viewer(role, community=community))  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_contact_is_read_by_those_who_need_it_and_leaves_a_line(district: DemoDistrict, role: str) -> None:
    if role not in MAY:
        with pytest.raises((NotAllowed, NoSuchCase)):
            unmask(district, role)
        assert not AuditLine.objects.exists()
        return
    assert unmask(district, role) == Unmasked([PlainContact("王小明", "024-55550199")], "")
    line = AuditLine.objects.get()
    assert (line.kind, line.actor_id, line.data) == ("unmasked", district.viewer(role).person_id, {"reason": "回访"})


def test_contact_of_another_community_is_not_read(district: DemoDistrict) -> None:
    with pytest.raises(NoSuchCase):
        unmask(district, "community_secretary", community=2)


def test_reason_is_asked(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="reason_missing"):
        unmask(district, "grid_worker", reason=" ")

    assert not AuditLine.objects.exists()


def test_page_of_the_case_shows_masks_only(district: DemoDistrict) -> None:
    case = district.open_case_in(contact=CONTACT)
    detail = get_case(viewer=district.viewer("grid_worker"), case_id=case.id, at=AT)

    assert [(row.name, row.phone) for row in detail.contacts] == [("王*明", "024****0199")]
    assert "王小明" not in str(detail)
    assert "55550199" not in str(detail)


@pytest.mark.parametrize(
    ("name", "mask"), [("", ""), ("王", "*"), ("王明", "王*"), ("王小明", "王*明"), ("欧阳小明", "欧*明")]
)
def test_masked_name(name: str, mask: str) -> None:
    assert masked_name(name) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [("", ""), ("110", "***"), ("1234567", "*******"), ("12345678", "******78"), ("13812345678", "138****5678")],
)
def test_masked_phone(phone: str, mask: str) -> None:
    assert masked_phone(phone) == mask


HOME = "花园小区12号楼3单元501"


@pytest.mark.parametrize("role", ROLES)
def test_door_is_read_by_who_may_see_contacts_and_by_who_has_the_case(district: DemoDistrict, role: str) -> None:
    case = district.open_case_in(contact=CONTACT, address=HOME)
    viewer = district.viewer(role)
    asked = {"district_id": "210106", "case_id": case.id, "reason": "上门", "by": viewer, "source_ip": "::1", "at": AT}
    if role in MAY:
        assert unmask_case(**asked).address == HOME
        return
    with pytest.raises((NotAllowed, NoSuchCase)):
        unmask_case(**asked)
    Case.objects.update(post_id=viewer.posts[0].post_id)
    if viewer.posts_with(Verb.WORK_CASES):
        assert unmask_case(**asked) == Unmasked([], HOME)
    else:
        with pytest.raises(NotAllowed):
            unmask_case(**asked)


def test_door_stands_in_no_column_and_on_no_page_in_clear(district: DemoDistrict) -> None:
    case = district.open_case_in(text="家里没水", address=HOME)
    detail = get_case(viewer=district.viewer("grid_worker"), case_id=case.id, at=AT)

    assert (detail.row.place, detail.address) == ("花园小区12号楼", "花园小区12号楼****")
    assert "501" not in str([value for value in vars(Case.objects.get()).values() if isinstance(value, str)])
    assert decrypt(Case.objects.get().address, purpose="case.address") == HOME
