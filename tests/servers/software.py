"""The mail servers: how each is set up, and what its administrator may get wrong.

The commands are those of the pages, and what an administrator does by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bounces.senders.exim import EXIM as EXIM_AS_SENDER
from tests.bounces.senders.sendmail import SENDMAIL as SENDMAIL_AS_SENDER
from tests.lab.laboratory import RECEIVERS
from tests.lab.root import Root
from tests.servers.machine import NAME, shown

Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Software:
    """A mail server.

    Attributes:
        name: The folder of the files that the pages show.
        root: Where it is installed.
        settings: The shown file with its settings; it lies in ``/lab/settings``.
        start: Commands that start it as its package leaves it.
        place: Commands that put the settings where they belong.
        reload: Commands that make it read them, where the hook does not.
        faults: What an administrator may get wrong in the settings, or in the hook.
    """

    name: str
    root: Root
    settings: str
    start: str
    place: str
    reload: str
    faults: Mapping[str, Edit]


# One process at a time: a second one, started while the first still says good-bye, would have read
# the files anew.
_START_POSTFIX = f"""\
cat > /lab/main.cf << 'END'
compatibility_level = 3.6
maillog_file = /lab/mail.log
maillog_file_prefixes = /lab
myhostname = {NAME}
mydestination = example.org
alias_maps =
alias_database =
default_process_limit = 1
smtpd_peername_lookup = no
END
cp /lab/main.cf /etc/postfix/main.cf
postfix start
"""

_OLD_POSTFIX = """\
smtpd_tls_protocols = TLSv1, TLSv1.1
smtpd_tls_ciphers = low
tls_low_cipherlist = ALL:@SECLEVEL=0
"""

POSTFIX = Software(
    name="postfix",
    root=RECEIVERS,
    settings="main.cf",
    start=_START_POSTFIX,
    place="cat /lab/main.cf /lab/settings > /etc/postfix/main.cf",
    reload="",
    faults={
        "old versions": lambda text: text.replace(
            "smtpd_tls_protocols = >=TLSv1.2\n", _OLD_POSTFIX
        ),
        "certificate alone": lambda text: text.replace("/fullchain.pem", "/cert.pem"),
    },
)

# What Debian's package asks when it is installed.
_START_EXIM = """\
sed -i -e "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/" \
    -e "s/^dc_local_interfaces=.*/dc_local_interfaces=''/" \
    -e "s/^dc_other_hostnames=.*/dc_other_hostnames='example.org'/" \
    /etc/exim4/update-exim4.conf.conf
install -d -o Debian-exim -g Debian-exim -m 750 /var/log/exim4 /run/exim4
service exim4 start
"""

EXIM = Software(
    name="exim",
    root=EXIM_AS_SENDER.root,
    settings="exim4.conf.localmacros",
    start=_START_EXIM,
    place="cp /lab/settings /etc/exim4/exim4.conf.localmacros",
    reload="service exim4 reload",
    faults={
        "old versions": lambda text: text.replace(
            "+VERS-TLS1.2:+VERS-TLS1.3", "+VERS-TLS1.0:+VERS-TLS1.1"
        ),
        "certificate alone": lambda text: text.replace(
            "$RENEWED_LINEAGE/$file.pem",
            '$RENEWED_LINEAGE/$(echo "$file" | sed s/full.*/cert/).pem',
        ),
    },
)

_START_SENDMAIL = """\
sed -i 's/Port=smtp, Addr=127.0.0.1/Port=smtp/' /etc/mail/sendmail.mc
cp /etc/mail/sendmail.mc /lab/sendmail.mc
m4 /etc/mail/sendmail.mc > /etc/mail/sendmail.cf
service sendmail start
"""

_PLACE_SENDMAIL = f"""\
sed -e '/^MAILER_DEFINITIONS/e cat /lab/settings' /lab/sendmail.mc > /etc/mail/sendmail.mc
{shown("sendmail/rebuild")}"""

_OLD_SENDMAIL = """\
+SSL_OP_NO_TLSv1_2 +SSL_OP_NO_TLSv1_3')dnl
define(`confCIPHER_LIST', `ALL:@SECLEVEL=0"""

SENDMAIL = Software(
    name="sendmail",
    root=SENDMAIL_AS_SENDER.root,
    settings="tls.mc",
    start=_START_SENDMAIL,
    place=_PLACE_SENDMAIL,
    reload="",
    faults={
        "old versions": lambda text: text.replace(
            "+SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1", _OLD_SENDMAIL
        ),
        "certificate alone": lambda text: text.replace("/cert.pem", "/fullchain.pem").replace(
            f"/etc/letsencrypt/live/{NAME}/chain.pem", "/etc/ssl/certs/ca-certificates.crt"
        ),
    },
)

SOFTWARE = {software.name: software for software in (POSTFIX, EXIM, SENDMAIL)}
"""Every mail server by its name."""
