"""What waits for a page that reads slowly: nothing is lost on the way."""

from __future__ import annotations

import asyncio

from optimizer.serve.mailbox import Mailbox
from tests.serve.conftest import PATIENCE


def read(*, ends: bool) -> list[str]:
    """Return what a page hears that takes its time over an interval, while the answer comes."""

    async def listen() -> list[str]:
        mailbox = Mailbox()
        mailbox.put("interval", {"bound": 1.0})
        stream = mailbox.stream(PATIENCE if ends else 0.01)
        heard = [await anext(stream)]
        mailbox.put("answer", {"cost": 2.0})
        if ends:
            mailbox.close()
        await asyncio.sleep(0)
        heard += [text async for text in stream]
        return [text.partition("\n")[0] for text in heard]

    return asyncio.run(listen())


def test_an_answer_and_the_end_that_come_while_an_interval_is_sent_are_heard() -> None:
    assert read(ends=True) == ["event: interval", "event: answer"]


def test_who_has_waited_long_enough_is_told_to_come_again() -> None:
    assert read(ends=False) == ["event: interval", "event: answer", "event: later"]
