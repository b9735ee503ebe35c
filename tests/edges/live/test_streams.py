"""Streams: the state on it equals a fresh read, and nobody is told what does not concern them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from tests.edges.live.conftest import PATIENT, QUICK
from tests.edges.live.watching import PATIENCE_S, Watch, asked, wait_for_listening, watching
from tests.factories.district import FOREIGN, DemoDistrict

from linli.cases.choices import Action
from linli.edges.live import streaming
from linli.edges.live.app import LiveApp
from linli.edges.live.state import state_for
from linli.registry.people.actions.tokens import make_token, revoke_token


def _token(district: DemoDistrict, role: str, community: int = 1) -> str:
    login_id = district.viewer(role, community=community).login_id
    assert login_id is not None
    return make_token(login_id=login_id, name="test", scope="read", days=1, source_ip="", at=timezone.now()).text


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _fresh(district: DemoDistrict, role: str) -> dict[str, Any]:
    return state_for(district.viewer(role), at=timezone.now())


async def _settled(watch: Watch, app: LiveApp) -> dict[str, Any]:
    """Take the first state and wait until the listening has begun."""
    state = await watch.state()
    await asked(lambda: wait_for_listening(1))
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.sleep(0.3)  # all look again once it has begun
        while any(client.is_stale for client in app.hub.clients):
            await asked(lambda: None)
    assert app.hub.clients
    return state


def test_state_on_the_stream_equals_a_fresh_read(district: DemoDistrict) -> None:
    token = _token(district, "grid_worker")

    async def play() -> None:
        app = LiveApp(PATIENT)
        async with watching(app, **_bearer(token)) as watch:
            first = await _settled(watch, app)
            assert first == await asked(lambda: _fresh(district, "grid_worker"))
            case = await asked(lambda: district.open_case_in(at=timezone.now()))
            opened = await watch.state()
            assert opened == await asked(lambda: _fresh(district, "grid_worker"))
            assert [row["id"] for row in opened["newest"]] == [str(case.id)]
            worker = await asked(lambda: district.actor("grid_worker"))
            await asked(lambda: district.take(case, Action.ACCEPT, by=worker))
            accepted = await watch.state()
            assert accepted == await asked(lambda: _fresh(district, "grid_worker"))
            assert accepted["revision"] != opened["revision"]
        await app.close()

    asyncio.run(play())


def test_headers_let_nothing_hold_the_stream_back(district: DemoDistrict) -> None:
    token = _token(district, "grid_worker")

    async def play() -> Watch:
        app = LiveApp(QUICK)
        async with watching(app, **_bearer(token)) as watch:
            first = await watch.next("event: state")
            assert first.startswith("retry: ")
            assert await watch.next(": ") == ": here\n\n"
        await app.close()
        return watch

    watch = asyncio.run(play())
    assert (watch.status, watch.headers[b"content-type"]) == (200, b"text/event-stream")
    assert (watch.headers[b"x-accel-buffering"], watch.headers[b"cache-control"]) == (b"no", b"no-store")


def test_worker_of_a_foreign_community_is_told_nothing(district: DemoDistrict) -> None:
    near, far = _token(district, "grid_worker", 1), _token(district, "grid_worker", 2)

    async def play() -> None:
        app = LiveApp(PATIENT)
        async with watching(app, **_bearer(near)) as mine, watching(app, **_bearer(far)) as theirs:
            await _settled(mine, app)
            await theirs.state()
            theirs_is_stale = [client.is_stale for client in app.hub.clients]
            assert theirs_is_stale == [False, False]
            await asked(lambda: district.open_case_in(at=timezone.now()))
            assert (await mine.state())["counts"]["open"] == 1
            assert await theirs.is_silent(0.5)
        await app.close()

    asyncio.run(play())


def test_no_role_of_a_foreign_community_is_told_anything(district: DemoDistrict) -> None:
    roles = [*FOREIGN, "away-community_secretary"]
    tokens = [_token(district, role, 2) for role in roles]
    near = _token(district, "grid_worker", 1)

    async def play() -> None:
        app = LiveApp(PATIENT)
        async with AsyncExitStack() as streams:
            theirs = [await streams.enter_async_context(watching(app, **_bearer(token))) for token in tokens]
            assert [(await watch.state())["counts"]["open"] for watch in theirs] == [0] * len(roles)
            mine = await streams.enter_async_context(watching(app, **_bearer(near)))
            await _settled(mine, app)
            await asked(lambda: district.open_case_in("open", category="noise", at=timezone.now()))
            assert (await mine.state())["counts"]["open"] == 1
            silent = await asyncio.gather(*(watch.is_silent(0.5) for watch in theirs))
            assert dict(zip(roles, silent, strict=True)) == dict.fromkeys(roles, True)
        await app.close()

    asyncio.run(play())


def test_lost_listening_connection_is_established_again(district: DemoDistrict) -> None:
    token = _token(district, "grid_worker")

    def cut() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                           "WHERE application_name = 'linli-live' AND datname = current_database()")  # fmt: skip
            return int(cursor.fetchone()[0])

    async def play() -> None:
        app = LiveApp(PATIENT)
        async with watching(app, **_bearer(token)) as watch:
            await _settled(watch, app)
            assert await asked(cut) >= 1  # one that another test closed may still be going
            await asked(lambda: district.open_case_in(at=timezone.now()))
            assert (await watch.state())["counts"]["open"] == 1
            await asyncio.sleep(0.5)
            await asked(lambda: district.open_case_in(at=timezone.now()))
            assert (await watch.state())["counts"]["open"] == 2
        await app.close()

    asyncio.run(play())


def test_stream_ends_soon_after_signing_out(district: DemoDistrict) -> None:
    client = district.login(Client(), "grid_worker")
    key, sign_out = client.cookies["sessionid"].value, client.session.flush

    async def play() -> None:
        app = LiveApp(QUICK)
        async with watching(app, Cookie=f"sessionid={key}") as watch:
            assert (await watch.state())["counts"]["todo"] == 0
            await asked(sign_out)
            assert await watch.next("event: end") == "event: end\ndata: {}\n\n"
        async with watching(app, Cookie=f"sessionid={key}") as again:
            await again.next()
        assert again.status == 401
        await app.close()

    asyncio.run(play())


def test_stream_ends_soon_after_its_token_is_revoked(district: DemoDistrict) -> None:
    login_id = district.viewer("grid_worker").login_id
    assert login_id is not None
    made = make_token(login_id=login_id, name="test", scope="read", days=1, source_ip="", at=timezone.now())

    async def play() -> None:
        app = LiveApp(QUICK)
        async with watching(app, **_bearer(made.text)) as watch:
            await watch.state()
            await asked(lambda: revoke_token(login_id=login_id, token_id=made.id, source_ip="", at=timezone.now()))
            assert await watch.next("event: end")
        await app.close()

    asyncio.run(play())


def test_nobody_and_one_too_many_are_refused(district: DemoDistrict) -> None:
    token = _token(district, "grid_worker")

    async def play() -> list[tuple[int, bytes]]:
        app, seen = LiveApp(PATIENT, most_clients=1), []
        async with watching(app) as nobody:
            await nobody.next()
        async with watching(app, **_bearer(token)) as first:
            await first.state()
            async with watching(app, **_bearer(token)) as second:
                await second.next()
        seen += [(watch.status, watch.headers[b"content-type"]) for watch in (nobody, first, second)]
        assert not app.hub.clients
        await app.close()
        return seen

    problem = b"application/problem+json"
    assert asyncio.run(play()) == [(401, problem), (200, b"text/event-stream"), (503, problem)]


def test_stream_alone_keeps_no_session_alive(district: DemoDistrict) -> None:
    client = district.login(Client(), "grid_worker")
    session = client.session
    before = session["seen_at"] = session["seen_at"] - 300
    session.save()

    async def play() -> None:
        app = LiveApp(QUICK)
        async with watching(app, Cookie=f"sessionid={session.session_key}") as watch:
            await watch.state()
            await asyncio.sleep(1)
        await app.close()

    asyncio.run(play())
    assert client.session["seen_at"] == before


def test_worker_is_told_of_what_they_reported_elsewhere(district: DemoDistrict) -> None:
    token, reporter = _token(district, "grid_worker"), district.viewer("grid_worker")

    async def play() -> None:
        app = LiveApp(PATIENT)
        async with watching(app, **_bearer(token)) as watch:
            await _settled(watch, app)
            case = await asked(lambda: district.open_case_in(community=2, at=timezone.now(), by=reporter))
            assert [row["id"] for row in (await watch.state())["newest"]] == [str(case.id)]
        await app.close()

    asyncio.run(play())


def test_stream_outlives_a_database_that_has_no_time(
    district: DemoDistrict, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    token, refusals = _token(district, "grid_worker"), iter((False, True, True))

    def state(*args: Any, **more: Any) -> dict[str, Any]:
        if next(refusals, False):
            raise OperationalError("couldn't get a connection after 10.00 sec")
        return state_for(*args, **more)

    monkeypatch.setattr(streaming, "state_for", state)

    async def play() -> None:
        app = LiveApp(replace(PATIENT, turn_s=(0.05, 0.1)))
        async with watching(app, **_bearer(token)) as watch:
            await _settled(watch, app)
            case = await asked(lambda: district.open_case_in(at=timezone.now()))
            assert [row["id"] for row in (await watch.state())["newest"]] == [str(case.id)]
        await app.close()

    asyncio.run(play())
    assert "trying again" in caplog.text


def test_one_stream_is_checked_at_a_time(district: DemoDistrict) -> None:
    login_id = district.viewer("grid_worker").login_id
    assert login_id is not None
    made = make_token(login_id=login_id, name="test", scope="read", days=1, source_ip="", at=timezone.now())

    async def play() -> None:
        app = LiveApp(QUICK)
        async with watching(app, **_bearer(made.text)) as watch:
            await _settled(watch, app)
            async with _my_turn(app):
                with app.hub.turn() as is_mine_too:
                    assert not is_mine_too
                await asked(lambda: revoke_token(login_id=login_id, token_id=made.id, source_ip="", at=timezone.now()))
                assert not await _ends(watch, within_s=3 * QUICK.check_s[1])
            assert await watch.next("event: end")
        await app.close()

    asyncio.run(play())


@asynccontextmanager
async def _my_turn(app: LiveApp) -> AsyncIterator[None]:
    """Take the turn of checking once the server's own checks leave it free."""
    while True:
        with app.hub.turn() as is_mine:
            if is_mine:
                yield
                return
        await asyncio.sleep(0.01)


async def _ends(watch: Watch, *, within_s: float) -> bool:
    try:
        await watch.next("event: end", within_s=within_s)
    except TimeoutError:
        return False
    return True
