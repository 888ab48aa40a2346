"""The mail servers that send, one module each."""

from tests.bounces.senders.exim import EXIM
from tests.bounces.senders.opensmtpd import OPENSMTPD
from tests.bounces.senders.postfix import POSTFIX
from tests.bounces.senders.sender import Sender
from tests.bounces.senders.sendmail import SENDMAIL

SENDERS: dict[str, Sender] = {
    sender.name: sender for sender in (POSTFIX, EXIM, SENDMAIL, OPENSMTPD)
}
"""Every sender by its name."""
