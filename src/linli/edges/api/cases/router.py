"""The one router of cases: an address with two methods has to be declared in one place."""

from ninja import Router

router = Router(tags=["cases"])
