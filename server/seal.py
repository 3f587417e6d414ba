"""The seal on what processes of one deployment tell each other: nobody else can make it.

    sealed  = tag[16] sender[8] body
    tag     = BLAKE2b(channel, 0, sender, body), keyed, 16 bytes

The channel is under the seal, so that a message cannot be taken to another one. What is sealed can
be read by whoever sees it, and played again on its own channel.
"""

import secrets
from hashlib import blake2b
from hmac import compare_digest

TAG_BYTES = 16
SENDER_BYTES = 8
KEY_BYTES = 32
BODY = TAG_BYTES + SENDER_BYTES  # where it begins
PURPOSE = b"palimpsest bus"  # a key that is made of the secret for one thing alone


class Seal:
    """Seals and opens messages; `sender` is drawn by lot and tells ours from everybody else's."""

    def __init__(self, secret: str) -> None:
        self.sender = secrets.token_bytes(SENDER_BYTES)
        key = blake2b(secret.encode(), digest_size=KEY_BYTES, person=PURPOSE).digest()
        self._keyed = blake2b(key=key, digest_size=TAG_BYTES)

    def close(self, channel: bytes, body: bytes) -> bytes:
        """Seal a body for a channel, whose name has no zero byte."""
        signed = self.sender + body
        return self._tag(channel, signed) + signed

    def open(self, channel: bytes, sealed: bytes) -> bytes | None:
        """Give the body; None: it was not sealed with our key, or not for this channel."""
        if len(sealed) < BODY:
            return None
        tag = self._tag(channel, sealed[TAG_BYTES:])
        return sealed[BODY:] if compare_digest(tag, sealed[:TAG_BYTES]) else None

    def is_own(self, sealed: bytes) -> bool:
        """Say whether it names us as its sender, which is not proven by this."""
        return sealed[TAG_BYTES:BODY] == self.sender

    def _tag(self, channel: bytes, signed: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(channel + b"\0" + signed)
        return keyed.digest()
