"""Postfix and Exim as senders whose reports hold the links, set up with the printed configuration.

Each gives a mail one attempt, but for those of one domain: their senders are told of the delay.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checker.problems import PROBLEMS, Family
from tests.lab import instance
from tests.lab.domains import DOMAINS
from tests.lab.root import Root
from tests.serving import ROOT

OPERATOR = "mediafinanz"
PATIENT_OPERATOR = "careful"

PATIENT = "tls-1-1-only.test"
"""Mail to this domain is tried again."""

LONG = "self-signed.test"
"""The recipient's address there leaves no room beside it in a line of Postfix's report."""

VERIFIED = "verified@expired.test"
"""What becomes of a mail to this one is asked without a mail, with "sendmail -bv"."""

FORCED = f"forced@{PATIENT}"
"""Mail to this one is given up before its time, as the page for senders says."""

TRIED = {"postfix": [VERIFIED, FORCED], "exim": [FORCED]}
"""Whom the commands of that page are tried on."""

SETTINGS = ("before", "during", "after")
"""When what is set is written down: the page's commands turn the links on, and take them back."""


def page_commands() -> Iterator[tuple[str, str]]:
    """The commands of the page for senders, each block by its heading's id and its number there."""
    page = (ROOT / "docs" / "en" / "support.md").read_text(encoding="utf-8")
    for section in re.split(r"^#+ .*(?=\{#)", page, flags=re.MULTILINE)[1:]:
        id_ = section.removeprefix("{#").partition("}")[0]
        blocks = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
        for number, block in enumerate(blocks, start=1):
            yield f"{id_}.{number}", block


_FAMILIES = {Family.NO_ENCRYPTION, Family.OUTDATED_ENCRYPTION, Family.CERTIFICATE}


@dataclass(frozen=True, slots=True)
class Sender:
    """A mail server with links in its reports.

    Attributes:
        root: Where it is installed.
        configure: Writes its files into a folder, and returns the shell script that sends a mail to
            each recipient. There the folder is ``/lab``, and the printed configuration is in
            ``/lab/links``, that of the patient operator in ``/lab/patient``, and the commands of
            the page for senders in ``/lab/page``.
        mailbox: The folder of reports, below that folder.
    """

    root: Root
    configure: Callable[[Path], str]
    mailbox: str


LOST = "closes-at-starttls.test"
"""The mail server there closes the connection."""

CROWDED = PATIENT
"""So much mail goes to this domain that Postfix does not try to deliver the last of it."""


def recipients(mta: str, domain: str) -> list[str]:
    """Who gets a mail each."""
    names = {LONG: ["a" * 60]}
    if mta == "postfix":
        names[CROWDED] = [f"anna.{number}" for number in range(12)]
    return [f"{name}@{domain}" for name in names.get(domain, ["anna"])]


_NAMES = {
    "tls-1-3-only.test",
    "tls-1-1-only.test",
    "tls-1-0-only.test",
    "ssl-3-only.test",
    "triple-des-only.test",
    "null-cipher.test",
    "dh-512.test",
    "client-certificate.test",
    "no-starttls.test",
    "starttls-masked.test",
    "hello-only.test",
    "starttls-454.test",
    "starttls-502.test",
    "closes-at-starttls.test",
    "tls-garbage.test",
    "tls-text.test",
    "expired.test",
    "not-yet-valid.test",
    "self-signed.test",
    "unknown-ca.test",
    "unknown-ca-with-root.test",
    "chain-incomplete.test",
    "wrong-name.test",
    "wildcard-too-deep.test",
    "cname-mx-target.test",
    "sha1-signature.test",
    "needs-sni.test",
    "expired-and-wrong-name.test",
}

DEFECTS = [domain for domain in DOMAINS if domain.domain in _NAMES]
"""Where encryption or the certificate is what keeps a mail from arriving."""


def all_defects() -> set[str]:
    """Every problem of encryption or of certificates that keeps a mail from arriving somewhere."""
    found = {domain.expected[OPERATOR] for domain in DOMAINS if OPERATOR in domain.expected}
    return {
        problem
        for outcome, problem in found
        if outcome == "fails" and PROBLEMS[problem].family in _FAMILIES
    }


_POSTFIX_MAIN = (
    instance.SENDER_MAIN
    + f"""\
myhostname = sender.links.test
smtp_tls_security_level = verify
smtp_tls_mandatory_protocols = >=TLSv1.2, <=TLSv1.2
virtual_mailbox_domains = home.test
virtual_mailbox_base = /lab
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
transport_maps = inline:{{ {PATIENT}=patient }}
delay_warning_time = 1s
queue_run_delay = 2s
minimal_backoff_time = 2s
"""
)

_POSTFIX_SERVICES = (
    instance.SENDER_SERVICES
    + """\
smtp      unix  - - n - - smtp
patient   unix  - - n - - smtp
    -o smtp_delivery_status_filter=pcre:/lab/patient/zustellbar-status.pcre
virtual   unix  - n n - - virtual
flush     unix  n - n 1000? 0 flush
showq     unix  n - n - - showq
"""
)

