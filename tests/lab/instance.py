"""What every Postfix of the tests has in common, whether it takes mail or sends it."""

MAIN = """\
compatibility_level = 3.6
queue_directory = /var/spool/postfix
maillog_file_prefixes = /lab
mydestination =
alias_maps =
alias_database =
tls_random_source = dev:/dev/urandom
"""

SERVICES = """\
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 1 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
error     unix  - - n - - error
retry     unix  - - n - - error
postlog   unix-dgram n - n - 1 postlogd
"""

SENDER_MAIN = (
    MAIN
    + """\
maillog_file = /lab/sender.log
inet_interfaces = 127.0.0.1
inet_protocols = all
smtp_tls_CAfile = /lab/ca.pem
smtp_connection_cache_on_demand = no
"""
)

# Those who never answer are given up soon.
IMPATIENT = """\
enable_long_queue_ids = yes
smtp_per_request_deadline = yes
smtp_connect_timeout = 5s
smtp_helo_timeout = 15s
smtp_starttls_timeout = 15s
smtp_mail_timeout = 15s
smtp_rcpt_timeout = 15s
smtp_data_init_timeout = 15s
smtp_data_done_timeout = 15s
smtp_quit_timeout = 1s
"""

SENDER_SERVICES = (
    SERVICES
    + """\
pickup    unix  n - n 1 1 pickup
"""
)

# The policies of MTA-STS come from a program beside Postfix.
MTA_STS = """\
host: 127.0.0.1
port: 8461
reuse_port: true
cache:
  type: internal
default_zone:
  strict_testing: false
  timeout: 4
"""

# What an installation does beside unpacking.
INSTALL = """\
set -eu
groupadd --system postfix
groupadd --system postdrop
useradd --system --gid postfix --no-create-home postfix
chown postfix /var/lib/postfix
chgrp postdrop /usr/sbin/postdrop /usr/sbin/postqueue
chmod g+s /usr/sbin/postdrop /usr/sbin/postqueue
: > /etc/postfix/dynamicmaps.cf
"""

SET_UP = """\
set -eu
cp /lab/main.cf /lab/master.cf /etc/postfix/
rm -f /etc/resolv.conf
cp /lab/resolv.conf /etc/resolv.conf
exec >> /lab/daemons.log 2>&1
postfix check
"""

START = """\
"$(postconf -h daemon_directory)/master" -d -c /etc/postfix &
"""

START_MTA_STS = """\
SSL_CERT_FILE=/lab/ca.pem mta-sts-daemon -c /lab/mta-sts.yml &
"""
