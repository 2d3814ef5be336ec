"""Run a command without any network, and count how often it, or a process of it, wanted to reach another machine.

``python outbound.py COUNT_FILE COMMAND...`` is run inside new network and mount namespaces (:data:`UNPLUGGED`). There the
loopback device is the only one, and no route leads elsewhere. The kernel counts each packet that has no route, whoever
wanted to send it: a library in Rust as well as Python. Look-ups of names count too: the only name server is elsewhere.
"""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

UNPLUGGED = (("unshare", "--net", "--mount"), ("unshare", "--map-root-user", "--net", "--mount"))
NAME_SERVER = "nameserver 192.0.2.53\n"  # an address for documentation (RFC 5737), which no machine has
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS
_UP_AND_RUNNING = 0x1 | 0x40


def unplugged(count: Path) -> list[str] | None:
    """What to put before a command so that it runs so and its count is written; ``None`` where that is not permitted."""
    for program in UNPLUGGED if shutil.which("unshare") else ():
        before = [*program, sys.executable, str(Path(__file__).resolve()), str(count)]
        if subprocess.run([*before, "true"], capture_output=True, check=False).returncode == 0:
            return before
    return None


def packets_without_route() -> int:
    """What the kernel has counted in this namespace, of IPv4 and of IPv6."""
    names, numbers = (
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:")
    )
    version_6 = dict(line.split() for line in Path("/proc/net/snmp6").read_text().splitlines())
    return int(dict(zip(names, numbers, strict=True))["OutNoRoutes"]) + int(version_6.get("Ip6OutNoRoutes", 0))


def main(count: str, *command: str) -> int:
    """Set up the namespaces that this process is in, run the command, and write the count."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        import fcntl  # not on Windows

        fcntl.ioctl(device, _SET_FLAGS, struct.pack("16sh", b"lo", _UP_AND_RUNNING))
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as servers:
        servers.write(NAME_SERVER)
        servers.flush()
        subprocess.run(["mount", "--bind", servers.name, "/etc/resolv.conf"], check=True)
        before = packets_without_route()
        code = subprocess.run(command, check=False).returncode
        Path(count).write_text(str(packets_without_route() - before), encoding="ascii")
        subprocess.run(["umount", "/etc/resolv.conf"], check=True)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
