"""Streams of a hall: the whole state at once and after each change, to those in it and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.edges.live.conftest import QUICK
from tests.edges.live.watching import Watch, asked
from tests.factories.district import DemoDistrict
from tests.factories.review import Sitting, make_sitting

from linli.edges.halls import SEAT_COOKIE, SeatTicket, public_state, write_ticket
from linli.edges.live.halls import HallApp
from linli.oversight.reviews.calc.clock import Command

PATIENCE_S = 5.0


@asynccontextmanager
async def in_hall(app: HallApp, sitting: Sitting, *, juror: int | None = 0) -> AsyncIterator[Watch]:
    watch, headers = Watch(), [(b"host", b"localhost")]
    if juror is not None:
        seat = sitting.jurors[juror]
        ticket = SeatTicket(sitting.district.id, sitting.session_id, seat.id, f"browser-{seat.id}")
        headers.append((b"cookie", f"{SEAT_COOKIE}={write_ticket(ticket)}".encode()))
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": f"/hall/{sitting.session_id}/events",
                             "headers": headers}  # fmt: skip
    running = asyncio.create_task(app(scope, watch.receive, watch.send))
    try:
        yield watch
    finally:
        watch.left.set()
        await asyncio.wait_for(running, PATIENCE_S)


def test_everybody_in_the_hall_hears_of_each_change_and_it_equals_a_fresh_reading(district: DemoDistrict) -> None:
    sitting = make_sitting(district)

    async def play() -> None:
        app = HallApp(QUICK)
        async with in_hall(app, sitting, juror=0) as one, in_hall(app, sitting, juror=1) as other:
            assert [(await watch.state())["phase"] for watch in (one, other)] == ["ready", "ready"]
            await asked(lambda: sitting.press(Command.TALK))
            heard = [await watch.state() for watch in (one, other)]
            fresh = await asked(lambda: public_state(district_id=district.id, session_id=sitting.session_id))
            assert heard == [fresh, fresh]
            await asked(lambda: sitting.put(0, [20, None, None, None, None], is_draft=True))
            assert await one.is_silent(0.5)
        await app.close()

    asyncio.run(play())


def test_who_asks_gets_what_the_stream_said_without_another_reading(district: DemoDistrict) -> None:
    sitting = make_sitting(district)
    client = district.login(Client(), "review_office")

    def ask(seen: str = "") -> tuple[int, int, str]:
        headers = {"If-None-Match": seen} if seen else {}
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/hall/{sitting.session_id}/state", headers=headers)
        return answer.status_code, sum("reviews_" in query["sql"] for query in captured), answer.headers["ETag"]

    async def play() -> None:
        app = HallApp(QUICK)
        async with in_hall(app, sitting) as watch:
            first = await watch.state()
            _, read, tag = await asked(ask)
            assert (read, tag) == (1, f'"{first["version"]}"')
            assert (await asked(lambda: ask(tag)))[0] == 304
            await asked(lambda: sitting.press(Command.TALK))
            moved = await watch.state()
            assert await asked(lambda: ask(tag)) == (200, 1, f'"{moved["version"]}"')
        assert (await asked(ask))[1] > 1
        await app.close()

    asyncio.run(play())


@pytest.mark.parametrize("juror", [None])
def test_stranger_gets_no_stream(district: DemoDistrict, juror: int | None) -> None:
    sitting = make_sitting(district)

    async def play() -> int:
        app = HallApp(QUICK)
        async with in_hall(app, sitting, juror=juror) as watch:
            await watch.next(within_s=PATIENCE_S)
            status = watch.status
        await app.close()
        return status

    assert asyncio.run(play()) == 401
