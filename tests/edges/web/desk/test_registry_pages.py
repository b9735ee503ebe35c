"""The registry in the workbench: a file sent, compared, looked at, taken in once; written out with a trace."""

import io
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.district import COMMUNITY, GRID, HOME, DemoDistrict

from linli.ledger.audit.queries import list_lines
from linli.registry.people.models import Person, Post
from linli.registry.sheets.actions.importing import forget_imports, work_off
from linli.registry.sheets.models import SheetImport
from linli.registry.sheets.queries.importing import list_waiting
from linli.registry.territory.models import Compound

ADDRESS = "/desk/registry/"
HEAD = "小区编码,小区名称,小区类型,所属区域编码"
GOOD = f"{HEAD}\nyard-9,新小区,开放小区,{COMMUNITY[1]}\nyard-1,花园新苑,等级物业,{COMMUNITY[1]}\n"
BAD = f"{HEAD}\nyard-9,,开放小区,{COMMUNITY[1]}\nyard-8,大院,开放小区,{COMMUNITY[1]}\n"
PHONE = "024-00000088"


def send(client: Client, text: str | bytes, name: str = "小区.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post(f"{ADDRESS}import/", {"sheet": SimpleUploadedFile(name, data)})


def compared(client: Client, text: str | bytes, name: str = "小区.csv") -> str:
    """Send a file, let the worker look at it, and give its page's address."""
    address = send(client, text, name).headers["Location"]
    work(address)
    return str(address)


def work(address: str, *, at: datetime | None = None) -> None:
    import_id = UUID(address.rstrip("/").rpartition("/")[2])
    work_off(district_id=HOME, import_id=import_id, at=at or timezone.now())


def page_of(client: Client, address: str, **headers: Any) -> str:
    answer: HttpResponse = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def workbook(**sheets: list[tuple[str, ...]]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        for row in rows:
            (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    book.save(made)
    return made.getvalue()


STAFF = workbook(
    人员=[("人员编码", "姓名", "工作电话"), ("P900", "演示新人", PHONE)],
    岗位=[("人员编码", "角色", "组织编码", "负责区域编码", "任职日期"),
          ("P900", "网格员", "committee_1", GRID[1], "2026-11-01")],
)  # fmt: skip


def test_file_is_compared_by_the_worker_before_anything_is_written(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    address = send(signed_in, GOOD).headers["Location"]

    waiting = page_of(signed_in, address)
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="work_off_import")
    work(address)
    shown = page_of(signed_in, address)

    assert 'hx-trigger="every 1s"' in waiting
    assert job.args == {"district_id": HOME, "import_id": address.rstrip("/").rpartition("/")[2]}
    assert "every 1s" not in shown
    assert re.search(r"花园小区</del> → <ins>花园新苑", shown)
    assert Compound.objects.filter(code="yard-9").count() == 0


def test_part_of_the_page_is_what_polling_gets(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    address = send(signed_in, GOOD).headers["Location"]

    assert page_of(signed_in, address, hx_request="true").startswith('<div class="sheetful')


def test_confirmed_twice_it_is_taken_in_once(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    address = compared(signed_in, GOOD)

    answers = [signed_in.post(address, {"do": "take"}).status_code for _ in range(2)]
    work(address)
    work(address)

    assert answers == [302, 302]
    assert sorted(Compound.objects.filter(code__in=["yard-9", "yard-1"]).values_list("name", flat=True)) == [
        "新小区", "花园新苑",
    ]  # fmt: skip
    assert "已导入" in page_of(signed_in, address)
    kept = SheetImport.objects.get()
    assert (bytes(kept.contents), bytes(kept.report), kept.source_ip) == (b"", b"", "")
    [line] = list_lines(district_id=HOME).lines
    assert (line.kind, line.source_ip, line.data) == (
        "settings_changed", "127.0.0.1", {"compounds_new": 1, "compounds_changed": 1},
    )  # fmt: skip


def test_file_with_a_fault_cannot_be_taken_in_and_comes_back_to_be_mended(
    district: DemoDistrict, client: Client
) -> None:
    signed_in = district.login(client, "system_admin")
    address = compared(signed_in, BAD)

    shown = page_of(signed_in, address)
    refused = signed_in.post(address, {"do": "take"})
    returned = b"".join(signed_in.get(f"{address}faults.xlsx").streaming_content)

    assert ("小区名称：必填" in shown, 'value="take"' in shown, refused.status_code) == (True, False, 409)
    book = openpyxl.load_workbook(io.BytesIO(returned))
    book["小区"]["C3"].value = "补上名字"
    mended = io.BytesIO()
    book.save(mended)
    again = compared(signed_in, mended.getvalue(), "改好.xlsx")
    signed_in.post(again, {"do": "take"})
    work(again)
    assert set(Compound.objects.filter(code__in=["yard-8", "yard-9"]).values_list("name", flat=True)) == {
        "补上名字", "大院",
    }  # fmt: skip


def test_what_changed_meanwhile_is_shown_before_it_is_taken_in(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    address = compared(
        signed_in,
        f"{HEAD},上级小区编码\nyard-9,新小区,开放小区,{COMMUNITY[1]},yard-3\n",
    )
    signed_in.post(address, {"do": "take"})
    Compound.objects.filter(code="yard-3").delete()

    work(address)

    assert "yard-3" in page_of(signed_in, address)
    assert (SheetImport.objects.get().stage, Compound.objects.filter(code="yard-9").count()) == ("checked", 0)


def test_rights_lost_meanwhile_keep_the_file_out(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "security_admin")
    address = compared(signed_in, STAFF, "人员.xlsx")
    signed_in.post(address, {"do": "take"})
    held = Post.objects.filter(id=district.post_of("security_admin"))
    held.update(ends_on=timezone.localdate() - timedelta(days=1))

    work(address)

    assert Person.objects.filter(code="P900").count() == 0


def test_each_administrator_takes_in_what_is_theirs(district: DemoDistrict, client: Client) -> None:
    system, security = district.login(Client(), "system_admin"), district.login(client, "security_admin")

    theirs, ours = compared(system, STAFF), compared(security, STAFF)

    assert "人员、岗位" in page_of(system, theirs)
    shown = page_of(security, ours)
    assert ('value="take"' in shown, PHONE in shown) == (True, False)


def test_nobody_changes_their_own_posts(district: DemoDistrict, client: Client) -> None:
    code = Post.objects.get(id=district.post_of("security_admin")).person.code
    sent = workbook(岗位=[("人员编码", "角色", "组织编码", "负责区域编码", "任职日期"),
                        (code, "区领导", "call_centre", HOME, "2026-12-01")])  # fmt: skip
    signed_in = district.login(client, "security_admin")

    assert "这是您自己的岗位" in page_of(signed_in, compared(signed_in, sent, "岗位.xlsx"))


@pytest.mark.parametrize("path", ["", "faults.xlsx"])
def test_file_of_somebody_else_is_not_there(district: DemoDistrict, client: Client, path: str) -> None:
    address = compared(district.login(Client(), "system_admin"), BAD)
    other = district.login(client, "catalogue_keeper")

    assert other.get(f"{address}{path}").status_code == 404
    assert other.post(address, {"do": "drop"}).status_code == 404
    assert "小区.csv" not in page_of(other, ADDRESS)


def test_thrown_away_it_is_gone(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    address = compared(signed_in, GOOD)

    signed_in.post(address, {"do": "drop"})

    assert SheetImport.objects.count() == 0


def test_file_that_nobody_touched_for_a_week_is_wiped(district: DemoDistrict, client: Client) -> None:
    compared(district.login(client, "system_admin"), GOOD)
    at = timezone.now()

    kept = forget_imports(district_id=HOME, at=at + timedelta(days=6))
    assert (kept, forget_imports(district_id=HOME, at=at + timedelta(days=8))) == (0, 1)


def test_file_left_behind_by_a_stopped_worker_is_found_again(district: DemoDistrict, client: Client) -> None:
    address = send(district.login(client, "system_admin"), GOOD).headers["Location"]
    at = timezone.now()

    waiting = list_waiting(district_id=HOME, moved_before=at + timedelta(minutes=3))
    assert [str(each) for each in waiting] == [address.rstrip("/").rpartition("/")[2]]
    assert list_waiting(district_id=HOME, moved_before=at - timedelta(minutes=3)) == []


@pytest.mark.parametrize(("data", "name"), [
    (b"", "leer.xlsx"), (b"\x00\x01", "bild.xlsx"), ("甲,乙\n1,2\n".encode(), "别的.csv"),
])  # fmt: skip
def test_file_that_cannot_be_read_is_refused_in_words(
    district: DemoDistrict, client: Client, data: bytes, name: str
) -> None:
    answer = send(district.login(client, "system_admin"), data, name)

    assert (answer.status_code, 'id="sheet-error"' in answer.content.decode()) == (422, True)
    assert SheetImport.objects.count() == 0


def test_written_out_it_holds_what_the_viewer_may_handle_and_leaves_a_line(
    district: DemoDistrict, client: Client
) -> None:
    for role, titles in (("system_admin", ["区域", "小区", "楼栋", "组织"]), ("security_admin", ["人员", "岗位"])):
        answer = district.login(Client(), role).post(f"{ADDRESS}export/")
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        assert book.sheetnames == titles
    phones = {cell.value for cell in book["人员"]["C"]}
    assert "000-00000001" in phones
    assert [(line.kind, line.object_kind) for line in list_lines(district_id=HOME).lines] == [
        ("exported", "registry"), ("exported", "registry"),
    ]  # fmt: skip


def test_foreign_district_is_in_no_sheet(district: DemoDistrict, client: Client) -> None:
    answer = district.login(client, "system_admin").post(f"{ADDRESS}export/")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    codes = {str(cell.value) for title in ("区域", "组织") for cell in book[title]["A"]}
    assert (HOME in codes, "210105" in codes) == (True, False)
    assert not any("邻近" in str(cell.value) for cell in book["组织"]["B"])


@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "district_dispatcher", "auditor"])
def test_page_is_for_those_whose_posts_allow_it(district: DemoDistrict, client: Client, role: str) -> None:
    signed_in = district.login(client, role)

    assert [signed_in.get(f"{ADDRESS}{path}").status_code for path in ("", "template.xlsx")] == [403, 403]
    assert [signed_in.post(f"{ADDRESS}{path}").status_code for path in ("export/", "import/")] == [403, 403]
    assert ADDRESS not in signed_in.get("/desk/").content.decode()
