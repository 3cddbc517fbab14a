"""The short form of `make crash`: some of the seams, some kills."""

import asyncio

import pytest

from tests.crash import kills, sweep

pytestmark = pytest.mark.crash


def test_the_bot_may_die_at_a_seam_and_keeps_its_promises() -> None:
    points = asyncio.run(sweep.sweep(25))
    assert len(points) == 25
    assert [point.seam for point in points if not point.was_hit] == []
    assert {point.seam: point.broken for point in points if point.broken} == {}


def test_no_answer_is_lost_doubled_or_out_of_order_when_the_process_is_killed() -> None:
    assert kills.play("answers", kills=5, seed=2, women=10) == []


def test_everyone_who_presses_start_is_answered_although_the_process_is_killed() -> None:
    assert kills.play("starts", kills=2, seed=2, women=30) == []


def test_every_reminder_comes_although_the_process_is_killed() -> None:
    assert kills.play("reminders", kills=2, seed=2, women=30) == []
