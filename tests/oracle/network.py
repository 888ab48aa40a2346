"""Brings up a new network namespace, and runs the module named: nothing must look before."""

import fcntl
import runpy
import socket
import struct
import sys

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1

if __name__ == "__main__":
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    runpy.run_module(sys.argv[1], run_name="__main__")
