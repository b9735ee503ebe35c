"""What is packed on the way: pages that were asked for, never what answers a form."""

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("district")


def test_page_is_packed_for_browsers_that_take_it() -> None:
    plain = Client().get("/follow/")
    packed = Client().get("/follow/", headers={"Accept-Encoding": "gzip, br"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert 2 * len(packed.content) < len(plain.content)
    assert gzip.decompress(packed.content).decode().startswith("<!doctype html>")


def test_answer_to_a_form_is_never_packed() -> None:
    answer = Client().post("/report/", {"step": "what", "text": ""}, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (422, None)


def test_length_of_a_packed_page_tells_nothing() -> None:
    lengths = {len(Client().get("/nowhere/", headers={"Accept-Encoding": "gzip"}).content) for _ in range(12)}
    assert len(lengths) > 1
