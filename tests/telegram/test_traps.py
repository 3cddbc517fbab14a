"""Traps of python-telegram-bot 22.8 that other bots fall into."""

import ast
import asyncio

import pytest
from telegram import error

from bot.api import TokenRefused
from sandbox import faults
from tests.conftest import House
from tests.house import source


def caught() -> set[str]:
    """The names that stand after an `except` in code of ours."""
    handlers = [
        node.type
        for path in source.files("bot", "handlers", "storage", "forms")
        for node in source.nodes(path)
        if isinstance(node, ast.ExceptHandler) and node.type
    ]
    return {name for each in handlers for node in ast.walk(each) for name in _names(node)}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    return [node.attr] if isinstance(node, ast.Attribute) else []


def test_nothing_of_ours_catches_a_network_error_of_the_library() -> None:
    assert issubclass(error.BadRequest, error.NetworkError) and issubclass(error.TimedOut, error.NetworkError)
    assert not caught() & {"NetworkError", "BadRequest", "TimedOut", "RetryAfter"}
    assert {"NotSent", "Uncertain"} <= caught(), "the control"


async def test_the_library_limits_no_rate(house: House) -> None:
    assert house.app.dispatcher.bot.rate_limiter is None
    assert house.app.dispatcher.updater is None


async def test_a_network_that_is_away_at_start_does_not_end_the_process(house: House) -> None:
    await house.close()
    house.sandbox.faults.plan("getMe", fault=faults.CUT_BEFORE, times=3)
    house.sandbox.faults.plan("deleteWebhook", fault=faults.BAD_GATEWAY, times=3)
    house.clock.set_rate(200)
    phone = house.phone()
    await phone.start()
    await house.open()
    await house.settle()
    assert len(phone.received) == 1
    assert [fault for _, fault in house.sandbox.faults.met].count(faults.CUT_BEFORE) == 3


@pytest.mark.parametrize(("code", "description"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_401_and_404_are_one_error_of_the_library(house: House, code: int, description: str) -> None:
    await house.close()
    house.sandbox.faults.plan("getMe", fault=faults.status(code, description), times=9)
    starting = asyncio.create_task(house.open())
    with pytest.raises(TokenRefused, match="getMe"):
        await asyncio.wait_for(starting, 5)
    house._running = None
