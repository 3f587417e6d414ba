"""A block: consecutive IDs of one client that stand side by side in the document."""

from crdt.structs import ID, Kind, Struct
from crdt.utf16 import utf16_split

# A run of typing grows inside one block up to this length (UTF-16 units), so that adding a
# character copies little and splitting one stays cheap.
LONGEST_RUN = 2048

_STRING, _DELETED = int(Kind.STRING), int(Kind.DELETED)


class Block:
    """A run of IDs `(client, clock) .. (client, clock + length - 1)` with its place and its text.

    `left` and `right` are its neighbours in document order, deleted ones included. `content` is
    text for a string, else the exact wire bytes; it stays readable after the deletion.
    """

    __slots__ = (
        "client",
        "clock",
        "content",
        "deleted",
        "kind",
        "left",
        "length",
        "origin",
        "right",
        "right_origin",
    )

    def __init__(
        self,
        client: int,
        clock: int,
        length: int,
        kind: int,
        origin: ID | None,
        right_origin: ID | None,
        content: str | bytes,
    ) -> None:
        self.client = client
        self.clock = clock
        self.length = length
        self.kind = kind
        self.origin = origin
        self.right_origin = right_origin
        self.content = content
        self.deleted = kind == _DELETED
        self.left: Block | None = None
        self.right: Block | None = None

    @property
    def end(self) -> int:
        """The clock after the last one."""
        return self.clock + self.length

    def takes(self, struct: Struct) -> bool:
        """Whether `struct`, whose left origin is this block's last ID, merely goes on with it."""
        return (
            self.client == struct.client
            and self.clock + self.length == struct.clock
            and self.kind == _STRING == struct.kind
            and not self.deleted
            and self.right_origin == struct.right_origin
            and self.length < LONGEST_RUN
        )

    def extend(self, struct: Struct) -> None:
        """Go on with the text of `struct`; `takes` said yes."""
        self.content += struct.content  # type: ignore[operator]  # both are text
        self.length += struct.length

    def cut(self, at: int) -> "Block":
        """Keep the first `at` units and return the rest as a block of its own, linked after it."""
        head, tail = self._contents(at)
        clock = self.clock + at
        origin = (self.client, clock - 1)
        rest = Block(
            self.client, clock, self.length - at, self.kind, origin, self.right_origin, tail
        )
        self.content, self.length, rest.deleted = head, at, self.deleted
        rest.link_after(self)
        return rest

    def _contents(self, at: int) -> tuple[str | bytes, str | bytes]:
        if isinstance(self.content, str):
            return utf16_split(self.content, at)
        return self.content, self.content  # only DELETED has several units beside text

    def link_after(self, left: "Block") -> None:
        """Stand directly after `left`."""
        self.left, self.right = left, left.right
        if left.right is not None:
            left.right.left = self
        left.right = self

    def unlink(self) -> None:
        """Leave the document; the neighbours meet."""
        if self.left is not None:
            self.left.right = self.right
        if self.right is not None:
            self.right.left = self.left
