"""A bot of a few lines over plain HTTP, which shows each thing that the chat page has to draw."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp

Json = dict[str, Any]

GREETING = (
    "<b>Salam!</b> Mən <i>nümunə botam</i>. <u>Altı</u>, <s>üstü</s>, <code>kod</code>, "
    '<tg-spoiler>gizli söz</tg-spoiler> və <a href="https://example.org/">keçid</a>.\n'
    "<blockquote>Sitat: hər fikir dəyərlidir.</blockquote>"
    "<pre>bir\niki</pre>"
    'Məşğələ: <tg-time unix="1772604000" format="wDt">sabah</tg-time>\n'
    "Yenidən: https://t.me/sample_bot?start=again və ya /help"
)
CHOICES = {
    "inline_keyboard": [
        [{"text": "Lənkəran", "callback_data": "region/1"}, {"text": "Quba", "callback_data": "region/2"}],
        [{"text": "Bəli, razıyam", "callback_data": "yes", "style": "success"}],
        [
            {"text": "Sil", "callback_data": "delete", "style": "danger"},
            {"text": "Xəbərdarlıq", "callback_data": "alert"},
        ],
        [{"text": "Saytı aç", "url": "https://example.org/a", "style": "primary"}],
    ]
}
CONTACT = {
    "keyboard": [[{"text": "Nömrəmi göndər", "request_contact": True}], [{"text": "Sonra"}, {"text": "Yox"}]],
    "resize_keyboard": True,
    "one_time_keyboard": True,
    "input_field_placeholder": "Nömrəniz",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360e8980000020a010a5bd8"
    "a0a00000000049454e44ae426082"
)


class SampleBot:
    """Answers what comes in; `gate` holds back the answers to pressed buttons while it is not set."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.gate = asyncio.Event()
        self.gate.set()
        self.heard: list[Json] = []

    async def __aenter__(self) -> SampleBot:
        self.http = aiohttp.ClientSession()
        await self.call("setMyDescription", description="Bu, nümunə botdur. Düyməyə basın.")
        await self.call("setMyCommands", commands=[{"command": "help", "description": "Everyone's help"}])
        commands = [{"command": "help", "description": "Kömək"}, {"command": "menu", "description": "Menyu"}]
        await self.call("setMyCommands", commands=commands, language_code="az")
        self.task = asyncio.create_task(self._poll())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        await self.http.close()

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self.http.post(f"{self.address}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def upload(self, method: str, field: str, name: str, content: bytes, **parameters: Any) -> Any:
        form = aiohttp.FormData({key: str(value) for key, value in parameters.items()}, quote_fields=False)
        form.add_field(field, content, filename=name)
        async with self.http.post(f"{self.address}/{method}", data=form) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def say(self, chat: int, text: str, **more: Any) -> Any:
        return await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **more)

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self._updates(offset):
                offset = update["update_id"] + 1
                self.heard.append(update)
                await self._answer(update)

    async def _updates(self, offset: int) -> list[Json]:
        try:
            return list(await self.call("getUpdates", offset=offset, timeout=20))
        except aiohttp.ClientError:  # the sandbox is away
            await asyncio.sleep(0.05)
            return []

    async def _answer(self, update: Json) -> None:
        if "message" in update:
            await self._message(update["message"])
        elif "callback_query" in update:
            await self._press(update["callback_query"])

    async def _message(self, message: Json) -> None:
        chat, text = message["chat"]["id"], message.get("text", "")
        if text.startswith("/start"):
            payload = text.removeprefix("/start").strip()
            await self.say(chat, GREETING, reply_markup=CHOICES)
            if payload:
                await self.say(chat, f"Keçid: {payload}")
        elif text == "/help":
            await self.say(chat, "Nömrənizi göndərə bilərsiniz.", reply_markup=CONTACT)
        elif text == "files":
            await self._files(chat)
        elif "contact" in message:
            await self.say(chat, "Təşəkkür edirik!", reply_markup={"remove_keyboard": True})

    async def _files(self, chat: int) -> None:
        await self.upload("sendDocument", "document", "siyahı.csv", b"ad;region\n", chat_id=chat, caption="Siyahı")
        await self.upload("sendPhoto", "photo", "a.png", PNG, chat_id=chat, caption="Şəkil")
        await self.call(
            "sendVenue", chat_id=chat, latitude=38.75, longitude=48.85, title="Nümunə evi", address="Nümunə küçəsi 1"
        )

    async def _press(self, query: Json) -> None:
        await self.gate.wait()
        chat, message_id, data = query["message"]["chat"]["id"], query["message"]["message_id"], query["data"]
        toast = "Bu, xəbərdarlıqdır." if data == "alert" else f"Seçim: {data}"
        await self.call("answerCallbackQuery", callback_query_id=query["id"], text=toast, show_alert=data == "alert")
        if data == "delete":
            await self.call("deleteMessage", chat_id=chat, message_id=message_id)
        elif data != "alert":
            await self.call("editMessageText", chat_id=chat, message_id=message_id, text=f"Seçdiniz: {data}")
