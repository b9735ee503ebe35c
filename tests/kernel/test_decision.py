import pytest

from linli.kernel.decision import Decision, allowed, denied
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed


def test_yes_and_no_are_true_and_false_and_say_why() -> None:
    yes, no = allowed("holds_it", role="网格员"), denied("outside_reach", verb="report")

    assert (bool(yes), yes) == (True, Decision(is_allowed=True, reason="holds_it", params={"role": "网格员"}))
    assert (bool(no), no) == (False, Decision(is_allowed=False, reason="outside_reach", params={"verb": "report"}))


def test_requiring_a_no_raises_its_reason() -> None:
    with pytest.raises(NotAllowed) as caught:
        denied("outside_reach", verb="report").require()

    assert (caught.value.code, caught.value.params) == ("outside_reach", {"verb": "report"})
    assert allowed("holds_it").require() is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LinliError("gone"), "gone"),
        (InvalidInput("too_long", field="text", params={"most": 5}), "too_long text most=5"),
        (Conflict("taken", params={"a": 1, "b": "x"}), "taken a=1, b=x"),
    ],
)
def test_error_spells_code_field_and_values(error: LinliError, said: str) -> None:
    assert str(error) == said
