"""Learning from closed cases: of which, when again, what is forgotten, and when nothing is suggested."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions import learning
from linli.cases.actions.learning import count_answer, learn_from_closed
from linli.cases.calc.learning import Model
from linli.cases.models import Case, LearnedModel
from linli.cases.queries import suggesting
from linli.cases.queries.suggesting import get_learned, suggest_categories

WATER, LIGHT = "三号楼水管爆裂漏水，电话13912345678", "路灯不亮，晚上看不见"
HOME = "210106"


@pytest.fixture
def taught(district: DemoDistrict, monkeypatch: pytest.MonkeyPatch) -> DemoDistrict:
    """Close ten cases each of two kinds, and let so few be enough."""
    monkeypatch.setattr(suggesting, "LEAST_CASES", 10)
    case = district.open_case_in("compound", text=WATER)
    Case.objects.filter(id=case.id).update(state="closed", closed_at=AT)
    copied = Case.objects.get(id=case.id)
    for n in range(19):
        copied.pk = copied.id = Case._meta.pk.get_default()  # type: ignore[union-attr]
        copied.number, copied._state.adding = f"10626-9{n:05d}", True
        copied.text, copied.category = (WATER, "water_burst") if n % 2 else (LIGHT, "streetlight")
        copied.save(force_insert=True)
    return district


def test_closed_cases_suggest_with_how_often_that_was_right(taught: DemoDistrict) -> None:
    assert learn_from_closed(district_id=HOME, at=AT) == 20

    found = suggest_categories(district_id=HOME, text="门口水管又漏水了")
    assert found is not None
    assert (found.codes, found.first_percent, found.tried) == (("water_burst", "streetlight"), 100, 4)
    assert suggest_categories(district_id=HOME, text="水") is None
    assert suggest_categories(district_id="210105", text="门口水管又漏水了") is None


def test_it_is_learned_anew_after_a_week_and_forgets_what_was_erased(taught: DemoDistrict) -> None:
    learn_from_closed(district_id=HOME, at=AT)
    Case.objects.filter(category="streetlight").update(text="")

    assert learn_from_closed(district_id=HOME, at=AT + timedelta(days=6)) == 0
    assert learn_from_closed(district_id=HOME, at=AT + timedelta(days=7)) == 10
    model = LearnedModel.objects.get()
    assert (model.made_at, model.categories) == (AT + timedelta(days=7), ["water_burst"])


def test_nothing_is_left_once_all_was_erased(taught: DemoDistrict) -> None:
    learn_from_closed(district_id=HOME, at=AT)
    Case.objects.update(text="")

    assert learn_from_closed(district_id=HOME, at=AT + timedelta(days=7)) == 0
    assert not LearnedModel.objects.exists()


def test_numbers_of_people_are_hidden_before_they_are_learned(
    taught: DemoDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    learn = learning.learn

    def watched(texts: Sequence[tuple[str, str]]) -> Model:
        seen.extend(text for text, _ in texts)
        return learn(texts)

    monkeypatch.setattr(learning, "learn", watched)
    learn_from_closed(district_id=HOME, at=AT)
    assert len(seen) == 20
    assert not any("13912345678" in text for text in seen)


def test_what_nobody_chose_or_is_still_open_teaches_nothing(taught: DemoDistrict) -> None:
    Case.objects.filter(category="streetlight").update(is_category_suggested=True)
    Case.objects.filter(category="water_burst").update(state="handling", closed_at=None)

    assert learn_from_closed(district_id=HOME, at=AT) == 0
    assert get_learned(HOME) is None


def test_too_few_or_too_often_wrong_suggests_nothing(taught: DemoDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    learn_from_closed(district_id=HOME, at=AT)
    monkeypatch.setattr(suggesting, "LEAST_CASES", 200)
    assert suggest_categories(district_id=HOME, text="门口水管又漏水了") is None
    monkeypatch.setattr(suggesting, "LEAST_CASES", 10)
    model = LearnedModel.objects.get()
    model.figures |= {"first": 1}
    model.save()
    learned = get_learned(HOME)
    assert learned is not None
    assert not learned.is_used
    assert suggest_categories(district_id=HOME, text="门口水管又漏水了") is None


def test_answers_are_counted_in_total_and_kept_with_the_next_model(taught: DemoDistrict) -> None:
    learn_from_closed(district_id=HOME, at=AT)
    for was_taken in (True, True, False):
        count_answer(district_id=HOME, was_taken=was_taken)
    learn_from_closed(district_id=HOME, at=AT + timedelta(days=8))

    learned = get_learned(HOME)
    assert learned is not None
    assert (learned.accepted, learned.declined) == (2, 1)


def test_suggestion_is_pressed_never_chosen_by_itself(taught: DemoDistrict, client: Client) -> None:
    learn_from_closed(district_id=HOME, at=timezone.now())
    signed_in = taught.login(client, "community_clerk")
    sent = {"text": "门口水管又漏水了", "key": "k1", "area": "210106003006"}

    shown = signed_in.post("/desk/cases/new/alike/", sent).content.decode()
    picked = signed_in.post("/desk/cases/new/", {**sent, "pick": "water_burst"}).content.decode()
    signed_in.post("/desk/cases/new/", {**sent, "learned": "water_burst", "category": "water_burst"})

    assert 'name="pick" value="water_burst"' in shown
    assert 'value="water_burst" selected' in picked
    assert "selected" not in shown
    assert LearnedModel.objects.values_list("accepted", "declined").get() == (1, 0)
    page = taught.login(Client(), "system_admin").get("/desk/learned/")
    assert (page.status_code, "100 %" in page.content.decode()) == (200, True)
    assert signed_in.get("/desk/learned/").status_code == 403


def test_how_well_cases_are_found_alike_is_measured_and_shown(taught: DemoDistrict, client: Client) -> None:
    learn_from_closed(district_id=HOME, at=timezone.now())
    learned = get_learned(HOME)
    assert learned is not None
    assert (learned.likest.tried, learned.likest.read) == (4, 16)
    assert learned.likest.right == learned.likest.told > learned.likest.by_chance > 0
    case = taught.open_case_in(text=WATER)
    said, page = "4 件后来的事项", f"/desk/cases/{case.id}/alike/"
    assert said in taught.login(Client(), "grid_worker").get(page).content.decode()
    assert "属于同一类别的" in taught.login(Client(), "system_admin").get("/desk/learned/").content.decode()
    LearnedModel.objects.update(figures={**LearnedModel.objects.get().figures, "likest": {}})
    assert said not in taught.login(client, "grid_worker").get(page).content.decode()


def test_whoever_asks_while_it_is_learned_anew_is_told_nothing(
    taught: DemoDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn_from_closed(district_id=HOME, at=AT)
    real = suggesting.current_rulebooks

    def meanwhile(district_id: str) -> object:
        learn_from_closed(district_id=HOME, at=AT, is_forced=True)
        return real(district_id)

    monkeypatch.setattr(suggesting, "current_rulebooks", meanwhile)
    assert suggest_categories(district_id=HOME, text="门口水管又漏水了") is None
