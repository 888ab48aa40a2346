"""Sendmail: for each level a configuration."""

import re
from collections import defaultdict
from pathlib import Path

from tests.bounces.senders.sender import MAIL, SYSLOG, Logs, Sender, syslog
from tests.lab.root import Root

_LEVELS = {"verify": "TLS_Srv: VERIFY", "may": "", "encrypt": "TLS_Srv: ENCR:112"}

# Patience is shortened, so that those who never answer are given up soon. The second attempt is
# the last.
_CONFIGURATION = """\
divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
OSTYPE(`debian')
undefine(`confHOST_STATUS_DIRECTORY')
define(`QUEUE_DIR', `/queue/{level}')
define(`confDEAD_LETTER_DROP', `/queue/dead.letter')
define(`confDOMAIN_NAME', `mail.sender.example')
define(`confTO_QUEUERETURN', `2s')
define(`confQUEUE_LA', `10000')
define(`confREFUSE_LA', `10000')
define(`confTO_ICONNECT', `5s')
define(`confTO_CONNECT', `5s')
define(`confTO_INITIAL', `15s')
define(`confTO_HELO', `15s')
define(`confTO_MAIL', `15s')
define(`confTO_RCPT', `15s')
define(`confTO_DATAINIT', `15s')
define(`confTO_DATABLOCK', `15s')
define(`confTO_DATAFINAL', `15s')
define(`confTO_STARTTLS', `15s')
define(`confTO_QUIT', `2s')
define(`confTO_RESOLVER_RETRANS', `2s')
define(`confTO_RESOLVER_RETRY', `2')
define(`confCACERT', `/configuration/ca.pem')
define(`confCACERT_PATH', `/configuration')
define(`confCLIENT_SSL_OPTIONS', `+SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1')
FEATURE(`access_db', `hash -T<TMPF> /configuration/access-{level}')
FEATURE(`nocanonify')
MAILER(`local')
MAILER(`smtp')
"""

_SEND = """\
set -eu
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
echo '127.0.0.1 mail.sender.example mail localhost' > /etc/hosts.new
cat /etc/hosts.new > /etc/hosts
exec >> /lab/daemons.log 2>&1
mkdir -m 700 /queue /configuration
cp /lab/ca.pem /configuration/ca.pem
for level in $(cat /lab/levels); do
    mkdir -m 700 "/queue/$level"
    m4 "/lab/$level.mc" > "/configuration/$level.cf"
    makemap hash "/configuration/access-$level" < "/lab/$level.access"
done
# What is not delivered at once is for sendmail a failure.
xargs -P 20 -L 1 sh /lab/send.sh < /lab/mails || :
sleep 3
while [ -n "$(find /queue -name 'qf*')" ]; do
    for level in $(cat /lab/levels); do
        find "/queue/$level" -name 'qf*' | sed "s|.*/qf|$level |"
    done | xargs -r -P 20 -L 1 sh -c 'sendmail -C "/configuration/$0.cf" -Am -qI"$1"' || :
done
touch /lab/done
read -r _ || :
"""

_SEND_ONE = """\
mail "$1" "$2" | sendmail -C "/configuration/$1.cf" -Am -oi -odi -f "$1@sender.example" "$2"
"""

_SPEAKER = re.compile(r" sendmail\[(?P<process>\d+)\]: (?P<text>.*)")
_BOOKKEEPING = re.compile(
    r"gethostbyaddr|: from=|verify=OK|: DSN: |Draining Input|inconsistent reply"
)
_END = re.compile(r"^\w+: to=[^@,]*@(?P<domain>[^,]+), ctladdr=(?P<level>[^@]+)@.*, stat=(?!Sent)")


def _configure(folder: Path) -> str:
    (folder / "levels").write_text("\n".join(_LEVELS))
    for level, access in _LEVELS.items():
        (folder / f"{level}.mc").write_text(_CONFIGURATION.format(level=level))
        (folder / f"{level}.access").write_text(f"{access}\n")
    (folder / "send.sh").write_text(MAIL + _SEND_ONE)
    return SYSLOG + _SEND


def _logs(folder: Path) -> Logs:
    found: dict[tuple[str, str], list[str]] = {}
    said: defaultdict[str, list[str]] = defaultdict(list)
    for line in syslog(folder):
        if (speaker := _SPEAKER.search(line)) and not _BOOKKEEPING.search(line):
            said[speaker["process"]].append(line)
            if end := _END.search(speaker["text"]):
                lines = said.pop(speaker["process"])
                # The line at the end says what the report says.
                if len(lines) > 1:
                    found[end["level"], end["domain"]] = lines
    return found


SENDMAIL = Sender(
    name="sendmail",
    root=Root("sendmail", ("sendmail-bin", "sendmail-cf", "m4")),
    levels=tuple(_LEVELS),
    configure=_configure,
    logs=_logs,
    unfit=frozenset({"endless-greeting.test", "one-byte-a-second.test"}),
)
"""Sendmail."""
