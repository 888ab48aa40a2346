"""Overlay roots with mail and name servers: the machine's own system stays as it is.

What the installation adds to the machine's root is kept as an archive. A run lays it over the
root in memory, in namespaces of its own, so that it ends with its one parent process.

A root of another release of Debian than the machine's is whole: packages of that release, unpacked
and not configured, which takes seconds where an installation takes minutes.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.folders import CACHE, locked, run_folder

_TOOLS = ("unshare", "mount", "umount", "chroot", "tar", "apt-get", "debconf-set-selections")
_DPKG_STATUS = Path("/var/lib/dpkg/status")

_ARCHIVE, _WHOLE_ARCHIVE = ".tar", ".system.tar"

_MEMORY = """\
set -eu
mount -t tmpfs -o mode=755 lab memory
"""

_OVERLAY = """\
mkdir memory/upper memory/work memory/tree
if [ -n "${1-}" ]; then
    tar -C memory/upper --numeric-owner --xattrs --xattrs-include='*' -xf "$1" || exit 65
fi
mount -t overlay -o lowerdir=/,upperdir=memory/upper,workdir=memory/work lab memory/tree
"""

_WHOLE = """\
mkdir memory/tree
tar -C memory/tree --numeric-owner --xattrs --xattrs-include='*' -xf "$1" || exit 65
"""

_MOUNT = """\
mount -t proc lab memory/tree/proc
mount --rbind /dev memory/tree/dev
"""

# The machine's name servers may stand behind a link into /run, which the overlay does not hold.
# The package lists may be missing or too old: only then are they fetched.
# Sendmail's installation waits a minute where the machine's name has no domain.
_INSTALL = """\
exec 3>&1 >&2
cat /etc/resolv.conf > memory/resolv.conf
rm -f memory/tree/etc/resolv.conf
cp memory/resolv.conf memory/tree/etc/resolv.conf
cat /etc/hosts > memory/hosts
name=$(uname -n)
printf '127.0.0.1 %s.lab.test %s\\n' "$name" "$name" | cat - memory/hosts > memory/tree/etc/hosts
printf '#!/bin/sh\\nexit 101\\n' > memory/tree/usr/sbin/policy-rc.d
chmod 755 memory/tree/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
echo 'postfix postfix/main_mailer_type select No configuration' |
    chroot memory/tree debconf-set-selections
install="apt-get install -q -y --no-install-recommends $2"
chroot memory/tree $install || {
    chroot memory/tree apt-get update -q
    chroot memory/tree $install
}
umount -R -l memory/tree
rm -rf memory/upper/var/cache memory/upper/var/lib/apt memory/upper/usr/share/doc
rm -rf memory/upper/usr/share/man memory/upper/tmp memory/upper/etc/hosts
tar -C memory/upper --numeric-owner --xattrs --xattrs-include='*' -cf - . >&3
"""

# From where the machine gets its own packages; without a list of what is there, the first source.
# With nothing installed apt brings all that the packages need, but for what every system has.
_UNPACK = """\
exec 3>&1 >&2
sources() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "$@" | head -n 1; }
site=$(sources 'Origin: Debian' 'Label: Debian')
site=${site:-$(sources)}
keys=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p memory/apt/etc memory/apt/lists/partial memory/apt/archives/partial
: > memory/apt/status
echo "deb [signed-by=$keys] $site $2 main" > memory/apt/etc/sources.list
apt() {
    apt-get -q -y -o Dir::Etc="$PWD/memory/apt/etc" -o Dir::State::status="$PWD/memory/apt/status" \
        -o Dir::State::lists="$PWD/memory/apt/lists" -o Dir::Cache="$PWD/memory/apt" \
        -o Dir::Cache::archives="$PWD/memory/apt/archives" -o Acquire::Languages=none \
        -o APT::Sandbox::User=root "$@"
}
apt -o APT::Update::Error-Mode=any update
shift 2
for group in 'base-files base-passwd coreutils dash findutils gawk grep sed' "$@"; do
    apt install --download-only --no-install-recommends $group
done
mkdir -p memory/tree/usr/bin memory/tree/usr/sbin memory/tree/usr/lib memory/tree/usr/lib64
mkdir memory/tree/dev memory/tree/proc memory/tree/tmp memory/tree/run
ln -s usr/bin usr/sbin usr/lib usr/lib64 memory/tree
for package in memory/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -C memory/tree --keep-directory-symlink \
        --exclude='./usr/share/doc/*' --exclude='./usr/share/locale/*' -x
    dpkg-deb --show "$package" >> memory/tree/packages
