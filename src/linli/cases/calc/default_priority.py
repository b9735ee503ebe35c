"""The weights that a new district starts with."""

from linli.cases.calc.priority import PriorityScheme

DEFAULT_PRIORITY = PriorityScheme(
    points={"danger": 10, "vulnerable": 15, "time_pressure": 8, "spread": 5, "repeats": 4, "key_place": 10},
    caps={"danger": 30, "vulnerable": 15, "time_pressure": 15, "spread": 20, "repeats": 10, "key_place": 10},
    words={
        "danger": (
            "着火",
            "冒烟",
            "触电",
            "漏电",
            "塌",
            "煤气味",
            "爆炸",
            "困人",
            "掉下来",
            "砸",
            "打火",
            "摔伤",
            "摔倒",
        ),
        "vulnerable": ("独居", "老人", "残疾", "孕妇", "孩子", "病人", "轮椅", "卧床", "婴儿"),
        "time_pressure": ("正在", "越来越", "马上", "一直", "快要", "又开始", "还在"),
        "spread": ("整栋", "全楼", "整个小区", "好几户", "几十户", "全小区", "整条街", "两栋", "三栋"),
        "key_place": ("学校", "幼儿园", "医院", "养老院", "消防通道", "路口", "公交站", "菜市场"),
    },
    bands=(25, 15),
    levels={"11": 1, "10": 2, "01": 3, "00": 4},
)
