"""An official document as plain values, and the measures of its layout.

Source: GB/T 9704-2012 as far as our notes give it: paper and margins, 22 lines of 28 characters, founts and sizes,
red head, number in six-sided brackets, date and page numbers in Arabic numerals without leading zeros.
"""

from dataclasses import dataclass
from datetime import date

# Millimetres: A4, 37 above, 28 at the binding side; with 26 and 35 the type area is 156 by 225.
PAGE_MM = (210, 297)
TOP_MM, LEFT_MM, RIGHT_MM, BOTTOM_MM = 37, 28, 26, 35
LINES, CHARACTERS = 22, 28
# 225 mm by 22 lines, in points; 156 mm by 28 characters leave 3号 (16 pt) and a hair between.
LINE_PT = 28.95
CHARACTER_PT = 156 / 25.4 * 72 / CHARACTERS
SIZE_2_PT, SIZE_3_PT, SIZE_4_PT = 22, 16, 14
HEAD_PT = 36
RULE_THICK_PT, RULE_THIN_PT = 0.35 / 25.4 * 72, 0.25 / 25.4 * 72
RED = "C00000"

SONG, FANG, HEI, KAI, PLAIN_SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. level: 1 一、in 黑体; 2 （一）in 楷体."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body, its first line indented by two characters."""

    text: str


Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A document of an office.

    head: on top in red; number: as `document_number` gives it; signer: whose name stands over the date;
    foot: lines at its end (who gets it, who printed it when); mark: above everything, "" for none (演示数据).
    """

    head: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    signer: str
    on: date
    foot: tuple[str, ...] = ()
    mark: str = ""


def say_date(day: date) -> str:
    """Write a date as official documents do: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def document_number(prefix: str, year: int, serial: int) -> str:
    """Write a document's number: 示例述纪〔2026〕3号."""
    return f"{prefix}〔{year}〕{serial}号"


_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Write 1 to 99 in Chinese: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
