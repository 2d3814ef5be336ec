"""The process that kernels and other modules are forked from: it has imported the heavy libraries, and does no more.

It is started by :mod:`analysis.pipeline.forked_kernels` as ``python -m analysis.pipeline.kernel_template FD``, where
FD is a socket. For each request on it, the process forks, and the child runs the module of the request
(``ipykernel_launcher`` for a kernel) as ``python -m`` does, with the arguments, working directory, environment and
output of the request. A request without descriptors names modules to import once the next child is forked. When the
socket is closed the process ends, and its children end with it.

A fork copies the memory and one thread. So no thread of Python is started here, no zmq context is made and no file is
opened: nothing but imports.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, cast

# What every kernel needs: no kernel is forked before these are imported.
FIRST = ("ipykernel.kernelapp", "ipykernel.ipkernel", "analysis.api", "pyarrow.parquet", "analysis.extracts")
# What later notebooks need: imported while the first one runs. Requests are answered between two of them.
THEN = (
    "analysis.runs.open_report",
    "scipy.special",
    "analysis.quality",
    "analysis.report.assembly",
    "analysis.charts.report_charts",
    "analysis.comparison.text",
    "analysis.pipeline.compare",
    "analysis.pipeline.make_downloads",
)
_LARGEST_REQUEST = 1_000_000
_PR_SET_PDEATHSIG = 1  # Linux: prctl(2)
# What pandas finds out when it is imported in a kernel. In the template it takes itself to be on a terminal.
_PANDAS_IN_A_KERNEL = {"display.max_columns": 20, "display.encoding": "UTF-8"}


def main() -> None:
    """Serve requests until the socket is closed; in a forked child, run its module."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # imports make nothing that it could collect, and take an eighth longer with it
    here = os.getcwd()  # noqa: PTH109 - as ipykernel_launcher compares it
    if sys.path and sys.path[0] in {"", here}:
        del sys.path[0]
    for name in FIRST:
        importlib.import_module(name)
    request = _Template(socket.socket(fileno=int(sys.argv[1]))).serve(list(THEN))
    if request is not None:
        _run_module(request)


class _Template:
    """The children that were forked, each with the socket on which the end of its process is told."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.selector = selectors.DefaultSelector()
        self.selector.register(channel, selectors.EVENT_READ)
        self.living: dict[int, tuple[int, socket.socket]] = {}  # pidfd: pid, socket

    def serve(self, to_import: list[str]) -> dict[str, Any] | None:
        """Import, fork and tell who has ended. Returns in a child, with its request, and at the end, with nothing."""
        # An import cannot be interrupted, and the child that is asked for next must not wait for it.
        after_next: list[str] = []
        while True:
            events = self.selector.select(0 if to_import else None)
            for key, _ in events:
                if key.fileobj is self.channel:
                    message, descriptors, _, _ = socket.recv_fds(self.channel, _LARGEST_REQUEST, 3)
                    if not message:
                        return None
                    if not descriptors:
                        after_next += json.loads(message)["import"]
                        continue
                    request = self._fork(message, descriptors)
                    if request is not None:
                        return request
                    to_import, after_next = to_import + after_next, []
                elif isinstance(key.fileobj, socket.socket):
                    self._forget(key.fileobj, key.data)
                else:
                    self._tell_end(cast("int", key.fileobj))
            if to_import and not events:
                with contextlib.suppress(ImportError):  # the notebook that needs it will say so
                    importlib.import_module(to_import.pop(0))

    def _fork(self, message: bytes, descriptors: list[int]) -> dict[str, Any] | None:
        status = socket.socket(fileno=descriptors[0])
        if threading.active_count() > 1:  # a library has started one: a lock it holds would be held for ever in a child
            status.close()
            return None
        gc.freeze()  # what is shared stays shared: the collector does not write to it
        pid = os.fork()
        if pid == 0:
            self._close_all(status)
            request: dict[str, Any] = json.loads(message)
            return request | {"output": descriptors[1:]}
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        ended = os.pidfd_open(pid)
        self.living[ended] = pid, status
        self.selector.register(ended, selectors.EVENT_READ)
        status.send(b"%d" % pid)
        return None

    def _close_all(self, status: socket.socket) -> None:
        """In a child: let go of what belongs to the parent and to other children."""
        self.selector.close()
        self.channel.close()
        status.close()
        for ended, (_, other) in self.living.items():
            os.close(ended)
            other.close()

    def _tell_end(self, ended: int) -> None:
        """Tell with which code a child ended. Until that was heard, no other process can have its number."""
        pid, status = self.living.pop(ended)
        self.selector.unregister(ended)
        os.close(ended)
        how = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        code = how.si_status if how is not None and how.si_code == os.CLD_EXITED else -(how.si_status if how else 0)
        with contextlib.suppress(OSError):  # nobody listens any more
            status.send(b"%d" % code)
        self.selector.register(status, selectors.EVENT_READ, data=pid)

    def _forget(self, status: socket.socket, pid: int) -> None:
        self.selector.unregister(status)
        status.close()
        os.waitpid(pid, 0)


def _run_module(request: dict[str, Any]) -> None:
    """Take on the surroundings of the request, and run its module as ``python -m`` does."""
    gc.enable()
    os.setsid()  # a process group of its own: an interrupt reaches what its cells start, and nobody else
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out, err = request["output"]
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, number in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(new, number)
        os.close(new)
    os.chdir(request["cwd"])
    # As IPython's own poller for the death of its parent expects it.
    os.environ.update(request["env"] | {"JPY_PARENT_PID": str(parent)})
    if numpy := sys.modules.get("numpy"):  # Python's own generator is seeded anew by the fork
        numpy.random.seed()
    if pandas := sys.modules.get("pandas"):
        for name, value in _PANDAS_IN_A_KERNEL.items():
            pandas.set_option(name, value)
    module = request["module"]
    spec = importlib.util.find_spec(module)
    sys.argv = [str(spec.origin) if spec else module, *request["arguments"]]
    sys.orig_argv = [sys.executable, "-m", module, *request["arguments"]]
    here = Path.cwd()
    sys.path[:] = [entry for number, entry in enumerate(sys.path) if number or entry != str(here)]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
