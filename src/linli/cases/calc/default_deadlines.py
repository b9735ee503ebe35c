"""The deadlines that a new district starts with."""

from linli.cases.calc.deadlines import ANY_CATEGORY, ANY_LEVEL, Allowance, DeadlineRule, DeadlineTable


def _rule(
    rule_id: str, category: str, level: int, response: tuple[int, str], solution: tuple[int, str]
) -> DeadlineRule:
    return DeadlineRule(
        rule_id, category, level, Allowance(response[1], response[0]), Allowance(solution[1], solution[0])
    )


DEFAULT_DEADLINES = DeadlineTable(
    amber_percent=20,
    rules=(
        _rule("T01", "gas", ANY_LEVEL, (1, "urgent_hour"), (4, "urgent_hour")),
        _rule("T02", "elevator", ANY_LEVEL, (1, "urgent_hour"), (8, "urgent_hour")),
        _rule("T03", "water_burst", 1, (1, "urgent_hour"), (8, "urgent_hour")),
        _rule("T04", "heating", ANY_LEVEL, (2, "urgent_hour"), (24, "urgent_hour")),
        _rule("T05", "advice", ANY_LEVEL, (1, "work_day"), (5, "work_day")),
        _rule("T06", "illegal_building", ANY_LEVEL, (1, "work_day"), (30, "natural_day")),
        _rule("T11", ANY_CATEGORY, 1, (2, "urgent_hour"), (24, "urgent_hour")),
        _rule("T12", ANY_CATEGORY, 2, (4, "work_hour"), (3, "work_day")),
        _rule("T13", ANY_CATEGORY, 3, (8, "work_hour"), (5, "work_day")),
        _rule("T14", ANY_CATEGORY, 4, (1, "work_day"), (10, "work_day")),
    ),
)
