"""What a person can send besides text: invented content for each kind of message."""

from __future__ import annotations

import base64
from typing import Any

from sandbox.world import Media, World

Json = dict[str, Any]

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A PNG of one dot."""

FILES: dict[str, tuple[str, str, bytes, Json]] = {
    "photo": ("", "", PICTURE, {"width": 1, "height": 1}),
    "voice": ("", "audio/ogg", b"OggS voice sample", {"duration": 3}),
    "video_note": ("", "", b"video note sample", {"length": 240, "duration": 3}),
    "video": ("video.mp4", "video/mp4", b"video sample", {"width": 320, "height": 240, "duration": 3}),
    "audio": ("audio.mp3", "audio/mpeg", b"audio sample", {"duration": 3}),
    "document": ("qeydlər.txt", "text/plain", b"document sample", {}),
    "animation": ("animation.mp4", "video/mp4", b"animation sample", {"width": 320, "height": 240, "duration": 3}),
    "sticker": (
        "",
        "",
        b"sticker sample",
        {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🌸"},
    ),
}

POINTS: dict[str, Json] = {
    "location": {"latitude": 38.7536, "longitude": 48.8511},
    "venue": {
        "location": {"latitude": 38.7536, "longitude": 48.8511},
        "title": "Nümunə yeri",
        "address": "Lənkəran, nümunə küçəsi 1",
    },
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {
        "id": "4242424242424242",
        "question": "Nümunə sorğu?",
        "options": [
            {"persistent_id": "1", "text": "Bəli", "voter_count": 0},
            {"persistent_id": "2", "text": "Xeyr", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "members_only": False,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
    },
}
KINDS = frozenset(FILES) | frozenset(POINTS)


def media(world: World, kind: str, content: bytes | None = None, name: str | None = None, **extra: Any) -> Media:
    """A fresh file of a kind that a message can carry; `file_size` in `extra` lets it lie about its size."""
    own_name, mime, own_content, own_extra = FILES[kind]
    held = own_content if content is None else content
    return world.keep(
        Media(kind, *world.new_file_id(), held, own_name if name is None else name, mime, {**own_extra, **extra})
    )
