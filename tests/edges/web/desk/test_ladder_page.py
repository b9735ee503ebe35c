"""The dry run of the ladder, and its rules in the form of the deadlines."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.choices import RulebookKind
from linli.cases.models import CaseRung, CaseStep
from linli.cases.queries.rulebooks import current_rulebooks, rulebook_content
from linli.edges.cli.ladder import ladder
from linli.edges.web.desk.rule_rows import rows_of, settings_of

pytestmark = pytest.mark.usefixtures("contexts")

PAGE = "/desk/rules/deadlines/ladder/"


def form_of(district: DemoDistrict, **changed: str) -> dict[str, str | list[str]]:
    number, content = rulebook_content(district_id=district.id, kind=RulebookKind.DEADLINES)
    rows = rows_of(RulebookKind.DEADLINES, content)
    form: dict[str, str | list[str]] = {
        f"{place}-{name}": list(values) for place, row in enumerate(rows) for name, values in row.items()
    }
    form |= {name: values[0] for name, values in settings_of(RulebookKind.DEADLINES, content).items()}
    return form | {"row": [str(place) for place in range(len(rows))], "follows": str(number), "do": "look",
                   "reason": "试一试"} | changed  # fmt: skip


def test_the_page_says_who_would_be_told(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in(at=timezone.now() - timedelta(days=20))
    signed_in = district.login(client, "catalogue_keeper")

    answer = signed_in.get(PAGE, {"days": "0"})

    named = [row.role_name for _url, _number, title, _words, _when, row, _up in answer.context["rows"] if title]
    assert (case.title in answer.content.decode(), named[-1]) == (True, "区指挥中心派遣员")
    assert (CaseRung.objects.count(), CaseStep.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"warn_percents": "80、50"}, "一个比一个大"),
        ({"warn_percents": "半"}, "一个比一个大"),
        ({"leader_role": "king"}, "最后告知谁"),
        ({"days": "90"}, "31"),
    ],
)
def test_rules_that_make_no_sense_are_refused_in_words(
    district: DemoDistrict, client: Client, asked: dict[str, str], said: str
) -> None:
    answer = district.login(client, "catalogue_keeper").get(PAGE, asked)

    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_the_page_is_for_who_may_edit_the_rules(district: DemoDistrict, client: Client) -> None:
    assert district.login(client, "community_secretary").get(PAGE).status_code == 403


def test_the_ladder_is_changed_by_the_form_of_the_deadlines(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    form = form_of(district, warn_percents="60、90", up_after_hours="0，12", quiet_from="22")

    seen = signed_in.post("/desk/rules/deadlines/edit/", form).context
    sent = {name: str(seen[name]) for name in ("content", "seen", "reason", "follows")} | {"do": "publish"}
    answer = signed_in.post("/desk/rules/deadlines/edit/", sent)

    table = current_rulebooks(district.id).deadlines
    assert answer.status_code == 302
    assert (table.warn_percents, table.up_after_hours, table.quiet_from) == ((60, 90), (0, 12), 22)
    assert "60" in " ".join(now for _was, now in seen["settings"])


def test_a_document_from_before_the_ladder_is_not_another_one(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = signed_in.post("/desk/rules/deadlines/edit/", form_of(district))

    assert "没有任何改动" in answer.content.decode() or answer.status_code == 422


def test_the_command_tells_and_writes_nothing(district: DemoDistrict) -> None:
    case = district.open_case_in(at=timezone.now() - timedelta(days=20))

    done = CliRunner().invoke(ladder, ["--as", "catalogue_keeper", "--days", "30"])

    assert done.exit_code == 0, done.output
    assert (case.number in done.output, "nothing was written" in done.output) == (True, True)
    assert CaseRung.objects.count() == 0
