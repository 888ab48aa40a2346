"""The one HTTP exchange that fetching an MTA-STS policy takes (RFC 8461 section 3.3)."""

import h11

from checker.network import Stream, StsFetchError

_OK = 200


async def get_policy(stream: Stream, host: str, longest: int) -> bytes:
    """Ask a web server for the policy file.

    Args:
        stream: Goes on inside TLS.
        host: The web server's name.
        longest: Bytes of a policy that are read.

    Raises:
        StsFetchError: It answers with anything else, or breaks off.
        TimeoutError: The connection says that it took too long.
    """
    try:
        return await _exchange(stream, host, longest)
    except TimeoutError:
        raise
    except (OSError, h11.RemoteProtocolError) as error:
        raise StsFetchError("connection") from error


async def _exchange(stream: Stream, host: str, longest: int) -> bytes:
    http = h11.Connection(h11.CLIENT)
    request = h11.Request(
        method="GET",
        target="/.well-known/mta-sts.txt",
        headers=[("Host", host), ("Connection", "close"), ("User-Agent", "zustellbar")],
    )
    await stream.write(http.send(request) + http.send(h11.EndOfMessage()))
    body = bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await stream.read(16_384))
        elif isinstance(event, h11.Response):
            _refuse(event)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > longest:
                raise StsFetchError("too-large")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body)
        elif isinstance(event, h11.ConnectionClosed):
            raise StsFetchError("connection")


def _refuse(response: h11.Response) -> None:
    if response.status_code != _OK:
        raise StsFetchError(f"http-{response.status_code}")
    media_types = [value for name, value in response.headers if name == b"content-type"]
    if media_types and not media_types[0].strip().lower().startswith(b"text/plain"):
        raise StsFetchError("media-type")
