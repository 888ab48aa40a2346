"""What a server sends in TLS, cut where its records end (RFC 8446 section 5.1), and counted. Pure.

A library reads records for as long as they come; who may send without end is to be told here.
"""

from checker.conversation.flight import length
from checker.network import TlsFloodError

_KINDS = range(20, 25)
_HEAD = 5
_MAJOR_VERSION = 3
_LONGEST = (1 << 14) + 2_048
"""Bytes of a record's content, encrypted (RFC 5246 section 6.2.3)."""


class Records:
    """Takes bytes as they come and hands out records.

    Attributes:
        taken: Bytes that were handed out.
    """

    def __init__(self, most_bytes: int, most_records: int) -> None:
        """Begin with nothing.

        Args:
            most_bytes: So many may come, from the beginning or since :meth:`begin`.
            most_records: So many may be handed out.
        """
        self._most = most_bytes, most_records
        self._held = bytearray()
        self.begin()

    def begin(self) -> None:
        """Count from here on; what came and was not handed out stays."""
        self.taken = 0
        self._bytes, self._records = self._most

    def add(self, data: bytes) -> None:
        """Take what came.

        Raises:
            TlsFloodError: It is more than may come.
        """
        self._bytes -= len(data)
        if self._bytes < 0:
            raise TlsFloodError
        self._held += data

    def take(self) -> bytes:
        """The next whole record, or nothing yet; what cannot be a record comes as it is.

        Raises:
            TlsFloodError: There have been as many as there may be.
        """
        size = self._size()
        if size == 0:
            return b""
        self._records -= 1
        if self._records < 0:
            raise TlsFloodError
        record = bytes(self._held[:size])
        del self._held[:size]
        self.taken += size
        return record

    def _size(self) -> int:
        """Bytes to hand out now."""
        held = self._held
        foreign = held[:1] and held[0] not in _KINDS
        if foreign or (len(held) > 1 and held[1] != _MAJOR_VERSION):
            return len(held)
        if len(held) < _HEAD:
            return 0
        size = length(held)
        if size > _LONGEST:
            return len(held)
        return _HEAD + size if len(held) >= _HEAD + size else 0
