"""draft-thomson-elegy-vrs against its published values."""

import pytest

from linli.oversight.reviews.calc.vrs import one_time_code, pseudorandom_key, rank_labels

SECRET = b"totally not a bikeshed"
RANDOMNESS = "1.2.3.4.5.6./1.2.3.4.5.6./1.2.3.4.5.6./"
# The colours of CSS, as the draft lists them.
COLOURS = """
aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
darkgoldenrod darkgray darkgreen darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred
darksalmon darkseagreen darkslateblue darkslategray darkturquoise darkviolet deeppink deepskyblue dimgray
dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green
greenyellow honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon
lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightpink lightsalmon lightseagreen
lightskyblue lightslategray lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine
mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise
mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange
orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
powderblue purple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver
skyblue slateblue slategray snow springgreen steelblue tan teal thistle tomato turquoise violet wheat white
whitesmoke yellow yellowgreen
""".split()  # noqa: SIM905 - as printed
NINTH = [
    ("002ed527ae0a44a86c205d1cdba61826951a2ffb53c13729c3762eea04e21676", "lavenderblush"),
    ("03f710be2b61a6f9c3f89aa5ab553b81abb5fc9817865ac29b5b62dcfbaf431f", "blue"),
    ("08bab81380d7f0769cecf9969a8d9c04ad9156dfe03a6d6d0ed777734620d0e5", "darkgoldenrod"),
    ("0c26494fa81f3aed8a9f66e77b73a1a9a2881762dee2e7f24858bfa8d78a5c4d", "mediumvioletred"),
    ("0e1af5d1ccfd44de075cc0bb6d5050d1c0d6bcf0a32fd51ce9406726ae4a90c2", "bisque"),
    ("13a07cc9abf3b737e49a62b0634ef0a5a9ac6ed481fba95284d930c73ecf20dd", "lightpink"),
]
EIGHTH = [
    ("00d1c59a9f1b581060a9e732e91bc477ef7d916e9eb18e53cffe816502fbdeda", "aqua"),
    ("02b514b0b1807bfe086db524f40962b2be272880c2bfeb55a7be136e8b5580a4", "darkgray"),
    ("0337add95eac62a356b020a273a749935aa777faa226d733f41594ec88d35885", "cornflowerblue"),
]


def test_one_time_codes_are_those_published() -> None:
    assert one_time_code(SECRET, 10).hex() == "950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488"
    assert one_time_code(SECRET, 9).hex() == "5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456"
    assert one_time_code(SECRET, 8).hex() == "2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce"


@pytest.mark.parametrize(("times", "key", "ranked"), [
    (9, "5fa96a4e4b50cbb87edd374566a03af5dd2372162b6a9ab88ab8e10f1dbb768b", NINTH),
    (8, "c0e47f556cf8f1012f63488d7c8ab3431aba52f0998ed6dd45f9cba92d832379", EIGHTH),
])  # fmt: skip
def test_labels_rank_as_published(times: int, key: str, ranked: list[tuple[str, str]]) -> None:
    code = one_time_code(SECRET, times)
    assert pseudorandom_key(code, RANDOMNESS).hex() == key
    assert rank_labels(code, RANDOMNESS, COLOURS)[: len(ranked)] == ranked
