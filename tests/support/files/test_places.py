"""Where pictures lie."""

from pathlib import PurePosixPath
from uuid import UUID

import pytest

from linli.support.files.calc.places import file_id_of, picture_place
from linli.support.files.choices import PictureSize

ID = UUID("01960000-0000-7000-8000-0000000000ab")


def test_place_is_made_of_district_and_id() -> None:
    places = [picture_place("210106", ID, "image/webp", size) for size in PictureSize]
    assert places == [PurePosixPath(f"210106/ab/{ID}.webp"), PurePosixPath(f"210106/ab/{ID}.thumbnail.webp"),
                      PurePosixPath(f"210106/ab/{ID}.covered.webp")]  # fmt: skip


@pytest.mark.parametrize("district", ["", "..", "21010", "2101061", "../../", "２１０１０６"])
def test_place_of_what_is_no_district_is_refused(district: str) -> None:
    with pytest.raises(ValueError, match="is no district's code"):
        picture_place(district, ID, "image/jpeg", PictureSize.FULL)


def test_place_of_a_type_that_is_not_kept_is_refused() -> None:
    with pytest.raises(ValueError, match="image/svg"):
        picture_place("210106", ID, "image/svg+xml", PictureSize.FULL)


@pytest.mark.parametrize("name", [f"{ID}.jpg", f"{ID}.thumbnail.webp", f".{ID}.jpg.part"])
def test_id_is_read_from_a_name(name: str) -> None:
    assert file_id_of(name) == ID


def test_other_names_hold_no_id() -> None:
    assert [file_id_of(name) for name in ("", "README", ".lost", "a.jpg")] == [None, None, None, None]
