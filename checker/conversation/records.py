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


_AT_ONCE = 16
"""Records; as many as a handshake has."""


class Records:
    """Takes bytes as they come and hands out whole records.

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
        """The next whole records, or nothing yet; what cannot be a record comes as it is.

        Raises:
            TlsFloodError: There have been as many as there may be.
        """
        end = 0
        for _ in range(_AT_ONCE):
            size = self._size(end)
            if size == 0:
                break
            self._records -= 1
            if self._records < 0:
                raise TlsFloodError
            end += size
        records = bytes(self._held[:end])
        del self._held[:end]
        self.taken += end
        return records

    def _size(self, start: int) -> int:
        """Bytes to hand out of those that begin at a position."""
        held = self._held[start : start + _HEAD]
        rest = len(self._held) - start
        foreign = held[:1] and held[0] not in _KINDS
        if foreign or (len(held) > 1 and held[1] != _MAJOR_VERSION):
            return rest
        if len(held) < _HEAD:
            return 0
        size = length(held)
        if size > _LONGEST:
            return rest
        return _HEAD + size if rest >= _HEAD + size else 0
