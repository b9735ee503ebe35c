"""Answers in the two forms of the specification: JSON lists, and XML without a schema or a namespace."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

Entry = Mapping[str, Any]
JSON, XML = "json", "xml"
_TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}


def answer(form: str, root: str, item: str, entries: Sequence[Entry], *, status: int = 200) -> HttpResponse:
    """Write a list. root, item: names of its elements in XML; JSON has no names for them."""
    if form == JSON:
        return _said(form, json.dumps([_plain(entry) for entry in entries], ensure_ascii=False), status)
    tree = Element(root)
    for entry in entries:
        _grow(tree, item, entry)
    return _said(form, _document(tree), status)


def answer_one(form: str, root: str, entry: Entry) -> HttpResponse:
    """Write a single thing that is no list in either form."""
    if form == JSON:
        return _said(form, json.dumps(_plain(entry), ensure_ascii=False), 200)
    tree = Element(root)
    for name, value in entry.items():
        _grow(tree, name, value)
    return _said(form, _document(tree), 200)


def instant(moment: datetime | None) -> str | None:
    """Write a moment as the W3C's note does, in UTC: 2026-11-18T02:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _said(form: str, text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type=_TYPES[form])
    response["Cache-Control"] = "no-store"
    return response


def _document(tree: Element) -> str:
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(tree, encoding="unicode")


def _plain(value: Any) -> Any:
    """Leave lists to be lists, as JSON has it: {"endpoints": {"endpoint": […]}} loses the inner name."""
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(inner := next(iter(value.values())), list):
            return [_plain(each) for each in inner]
        return {name: _plain(each) for name, each in value.items()}
    return value


def _grow(parent: Element, name: str, value: Any) -> None:
    element = SubElement(parent, name)
    if isinstance(value, Mapping):
        for inner, each in value.items():
            for one in each if isinstance(each, list) else [each]:
                _grow(element, inner, one)
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else _writable(str(value))


def _writable(text: str) -> str:
    """Leave out what XML has no way to write."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
