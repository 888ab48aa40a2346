"""Says a sender's hello with the OpenSSL that runs here.

OpenSSL's security level has a say in what stands in a hello, so it is 0 here and every list is
spelled out; what a sender's own level refuses after the hello is for others to judge.
"""

from OpenSSL import SSL

from checker.conversation import hello_options
from checker.conversation.hello_options import HelloOptionError
from checker.senders import Profile
from checker.senders.hello import Hello, Rules
from checker.settings import SettingsError
from checker.tls_version import TlsVersion

_PROTOCOL = {
    TlsVersion.TLS_1_0: SSL.TLS1_VERSION,
    TlsVersion.TLS_1_1: SSL.TLS1_1_VERSION,
    TlsVersion.TLS_1_2: SSL.TLS1_2_VERSION,
    TlsVersion.TLS_1_3: SSL.TLS1_3_VERSION,
}
_NOT_BELOW = {
    TlsVersion.TLS_1_0: 0,
    TlsVersion.TLS_1_1: SSL.OP_NO_TLSv1,
    TlsVersion.TLS_1_2: SSL.OP_NO_TLSv1 | SSL.OP_NO_TLSv1_1,
    TlsVersion.TLS_1_3: SSL.OP_NO_TLSv1 | SSL.OP_NO_TLSv1_1 | SSL.OP_NO_TLSv1_2,
}
_ANY_VERSION = 0

# Without the keys of a kilobyte that ML-KEM sends, at which some servers break.
_SHORT_GROUPS = ("X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048", "ffdhe3072", "ffdhe4096")
_FINITE_FIELD = "ffdhe"

# With those of CCM, which OpenSSL leaves out unless it is asked for them.
_ALL_CIPHERSUITES = (
    *("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"),
    *("TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"),
)


class ImitationError(SettingsError):
    """The libraries of this host can't say that sender's hello; one line names sender and cause."""


def make_context(rules: Rules, minimum: TlsVersion, maximum: TlsVersion) -> SSL.Context:
    """A client's context that says a sender's hello.

    Args:
        rules: The sender's.
        minimum: The operator's lowest version.
        maximum: Its highest; :meth:`Hello.is_said` must be true of it.

    Returns:
        A context of one's own, which trusts nobody yet.

    Raises:
        HelloOptionError: The libraries can't say it.
    """
    hello = rules.hello
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    _set_ciphers(context, hello)
    hello_options.set_groups(context, _groups(hello, maximum))
    hello_options.set_signature_algorithms(context, ":".join(hello.signature_algorithms))
    context.set_max_proto_version(_PROTOCOL[maximum])
    oldest = max(minimum, hello.oldest)
    if hello.always_signals:
        # A minimum other than "any" makes OpenSSL 4.0 signal by an extension.
        context.set_min_proto_version(_ANY_VERSION)
        context.set_options(_NOT_BELOW[oldest])
    else:
        context.set_min_proto_version(_PROTOCOL[oldest])
    if hello.padded:
        context.set_options(hello_options.PADDING)
    if hello.compressed_points:
        context.set_options(hello_options.LEGACY_POINT_FORMATS)
    if hello.resumes_without_key_exchange:
        context.set_options(hello_options.RESUME_WITHOUT_KEY_EXCHANGE)
    if rules.limits.unsafe_renegotiation:
        context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    return context


def make_open_context(minimum: TlsVersion, maximum: TlsVersion) -> SSL.Context:
    """A client's context that offers everything that OpenSSL still knows, in a short hello.

    So an old server is met and named. Anonymous suites show no certificate and would hide its
    faults.

    Args:
        minimum: Lowest version.
        maximum: Highest version.
    """
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_min_proto_version(_PROTOCOL[minimum])
    context.set_max_proto_version(_PROTOCOL[maximum])
    context.set_cipher_list(b"ALL:!aNULL:!eNULL:@SECLEVEL=0")
    context.set_tls13_ciphersuites(":".join(_ALL_CIPHERSUITES).encode("ascii"))
    hello_options.set_groups(context, ":".join(_SHORT_GROUPS))
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    return context


def _set_ciphers(context: SSL.Context, hello: Hello) -> None:
    ciphers, ciphersuites = ":".join(hello.ciphers), ":".join(hello.ciphersuites)
    try:
        context.set_cipher_list(f"{ciphers}:@SECLEVEL=0".encode("ascii"))
        context.set_tls13_ciphersuites(ciphersuites.encode("ascii"))
    except SSL.Error as error:
        raise HelloOptionError(f"not all cipher suites of {ciphersuites}:{ciphers}") from error


def _groups(hello: Hello, maximum: TlsVersion) -> str:
    finite = hello.finite_fields_below_1_3 or maximum >= TlsVersion.TLS_1_3
    return ":".join(
        f"*{group}" if group in hello.key_shares else group
        for group in hello.groups
        if finite or not group.startswith(_FINITE_FIELD)
    )


def begin(connection: SSL.Connection, rules: Rules | None, server_name: str | None) -> None:
    """Put into a connection's hello what does not belong to its context, and become the client.

    Args:
        connection: Made of that hello's context.
        rules: The sender's; none for everything that OpenSSL knows.
        server_name: Server name indication, or none.
    """
    if server_name is not None:
        connection.set_tlsext_host_name(server_name.encode("ascii"))
    if rules is not None and rules.hello.status_request:
        connection.request_ocsp()
    connection.set_connect_state()


def check_imitation(profile: Profile) -> None:
    """See to it that every hello of a sender can be said here.

    Raises:
        ImitationError: It can't; one line names the sender, the library and what is missing.
    """
    for rules in dict.fromkeys(profile.measured.values()):
        if missing := _missing(rules):
            raise ImitationError(
                f"the hello of {profile.name} cannot be said with"
                f" {SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode()}: {missing}"
            )


def _missing(rules: Rules) -> str:
    """What the libraries lack for a hello; nothing where they lack nothing."""
    hello = rules.hello
    try:
        context = make_context(rules, TlsVersion.TLS_1_0, TlsVersion.TLS_1_3)
    except (HelloOptionError, AttributeError) as error:
        return str(error)
    # OpenSSL leaves out unknown suites up to TLS 1.2 without a word.
    known = set(SSL.Connection(context, None).get_cipher_list())
    unknown = [name for name in (*hello.ciphersuites, *hello.ciphers) if name not in known]
    return f"cipher suites {', '.join(unknown)} are not there" if unknown else ""
