"""Telephone numbers as they are compared: the digits alone, however they were written."""

import re

_ABROAD = re.compile(r"^(?:00|\+)?86(?=1[3-9]\d{9}$|0\d{9,11}$)")
# Digits as they are typed with a Chinese keyboard.
_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def plain_phone(text: str) -> str:
    """Give the digits of a number, without the country's code: "+86 138-1234-5678" is "13812345678"."""
    digits = re.sub(r"[^\d+]", "", text.translate(_WIDE))
    return _ABROAD.sub("", digits).lstrip("+")


def is_end_of_phone(text: str) -> bool:
    """Whether something typed can be the last digits of a number: the four that a mask shows."""
    return bool(re.fullmatch(r"\d{4}", text.translate(_WIDE)))


def is_phone(text: str) -> bool:
    """Whether something typed is written as a telephone number: digits and what people put between them, 7 to 13."""
    plain = plain_phone(text)
    return bool(re.fullmatch(r"[\d\s()（）+\-－０-９＋]+", text.strip())) and 7 <= len(plain) <= 13  # noqa: PLR2004
