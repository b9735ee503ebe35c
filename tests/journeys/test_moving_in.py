"""A district moves in from Excel alone: nothing there but the program, then areas, people and posts, then work."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.journeys.conftest import Town, environment_of, free_port, new_context, start_up, watch
from tests.journeys.steps import enter, set_up_app, turn

pytestmark = pytest.mark.browser

PASSWORD = "made-up-moving-in-2026"
_PATIENT_MS = 120_000  # the worker takes its time while the machine is busy


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Start everything without the demo."""
    data = tmp_path_factory.mktemp("empty")
    running = start_up(data, port=free_port(), options=("--no-demo",))
    try:
        yield Town(running.url, PASSWORD, data)
    finally:
        running.stop()


def linli(town: Town, *arguments: str | Path) -> str:
    program = Path(sys.executable).with_name("linli")
    done = subprocess.run(  # noqa: S603 - our own command
        [program, "registry", *map(str, arguments)],
        env=environment_of(town.data), check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def filled(target: Path, rows: dict[str, list[tuple[str, ...]]]) -> Path:
    """Write rows below what stands in the template."""
    book = openpyxl.load_workbook(target)
    for title, several in rows.items():
        for row in several:
            book[title].append(row)
    book.save(target)
    return target


def administrators(code: str) -> dict[str, list[tuple[str, ...]]]:
    """Those without whom nobody can go on: one for places, one for rights."""
    return {
        "组织": [("zhzx", "区指挥中心", "部门", code)],
        "人员": [("G1", "演示系统管理员"), ("G2", "演示安全管理员")],
        "岗位": [("G1", "系统管理员", "zhzx", code, "2026-01-01"), ("G2", "安全管理员", "zhzx", code, "2026-01-01")],
    }  # fmt: skip


def everything(code: str) -> dict[str, list[tuple[str, ...]]]:
    """Write down a street, a community, a grid, an estate; a clerk and a grid worker."""
    street, community, grid = f"{code}001", f"{code}001001", f"{code}00100101"
    return {
        "区域": [(street, "一街道", "街道", code), (community, "一社区", "社区", street, "社区"),
                (grid, "一网格", "网格", community)],
        "小区": [("XQ1", "一号小区", "等级物业", community, "", "300")],
        "楼栋": [(f"{community}00001", "1号楼", grid, "XQ1", "123.4", "41.8", "", "60")],
        "组织": [("jwh", "一社区居委会", "居委会", community)],
        "人员": [("W1", "演示网格员", "024-00000001"), ("W2", "演示社区干部", "024-00000002")],
        "岗位": [("W1", "网格员", "jwh", grid, "2026-01-01"), ("W2", "社区干部", "jwh", community, "2026-01-01")],
    }  # fmt: skip


class Desk:
    """Windows of people at work in one district."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser, self._town = browser, town
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def sign_in(self, username: str, code: str) -> Page:
        """Sign in with the password that was given, and choose one of one's own as one has to."""
        context = new_context(self._browser, self._town.url, viewport={"width": 1280, "height": 800})
        self._contexts.append(context)
        page = context.new_page()
        watch(page, self._town.url, self.faults)
        page.goto("/desk/login/")
        page.fill("#username", username)
        page.fill("#password", code)
        enter(page)
        assert page.url.endswith("/password/")
        page.fill("#old", code)
        page.fill("#new", PASSWORD)
        page.fill("#again", PASSWORD)
        enter(page)
        assert "/password/" not in page.url
        if "/second-factor/" in page.url:
            set_up_app(page, PASSWORD)
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def desk(browser: Browser, empty: Town) -> Iterator[Desk]:
    opened = Desk(browser, empty)
    yield opened
    opened.close()
    assert opened.faults == []


def send(page: Page, workbook: Path) -> None:
    page.goto("/desk/registry/")
    page.set_input_files("#sheet", workbook)
    turn(page, page.get_by_role("button", name="先看会怎么变"))
    assert "/imports/" in page.url
    expect(page.get_by_role("button", name="不要了")).to_be_visible(timeout=_PATIENT_MS)


def take_in(page: Page) -> None:
    turn(page, "button[value=take]")
    expect(page.get_by_text("已导入，全部生效")).to_be_visible(timeout=_PATIENT_MS)


def test_a_district_moves_in_from_excel_alone(desk: Desk, empty: Town, tmp_path: Path) -> None:
    code = "210107"
    book, first = tmp_path / "moving-in.xlsx", tmp_path / "first.xlsx"
    linli(empty, "found", code, "示例区")
    linli(empty, "template", first)
    linli(empty, "import", filled(first, administrators(code)), "--district", code)
    passwords = {who: linli(empty, "login", who, f"{who}-{code}", "--district", code) for who in ("G1", "G2")}

    # The system administrator takes the template from the page, and brings in places and organisations.
    system = desk.sign_in(f"G1-{code}", passwords["G1"])
    expect(system.get_by_role("heading", name="恢复码")).to_be_visible()
    linli(empty, "template", book)
    rows = everything(code)
    wrong = filled(book, rows | {"小区": [("XQ1", "", "等级物业", f"{code}001001")]})
    send(system, wrong)
    expect(system.get_by_text("小区名称：必填")).to_be_visible()
    with system.expect_download() as download:
        system.get_by_role("link", name="下载要改的文件").click()
    mended = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))
    mended["小区"].cell(3, 3).value = "一号小区"
    mended.save(book)
    send(system, book)
    expect(system.get_by_text("没有读：人员、岗位")).to_be_visible()
    take_in(system)

    # The security administrator sends the same file for people and posts.
    security = desk.sign_in(f"G2-{code}", passwords["G2"])
    send(security, book)
    take_in(security)
    send(security, book)
    expect(security.get_by_text("一模一样，不用导入")).to_be_visible()

    # A clerk writes down a case for the grid; it is with the grid worker.
    passwords |= {who: linli(empty, "login", who, f"{who}-{code}", "--district", code) for who in ("W1", "W2")}
    clerk = desk.sign_in(f"W2-{code}", passwords["W2"])
    cases = tmp_path / "cases.csv"
    cases.write_text(f"反映内容,社区或网格\n老人无人照看，想请人上门看看,{code}00100101\n")
    clerk.goto("/desk/cases/import/")
    clerk.set_input_files("#sheet", cases)
    turn(clerk, ".go .btn.primary")
    expect(clerk.get_by_role("table")).to_contain_text("网格员")
    turn(clerk, "button[value=take]")
    expect(clerk.get_by_role("status").first).to_contain_text("1")
    worker = desk.sign_in(f"W1-{code}", passwords["W1"])
    worker.goto("/desk/")
    expect(worker.locator("main")).to_contain_text("老人无人照看，想请人上门看看")
