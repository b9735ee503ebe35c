"""What the templates and the front end promise: the policy holds, icons exist, nothing names a registry."""

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
TEMPLATES = PROJECT / "src/linli/edges/web/templates"
FRONTEND = PROJECT / "frontend"
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Taken home as one file: what stands in it is its own, and it brings a stricter policy.
SHOWN = [page for page in PAGES if page.name != "verify_draw_alone.html"]
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def markup(page: Path) -> str:
    return COMMENT.sub("", page.read_text())


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_template_keeps_the_content_security_policy(page: Path) -> None:
    text = markup(page)
    found = {
        "style attribute": re.findall(r"<[^>]*\sstyle=", text),
        "style element": re.findall(r"<style\b", text),
        "handler": re.findall(r"<[^>]*\son[a-z]+=", text),
        "inline script": re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text),
        "other host": re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", text),
        "data address": re.findall(r"src=[\"']data:", text),
    }
    assert {fault: places for fault, places in found.items() if places} == {}


def test_icons_named_in_templates_are_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="i-([a-z-]+)"', (TEMPLATES / "web/sprite.html").read_text()))
    named = {name for page in PAGES for name in re.findall(r'web/icon\.html" with name="([a-z-]+)"', markup(page))}
    assert named - drawn == set()


def test_icons_are_drawn_once() -> None:
    names = re.findall(r'<symbol id="i-([a-z-]+)"', (TEMPLATES / "web/sprite.html").read_text())
    assert sorted(names) == sorted(set(names))


def test_every_page_links_to_complaints_and_suggestions() -> None:
    frames = [TEMPLATES / "web/base_portal.html", TEMPLATES / "web/base_desk.html"]
    assert [frame.name for frame in frames if 'include "web/foot_choices.html"' not in frame.read_text()] == []
    assert "{% url 'feedback' %}" in (TEMPLATES / "web/foot_choices.html").read_text()


def test_lock_names_no_registry() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text()


def test_sources_name_no_other_host() -> None:
    sources = [file for file in (FRONTEND / "src").rglob("*") if file.suffix in {".ts", ".css"}]
    hosts = {host for file in sources for host in re.findall(r"https?://([a-z0-9.-]+)", file.read_text())}
    assert hosts <= {"www.w3.org"}


def test_wheel_carries_the_built_front_end() -> None:
    built = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "src/linli/edges/web/static/built/**" in built["artifacts"]