done
for file in passwd group; do
    cp "memory/tree/usr/share/base-passwd/$file.master" "memory/tree/etc/$file"
done
tar -C memory/tree --numeric-owner --xattrs --xattrs-include='*' -cf - . >&3
"""

_START = """\
mkdir memory/tree/lab
mount --bind . memory/tree/lab
exec chroot memory/tree /bin/sh /lab/daemons.sh
"""


@dataclass(frozen=True, slots=True)
class Root:
    """A root with what is installed in it.

    Attributes:
        name: The name of its archive.
        packages: Debian's; those of another release may be several names in one, and need not agree
            with those of the next.
        release: The code name of the release that they are taken from; none is the machine's own.
            Its ``/packages`` lists what is unpacked, and users are not made.
    """

    name: str
    packages: tuple[str, ...]
    release: str | None = None


def prepare(root: Root) -> Path:
    """Make the archive of an overlay root, unless there is one that fits this machine."""
    ending = _ARCHIVE if root.release is None else _WHOLE_ARCHIVE
    archive = CACHE / f"{root.name}-{_fingerprint(root)}{ending}"
    with run_folder() as folder, locked(CACHE / f"{root.name}.lock"):
        if archive.exists():
            return archive
        unfinished = folder / "root.tar"
        (folder / "memory").mkdir()
        with unfinished.open("wb") as output:
            done = subprocess.run(  # noqa: S603 - the command is this module's own
                _making(root),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                check=False,
            )
        if done.returncode:
            raise LabError(f"the mail lab's root could not be made: {complaint(done.stderr)}")
        for old in CACHE.glob(f"{root.name}-*{ending}"):
            old.unlink()
        unfinished.rename(archive)
    return archive


def start(archive: Path, script: str, *, folder: Path) -> subprocess.Popen[bytes]:
    """Run a shell script in the root: what it starts ends with it.

    Args:
        archive: Of the root.
        script: Ends when its input does.
        folder: What the script finds as ``/lab``.
    """
    (folder / "memory").mkdir()
    (folder / "daemons.sh").write_text(script)
    lay = _WHOLE if archive.name.endswith(_WHOLE_ARCHIVE) else _OVERLAY
    with (folder / "start.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - the command is this module's own
            _in_namespaces(_MEMORY + lay + _MOUNT + _START, str(archive)),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            # An interrupt in the terminal is for the lab, which then ends them in order.
            start_new_session=True,
        )


def complaint(text: str) -> str:
    """The line of a program's output that says what went wrong: the first error, or the last."""
    lines = [line for line in text.splitlines() if line.strip()] or ["no output"]
    errors = [line for line in lines if re.search("error|fatal", line, re.IGNORECASE)]
    return (errors or lines[-1:])[0]


def become_root() -> list[str]:
    """What stands before a command that root must run."""
    if os.geteuid() == 0:
        return []
    if sudo := shutil.which("sudo"):
        allowed = subprocess.run(  # noqa: S603 - found on the search path, fixed arguments
            [sudo, "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if allowed.returncode == 0:
            return [sudo, "-n"]
    raise LabError("the mail lab needs root, or sudo without a password (sudo -n)")


def _making(root: Root) -> list[str]:
    """The command that writes the archive of a root to its output."""
    if root.release is None:
        return _in_namespaces(_MEMORY + _OVERLAY + _MOUNT + _INSTALL, "", " ".join(root.packages))
    return _in_namespaces(_MEMORY + _UNPACK, "", root.release, *root.packages)


def _in_namespaces(script: str, *arguments: str) -> list[str]:
    search_path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
    missing = [tool for tool in _TOOLS if not shutil.which(tool, path=search_path)]
    if missing:
        raise LabError(f"the mail lab needs Debian and its {', '.join(missing)}")
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    shell = ["sh", "-c", f"PATH={shlex.quote(search_path)}\n{script}", "lab", *arguments]
    return [*become_root(), *namespaces, "--propagation", "private", *shell]


def _fingerprint(root: Root) -> str:
    """What the archive depends on: the machine's packages and how it is made."""
    if not _DPKG_STATUS.exists():
        raise LabError("the mail lab needs Debian: there is no dpkg here")
    if root.release is not None:
        return hashlib.sha256(f"{root} {_UNPACK}".encode()).hexdigest()[:16]
    made_from = f"{root} {_INSTALL}".encode()
    return hashlib.sha256(_DPKG_STATUS.read_bytes() + made_from).hexdigest()[:16]
