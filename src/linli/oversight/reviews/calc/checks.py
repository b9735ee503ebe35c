"""Whether a programme's rules can be run by; whether its rule of choosing can be kept is asked of the policies."""

from collections.abc import Callable, Sequence

from linli.kernel.errors import InvalidInput
from linli.oversight.reviews.calc.programme import ProgrammeRules

FULL_POINTS = 100
LONGEST_S, LONGEST_LATE_S = 3600, 60
_DAY_MIN, _DAYS, _MONTHS, _QUARTERS = 24 * 60, 31, 12, 4


def check_rules(rules: ProgrammeRules) -> None:
    """Refuse rules that can't be run by. Raises InvalidInput("review_rules") naming the field."""
    for field, is_sound in _CHECKS.items():
        if not is_sound(rules):
            raise InvalidInput("review_rules", field=field)


def _strata(rules: ProgrammeRules) -> bool:
    are_sized = all(each.take >= 1 and each.reserve >= 0 for each in rules.strata)
    return bool(rules.strata) and _differ([each.id for each in rules.strata]) and are_sized


def _parts(rules: ProgrammeRules) -> bool:
    points = [part.points for part in rules.parts]
    return _differ([part.id for part in rules.parts]) and min(points, default=0) >= 1 and sum(points) == FULL_POINTS


def _groups(rules: ProgrammeRules) -> bool:
    weights = [group.weight for group in rules.jury.groups]
    are_weighed = all(weight > 0 for weight in weights) or not any(weights)
    return bool(weights) and _differ([group.id for group in rules.jury.groups]) and are_weighed


def _trim(rules: ProgrammeRules) -> bool:
    return 0 <= rules.jury.trim_percent < FULL_POINTS // 2


def _quorum(rules: ProgrammeRules) -> bool:
    numerator, denominator = rules.jury.quorum
    return 0 < numerator <= denominator


def _times(rules: ProgrammeRules) -> bool:
    times = rules.times
    moments = [times.draw_min, *times.sessions_min]
    are_lengths = all(0 < each <= LONGEST_S for each in (times.talk_s, times.comment_s))
    are_in_order = len(moments) > 1 and moments == sorted(set(moments)) and 0 <= moments[0] <= moments[-1] < _DAY_MIN
    return are_lengths and 0 <= times.late_ballot_s <= LONGEST_LATE_S and are_in_order


def _day(rules: ProgrammeRules) -> bool:
    return 1 <= rules.times.day <= _DAYS


def _specials(rules: ProgrammeRules) -> bool:
    months = [special.month for special in rules.specials]
    return _differ(months) and all(1 <= month <= _MONTHS for month in months)


def _focuses(rules: ProgrammeRules) -> bool:
    return len(rules.focuses) == _QUARTERS


def _entropy(rules: ProgrammeRules) -> bool:
    return bool(rules.entropy) and _differ([item for item, _text in rules.entropy])


def _roles(rules: ProgrammeRules) -> bool:
    return bool(rules.presenter_roles)


def _differ(values: Sequence[object]) -> bool:
    return len(set(values)) == len(values)


_CHECKS: dict[str, Callable[[ProgrammeRules], bool]] = {
    "strata": _strata, "parts": _parts, "groups": _groups, "trim_percent": _trim, "quorum": _quorum,
    "times": _times, "day": _day, "specials": _specials, "focuses": _focuses, "entropy": _entropy,
    "presenter_roles": _roles,
}  # fmt: skip
