"""The router of the room: one for all its addresses, for some are read and written."""

from ninja import Router

router = Router(tags=["visits"])
