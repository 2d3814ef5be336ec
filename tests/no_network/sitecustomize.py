"""Refuse every connection and look-up beyond this machine, in the tests and in every Python that they start.

Python imports a module of this name at start when its folder is on PYTHONPATH, so kernels and commands are held to
it too. A refusal is also written to a file: code that swallows the error is found out all the same.
"""

import ipaddress
import os
import sys

ADDRESS_AT = {  # audit event: position of the address among its arguments
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}


class NetworkUsedError(OSError):
    """A connection beyond this machine was tried."""


def is_local(address: object) -> bool:
    """Whether an address is a file, or loopback (an empty host means this machine)."""
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(address, str | bytes) and os.fsdecode(address).startswith(("/", "\0")):
        return True  # a Unix socket; "\0" begins an abstract one
    if isinstance(host, bytes):
        host = os.fsdecode(host)
    if host in (None, "", "localhost"):
        return True
    try:
        ip = ipaddress.ip_address(host.split("%")[0])
    except (AttributeError, ValueError):
        return False
    return ip.is_loopback or ip.is_unspecified


def refuse(event: str, arguments: tuple) -> None:
    """Audit hook: let local traffic pass, note and refuse all other."""
    position = ADDRESS_AT.get(event)
    if position is None or is_local(arguments[position]):
        return
    message = f"{event} {arguments[position]!r} by process {os.getpid()}: {' '.join(sys.orig_argv[:4])}"
    log = os.environ.get("NO_NETWORK_LOG")
    if log:
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 -- pathlib is not loaded in every child
            file.write(message + "\n")
    raise NetworkUsedError(message)


sys.addaudithook(refuse)
