"""A compressed file (gzip, RFC 1952) -> what it holds."""

import zlib

_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's window bits that stand for gzip alone


def uncompressed(octets: bytes, limit: int) -> bytes:
    """What a compressed file holds; anything else as it is.

    Args:
        octets: Of the file; one that was cut short yields what there is of it.
        limit: How many bytes of the content are made of it at most.
    """
    if not octets.startswith(_MAGIC):
        return octets
    try:
        return zlib.decompressobj(_GZIP).decompress(octets, limit)
    except zlib.error:
        return octets
