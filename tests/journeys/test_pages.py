"""Every page, as whoever may see it: no barrier, nothing sideways, no foreign word, nothing that the policy forbids."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, expect
from tests.journeys import steps
from tests.journeys.conftest import Town
from tests.journeys.deeds import ABOVE, WATER
from tests.journeys.looking import NOT_ON_FAULTS, Windows, faults_of, faults_of_loading
from tests.journeys.steps import ADMIN, AT_BUILDING_12, LEADER, REVIEWS, SECRETARY, SECURITY, WORKER

pytestmark = pytest.mark.browser

_NOBODY = ""
BOOKS = ("categories", "workflow", "dispatch", "deadlines", "priority", "rates")
PAGES = [
    *((_NOBODY, path) for path in ("/", "/report/", "/follow/", "/board/", "/feedback/", "/desk/login/")),
    *((_NOBODY, path) for path in ("/privacy/", "/privacy/consent/210106/1/", "/verify/draw")),
    *(
        (WORKER, f"/desk/{path}")
        for path in ("", "done/", "mine/", "overdue/", "open/", "cases/", "cases/new/", "password/", "tokens/",
                     "views/")
    ),
    (WORKER, "/map/"),
    (WORKER, "/phone/"),
    (SECRETARY, "/desk/cases/import/"),
    *((SECRETARY, f"/desk/{path}") for path in ("verify/", "queue/", "registers/", "rules/", "data-requests/")),
    *((SECRETARY, f"/desk/{path}/") for path in ("recurring", "ahead", "visits", "visits/new")),
    *((SECRETARY, f"/desk/registers/{name}/") for name in ("cases", "closed", "verifications", "coverage", "holes")),
    *((SECRETARY, f"/desk/rules/{kind}/") for kind in BOOKS),
    *((LEADER, f"/cockpit/{path}?period=year") for path in ("", "rows/opened/", "rows/effective/")),
    (LEADER, "/cockpit/"),
    *((LEADER, f"/cockpit/rates/?kind=year&by={by}") for by in ("area", "organisation", "category", "period")),
    *((LEADER, f"/cockpit/due/?kind=year&by={by}") for by in ("area", "organisation", "category", "period")),
    *((LEADER, path) for path in ("/cockpit/due/rows/late/", "/cockpit/watched/?kind=year",
                                  *(f"/desk/{page}/?since=2020-01-01" for page in ("whistles", "returns")),
                                  "/desk/whistles/rows/calls/?since=2020-01-01")),
    (WATER, "/desk/called/"),
    (ABOVE, "/desk/disputes/"),
    (LEADER, "/cockpit/?wall=1"),
    *((ADMIN, f"/desk/rules/{kind}/edit/") for kind in BOOKS),
    (ADMIN, "/desk/rules/deadlines/ladder/"),
    *((LEADER, f"/desk/{path}/") for path in ("escalated", "held", "supervision")),
    (ADMIN, "/desk/registry/"),
    (ADMIN, "/desk/registry/areas/"),
    (ADMIN, "/desk/registry/areas/?q=新喜"),
    (ADMIN, f"/desk/registry/areas/{steps.COMMUNITY}/"),
    *((ADMIN, f"/desk/registry/areas/{steps.COMMUNITY}01/{kind}/")
      for kind in ("split", "merge", "move", "redraw", "add", "rename", "close")),
    ("tiexi.security", "/desk/registry/"),
    *((ADMIN, f"/desk/calendar/{path}") for path in ("", "edit/")),
    *((SECURITY, f"/desk/{path}") for path in ("people/", "people/vacancies/", "people/new/", "posts/new/")),
    *((SECURITY, f"/desk/{path}") for path in ("account/", "people/chart/", "people/roles/")),
    (WORKER, f"/desk/people/areas/{steps.COMMUNITY}/"),
    *((LEADER, f"/desk/people/coverage/{path}") for path in ("", "holes/", f"?area={steps.COMMUNITY}")),
    *((SECURITY, f"/desk/people/{path}") for path in ("coverage/", "elections/")),
    (SECURITY, f"/desk/people/elections/new/?area={steps.COMMUNITY}"),
    *((user, "/desk/people/coverage/functions/") for user in (ADMIN, WORKER)),
    (WORKER, "/desk/people/coverage/"),
    (LEADER, "/desk/cases/"),
    ("tiexi.auditor", "/desk/"),
    ("tiexi.auditor", "/desk/audit/"),
    ("tiexi.auditor", "/desk/retention/"),
    (ADMIN, "/desk/jobs/"),
    *((ADMIN, f"/desk/ways-out/{path}") for path in ("", "defaults/", "texts/", "systems/")),
    (WORKER, "/desk/notices/"),
    *((user, "/desk/alarms/") for user in (SECURITY, "tiexi.auditor")),
    (WORKER, "/desk/second-factor/"),
    (WORKER, "/desk/account/"),
    (ADMIN, "/desk/consent/"),
    *((REVIEWS, f"/desk/reviews/{path}") for path in ("", "programmes/new/")),
]  # fmt: skip
_NO_SUCH_CASE = f"/desk/cases/{UUID(int=7)}/"


@pytest.fixture(scope="module")
def windows(browser: Browser, town: Town) -> Iterator[Windows]:
    """Keep windows open for all pages."""
    opened = Windows(browser, town)
    yield opened
    opened.close()


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_page_has_no_barrier_no_jump_and_fits_screens_paper_and_fingers(windows: Windows, user: str, path: str) -> None:
    page = windows.open(user)
    answer, faults = faults_of_loading(page, path)
    assert answer is not None
    assert (answer.status, faults, windows.faults) == (200, [], [])
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_steps_of_a_report_have_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(here=AT_BUILDING_12)
    steps.write(page, "新喜小区12号楼楼顶漏雨，顶楼两家都湿了")
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("12号楼")
    found = {"where": faults_of(page)}
    steps.go_on(page)
    found["contact"] = faults_of(page)
    told = steps.send(page)
    found["done"] = faults_of(page)
    steps.follow(page, told)
    found["follow"] = faults_of(page)
    assert {step: faults for step, faults in found.items() if faults} == {}


def test_a_case_has_no_barrier_alone_or_beside_the_list(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区花坛里有碎玻璃")
    page = open_page(user=SECRETARY)
    steps.find_case(page, told.number)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = !each.name; })")
    alone = faults_of(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/desk/?q={told.number}")
    expect(page.locator("#detail .bar-top")).to_be_visible()
    assert (alone, faults_of(page)) == ([], [])


def test_a_person_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(user=SECURITY)
    page.goto("/desk/people/?q=网格员·新喜01")
    steps.turn(page, page.locator("main tbody a").first)
    person = page.url
    found = {"person": faults_of(page)}
    for name in ("absence/", "hand-over/", "rights/?area=210106003007"):
        page.goto(person + name)
        found[name] = faults_of(page)
    page.goto(person)
    steps.turn(page, page.locator("main a[href$='/end/']").first)
    found["end"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_a_programme_of_reviews_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(user=REVIEWS)
    page.goto("/desk/reviews/")
    steps.turn(page, page.locator("main tbody a").first)
    programme = page.url
    found = {"programme": faults_of(page)}
    for name in ("rules/", "policy/", "members/"):
        page.goto(programme + name)
        found[name] = faults_of(page)
    page.goto(programme)
    steps.turn(page, page.locator("main tbody a[href*='/draws/']").first)
    found["draw"] = faults_of(page)
    page.goto(programme)
    steps.turn(page, page.locator("main tbody a[href*='/sessions/']").first)
    found["session"] = faults_of(page)
    session = page.url
    steps.turn(page, page.locator("main a[href$='/clerk']"))
    found["clerk"] = faults_of(page)
    page.goto(session)
    steps.turn(page, page.locator("main a[href$='/said']"))
    found["said"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_a_month_that_was_held_has_no_barrier_in_the_hall_or_after_it(open_page: Callable[..., Page]) -> None:
    page = open_page(user=REVIEWS)
    page.goto("/desk/reviews/")
    steps.turn(page, page.locator("main tbody a", has_text="区月述月评"))
    page.goto(f"{page.url}?year={steps.last_month().year}")
    month = page.locator("main tbody tr", has_text="散会").first
    draw = month.locator("a[href*='/draws/']").first.get_attribute("href") or ""
    session = month.locator("a[href*='/sessions/']").first.get_attribute("href") or ""
    hall = session.replace("/desk/reviews/sessions/", "/hall/")
    page.goto(session)
    turn = page.locator("main tbody a[href*='/turns/']").first.get_attribute("href") or ""
    addresses = [session, turn, draw, draw.replace("/desk/reviews/draws/", "/hall/draw/") + "screen",
                 *(f"{hall}{name}" for name in ("screen", "order", "host", "jury", "paper", "juror"))]  # fmt: skip
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = faults_of(page)
    inspector = open_page(user="tiexi.discipline")
    inspector.goto(f"{session}unseal/")
    found["unseal"] = faults_of(inspector)
    inspector.goto("/desk/reviews/auditor-key/")
    found["key"] = faults_of(inspector)
    assert {part: faults for part, faults in found.items() if faults} == {}


def test_the_next_draw_has_no_barrier_before_it_is_thrown(open_page: Callable[..., Page]) -> None:
    page = open_page(user=REVIEWS)
    page.goto("/desk/reviews/")
    steps.turn(page, page.locator("main tbody a", has_text="街道月述月评"))
    steps.turn(page, page.locator("main tbody a[href*='/draws/']").last)
    draw = page.url
    found = {}
    for name in ("planned", "frozen"):
        page.goto(draw)
        if name == "frozen":
            steps.turn(page, page.locator("form[action$='/commit/'] button"))
        found[name] = faults_of(page)
        page.goto(draw.replace("/desk/reviews/draws/", "/hall/draw/") + "screen")
        found[f"{name} on the screen"] = faults_of(page)
    assert page.locator(".names .tickets").count() > 0
    assert {part: faults for part, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", [_NO_SUCH_CASE, "/nowhere/"])
def test_what_is_not_there_is_said_in_words(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(user=WORKER)
    answer = page.goto(path)
    assert answer is not None
    assert (answer.status, faults_of(page)) == (404, [])


def test_a_form_of_somebody_elses_browser_is_refused_in_words(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/follow/")
    page.context.clear_cookies()
    with page.expect_navigation() as turned:
        page.click(steps.PRIMARY)
    answer = turned.value
    assert answer is not None
    assert (answer.status, faults_of(page)) == (403, [])


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_fault_is_said_in_words(open_page: Callable[..., Page], name: str) -> None:
    page = open_page()
    page.route("**/fault/", lambda route: route.fulfill(content_type="text/html", body=render_to_string(name)))
    page.goto("/fault/")
    faults = [fault for fault in faults_of(page) if fault not in NOT_ON_FAULTS and "foreign words" not in fault]
    assert faults == []


def test_no_cookie_can_be_read_by_scripts(open_page: Callable[..., Page]) -> None:
    page = open_page(user=WORKER)
    page.goto("/desk/")
    with page.expect_response("**/display/"):
        page.click("button.fold")
    names = {each["name"] for each in page.context.cookies()}
    assert names >= {"sessionid", "linli_menu"}
    assert [each["name"] for each in page.context.cookies() if not each["httpOnly"]] == []