_POSTFIX_SCRIPT = (
    instance.SET_UP
    + """\
settings() { postconf -n; postconf -M; postconf -P; ls /etc/postfix; }
chmod 755 /lab
install -d -o nobody /lab/mail
"""
    + instance.START
    + """\
until postfix status; do sleep 0.1; done
settings > /lab/before
cp /lab/links/* /etc/postfix/
. /lab/page/postfix-on.1
settings > /lab/during
. /lab/page/postfix-off.1
settings > /lab/after
cp /lab/links/* /etc/postfix/
. /lab/page/postfix-on.1
. /lab/page/postfix-try.1 > /lab/tried
# All mails are to be there at once, however long it takes to write them.
postfix stop
while read -r recipient; do
    printf 'Subject: A mail\\n\\nA mail.\\n' | sendmail -f anna@home.test "$recipient"
done < /lab/recipients
"""
    + instance.START
    + f"""\
until postfix status; do sleep 0.1; done
sed 's/anna@example.net/-f anna@home.test {VERIFIED}/' /lab/page/postfix-try.2 | sh
printf 'Subject: A mail\\n\\nA mail.\\n' | sendmail -f anna@home.test {FORCED}
id=
until [ "$id" ]; do
    sleep 0.2
    id=$(postqueue -j | sed -n '/{FORCED}/s/.*"deferred".*"queue_id": "\\([^"]*\\)".*/\\1/p')
done
sed "s/ID$/$id/" /lab/page/postfix-try.3 | sh
read -r _ || :
"""
)

_EXIM_MAIN = f"""\
primary_hostname = sender.links.test
keep_environment =
tls_advertise_hosts =
log_file_path = /lab/exim/%s
local_interfaces = 127.0.0.1
delay_warning = 1s
.include /etc/exim4/zustellbar-main.conf
begin retry
{PATIENT}  *  F,1h,1s
.include /etc/exim4/zustellbar-retry.conf
begin routers
home:
  driver = accept
  domains = home.test
  transport = mailbox
abroad:
  driver = dnslookup
  transport = smtp
begin transports
mailbox:
  driver = appendfile
  directory = /lab/exim/mail
  maildir_format
  user = Debian-exim
smtp:
  driver = smtp
  hosts_try_dane =
  hosts_require_tls = *
  tls_verify_hosts = *
  tls_verify_certificates = /lab/ca.pem
  tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.2
"""

_EXIM_SCRIPT = """\
set -eu
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
chmod 755 /lab
install -d -o Debian-exim -g Debian-exim /lab/exim /run/exim4
exec >> /lab/daemons.log 2>&1
# The commands of the page are for Debian's own configuration, and none runs here to be reloaded.
systemctl() { :; }
settings() { update-exim4.conf; cat /var/lib/exim4/config.autogenerated; ls -R /etc/exim4; }
sed -i "s/^dc_use_split_config=.*/dc_use_split_config='true'/" /etc/exim4/update-exim4.conf.conf
settings > /lab/before
cp /lab/links/* /etc/exim4/
. /lab/page/exim-on.1
settings > /lab/during
sh /lab/page/exim-try.1 > /lab/tried || :
. /lab/page/exim-off.1
settings > /lab/after
cp /lab/links/* /etc/exim4/
cp /lab/exim.conf /etc/exim4/exim4.conf
while read -r recipient; do
    printf 'Subject: A mail\\n\\nA mail.\\n' | exim4 -odb -f anna@home.test "$recipient"
done < /lab/recipients
sleep 2
exim4 -q
# The mail that is still waiting gets another history.
waiting="$(exim4 -bpr | awk 'NF > 3 { print $3; exit }')"
cp /lab/history "/var/spool/exim4/msglog/$waiting"
echo '${expand:${readfile{/etc/exim4/zustellbar-bounce.txt}}}' |
    exim4 -be -Mset "$waiting" > /lab/expanding
mv /lab/expanding /lab/expanded
printf 'Subject: A mail\\n\\nA mail.\\n' | exim4 -odf -f anna@home.test FORCED
id="$(exim4 -bp | awk 'NF > 3 { id = $3 } /FORCED/ { print id }')"
sed "s/ID$/$id/" /lab/page/exim-try.2 | sh
read -r _ || :
""".replace("FORCED", FORCED)

HISTORY = """\
2026-11-20 08:00:00 Received from anna@home.test U=root P=local S=301
2026-11-20 08:00:01 anna@late.test R=abroad T=smtp defer (-54): retry time not reached for any \
host for 'late.test'
2026-11-20 08:00:01 anna@twice.test R=abroad T=smtp defer (-37) H=mx.twice.test [192.0.2.1]: \
TLS session: (certificate verification failed): certificate has expired
2026-11-20 08:00:01 anna@mended.test R=abroad T=smtp defer (-38) H=mx.mended.test [192.0.2.2]: \
a TLS session is required, but the server did not offer TLS support
2026-11-20 08:00:01 anna@down.test R=abroad T=smtp defer (111) H=mx.down.test [192.0.2.3]: \
Connection refused
2026-11-21 09:00:00 anna@twice.test R=abroad T=smtp defer (-54): retry time not reached for any \
host for 'twice.test'
2026-11-21 09:00:00 +0100 [4711] Berta@twice.test <anna@home.test> R=abroad T=smtp defer (-37) \
H=mx.twice.test [192.0.2.1]:25: TLS session: (certificate verification failed): \
certificate has expired
2026-11-21 09:00:00 anna@mended.test: smtp transport succeeded
"""
"""What Exim's log of a message may hold, in the words that the real one used in a trial."""


def _configure_postfix(folder: Path) -> str:
    (folder / "main.cf").write_text(_POSTFIX_MAIN)
    (folder / "master.cf").write_text(_POSTFIX_SERVICES)
    return _POSTFIX_SCRIPT


def _configure_exim(folder: Path) -> str:
    (folder / "exim.conf").write_text(_EXIM_MAIN)
    return _EXIM_SCRIPT


SENDERS = {
    "postfix": Sender(
        root=Root("links-postfix", ("postfix", "postfix-pcre")),
        configure=_configure_postfix,
        mailbox="mail/new",
    ),
    "exim": Sender(
        root=Root("exim", ("exim4-daemon-light",)),
        configure=_configure_exim,
        mailbox="exim/mail/new",
    ),
}
"""By the names that the command knows them by."""
