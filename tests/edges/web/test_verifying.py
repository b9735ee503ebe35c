"""Checking a draw without an account: page, page as one file, program."""

import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client

from linli.oversight.reviews.calc import verify_review, verifying

pytestmark = pytest.mark.django_db

SAID = re.compile(r'<template data-says="(\w+)">(.*?)</template>')


def test_page_says_the_very_lines_of_the_program(client: Client) -> None:
    said = dict(SAID.findall(client.get("/verify/draw").content.decode()))
    program = Path(verifying.__file__).read_text("utf-8")

    assert len(said) == 11
    parts = {name: said[name].removesuffix("上一份记录编号") for name in ("chain", "chain_alone")}
    assert [words for name, words in said.items() if parts.get(name, words) not in program] == []


@pytest.mark.parametrize(("path", "name", "kind"), [
    ("/verify/draw.html", "verify-draw.html", "text/html"),
    ("/verify/verify_draw.py", "verify_draw.py", "text/x-python"),
    ("/verify/verify_review.py", "verify_review.py", "text/x-python"),
])  # fmt: skip
def test_what_is_taken_home_is_saved_not_shown(client: Client, path: str, name: str, kind: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"].startswith(kind)


def test_one_file_loads_nothing(client: Client) -> None:
    page = client.get("/verify/draw.html").content.decode()

    assert re.findall(r'(?:src|href)="?(?!#)[^"\s>]*|url\([^)]*\)|@import', page.split("<script>")[0]) == []
    assert page.count("<script>") == page.count("</script>") == 1
    assert "default-src 'none'" in page


def test_programs_are_served_byte_for_byte(client: Client) -> None:
    assert client.get("/verify/verify_draw.py").content == Path(verifying.__file__).read_bytes()
    assert client.get("/verify/verify_review.py").content == Path(verify_review.__file__).read_bytes()


def test_page_shows_the_hash_of_what_is_saved(client: Client) -> None:
    saved = hashlib.sha256(client.get("/verify/verify_draw.py").content).hexdigest()

    assert saved in client.get("/verify/draw").content.decode()
