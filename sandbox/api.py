"""The methods of the Bot API by name, and what answers them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox import editing, presses, sending, settings
from sandbox.parameters import Call
from sandbox.polling import Polling
from sandbox.refusals import Refused
from sandbox.world import World

Method = Callable[[World, Call], Any]
METHODS: dict[str, Method] = {**sending.METHODS, **editing.METHODS, **presses.METHODS, **settings.METHODS}


class Api:
    """Answers calls on one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.polling = Polling(world)
        self._webhooks: dict[str, Callable[[Call], Any]] = {
            "setwebhook": self.polling.set_webhook,
            "deletewebhook": self.polling.delete_webhook,
            "getwebhookinfo": self.polling.webhook_info,
        }

    async def result(self, call: Call) -> str:
        """The `result` of a call as JSON, the world changed accordingly; raises Refused. Names are case-blind."""
        name = call.method.lower()
        if name == "getupdates":
            return await self.polling.get_updates(call)
        if webhook := self._webhooks.get(name):
            return json.dumps(webhook(call), ensure_ascii=False)
        method = METHODS.get(name)
        if method is None:
            raise Refused(404, "Not Found: method not found")
        return json.dumps(method(self.world, call), ensure_ascii=False)
