"""Kernels that start at once: a provisioner for ``jupyter_client``, which forks from a process with the imports done.

It is registered under the entry point ``jupyter_client.kernel_provisioners`` as ``analysis-forked``, so that papermill,
nbclient and JupyterLab can use it too: with ``JUPYTER_DEFAULT_PROVISIONER_NAME=analysis-forked``, or by
``metadata.kernel_provisioner`` in a kernel's specification. Each kernel is a process of its own, with its own memory,
working directory and process group. The first kernel of an environment starts its template
(:mod:`analysis.pipeline.kernel_template`), which ends with this process.

A plain kernel is started where forking is not to be had: outside Linux, on a Linux without ``pidfd``, for a kernel of
another interpreter or with an environment of its own, when the template does not answer, and with
``ANALYSIS_KERNELS=plain``. The results are the same.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.charts.drawing_requests import VARIABLE

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

NAME = "analysis-forked"
SWITCH = "ANALYSIS_KERNELS"
_PLAIN = "plain"
_TEMPLATE = "analysis.pipeline.kernel_template"
LAUNCHER = "ipykernel_launcher"
# The imports take two seconds; on a machine that is busy with other things ten times that and more.
_PATIENCE_SECONDS = 60.0
_STEP_SECONDS = 0.02
# What a kernel has of its own: what jupyter_client gives to each anew, and whether its charts are drawn beside it.
_OWN = ("JPY_", VARIABLE)


class TemplateError(Exception):
    """The template process does not fork."""


class ForkedProcess:
    """A forked process, with the part of :class:`subprocess.Popen` that provisioners use."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, status: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """The exit code, or the negative number of the signal that ended it; ``None`` while it lives."""
        with self._lock:
            if self.returncode is None and select.select([self._status], [], [], 0)[0]:
                answer = self._status.recv(32)
                # Without a word: the template has died, and its kernels with it.
                self.returncode = int(answer) if answer else -signal.SIGKILL
                self._status.close()
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process.

        Raises
        ------
        subprocess.TimeoutExpired
            When it has not ended after ``timeout`` seconds.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(NAME, timeout or 0)
            time.sleep(_STEP_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class KernelTemplate:
    """The process that kernels with the environment ``environment`` are forked from; it imports while others work.

    Raises
    ------
    OSError
        When no process can be started.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = _shared(environment)
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._channel = ours
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", _TEMPLATE, str(theirs.fileno())],
                    env=self.environment,
                    cwd="/",
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # an interrupt on the terminal is not for it
                )
            except BaseException:
                ours.close()
                raise

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def fork(
        self,
        arguments: Sequence[str],
        *,
        cwd: str | None,
        environment: Mapping[str, str],
        output: tuple[int, int],
        module: str = LAUNCHER,
    ) -> ForkedProcess:
        """Fork a process that runs a module as ``python -m`` does.

        Parameters
        ----------
        arguments
            Those of the module.
        cwd
            The working directory; by default that of this process.
        environment
            Its whole environment.
        output
            The descriptors of its standard output and error.
        module
            What it runs; by default it is a kernel.

        Raises
        ------
        TemplateError
            When the environment is not that of the template, or it does not answer.
        """
        if _shared(environment) != self.environment:
            raise TemplateError("the process is asked for with another environment")
        own = {name: value for name, value in environment.items() if name.startswith(_OWN)}
        here = cwd or os.getcwd()  # noqa: PTH109 - a text
        request = {"module": module, "arguments": list(arguments), "cwd": here, "env": own}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, self._lock:
                socket.send_fds(self._channel, [json.dumps(request).encode()], [theirs.fileno(), *output])
            answered = select.select([ours], [], [], _PATIENCE_SECONDS)[0]
            answer = ours.recv(32) if answered else b""
        except OSError as fault:
            ours.close()
            raise TemplateError(str(fault)) from fault
        if not answer:
            ours.close()
            raise TemplateError("the template does not answer")
        return ForkedProcess(int(answer), ours)

    def import_after_next(self, *modules: str) -> None:
        """Have modules imported beside the next child, for those after it."""
        with self._lock, contextlib.suppress(OSError):  # they are imported where they are needed
            self._channel.send(json.dumps({"import": modules}).encode())

    def close(self) -> None:
        """End the process, and with it every child of it that still lives; it has nothing to tidy up."""
        self._process.kill()
        self._process.wait()
        self._channel.close()


class ForkedKernelProvisioner(LocalProvisioner):
    """Fork a kernel where that can be had, else start it."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        """Launch the kernel with the command ``cmd``, and give what is needed to connect to it."""
        given = self._scrub_kwargs(settings)
        process = await asyncio.to_thread(self._fork, cmd, given) if _is_forkable(cmd, given) else None
        if process is None:
            return await super().launch_kernel(cmd, **settings)
        self.process = process  # type: ignore[assignment]  # declared as None there
        self.pid = self.pgid = process.pid  # it leads a group of its own  # type: ignore[assignment]
        return self.connection_info

    def _fork(self, cmd: Sequence[str], given: Mapping[str, Any]) -> ForkedProcess | None:
        environment = given["env"]
        try:
            template = getattr(self.parent, "template", None) or _template_for(environment)
            output = _descriptor(given.get("stdout"), 1), _descriptor(given.get("stderr"), 2)
            return template.fork(_arguments(cmd) or [], cwd=given.get("cwd"), environment=environment, output=output)
        except (TemplateError, OSError) as fault:
            self.log.warning("A plain kernel is started: %s", fault)
            return None


def forking_is_supported() -> bool:
    """Whether kernels can be forked here, and nobody has switched it off (``ANALYSIS_KERNELS=plain``)."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open") or os.environ.get(SWITCH, "").lower() == _PLAIN:
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:  # a Linux before 5.3, or a container that forbids it
        return False
    return True


def _is_forkable(cmd: Sequence[str], given: Mapping[str, Any]) -> bool:
    streams = (given.get("stdout"), given.get("stderr"))
    known = all(
        stream is None or hasattr(stream, "fileno") or (isinstance(stream, int) and stream >= 0) for stream in streams
    )
    return _arguments(cmd) is not None and known and "env" in given and forking_is_supported()


def _arguments(cmd: Sequence[str]) -> list[str] | None:
    """The arguments of ``ipykernel_launcher``, if the command runs that with this interpreter."""
    return list(cmd[3:]) if list(cmd[:3]) == [sys.executable, "-m", LAUNCHER] else None


def _descriptor(stream: Any, default: int) -> int:
    if stream is None:
        return default
    return stream if isinstance(stream, int) else int(stream.fileno())


def _shared(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that the kernels of a template have in common."""
    return {name: value for name, value in environment.items() if not name.startswith(_OWN)}


# ---- templates of this process: for papermill, nbclient and JupyterLab -----------------------------------------------

_templates: list[KernelTemplate] = []
_templates_lock = threading.Lock()


def _template_for(environment: Mapping[str, str]) -> KernelTemplate:
    """The template with this environment; there is one at a time, because most programs have one environment."""
    with _templates_lock:
        for template in _templates:
            if template.environment == _shared(environment) and template.is_alive:
                return template
        template = KernelTemplate(environment)
        _templates.append(template)
        return template


@atexit.register
def _close_templates() -> None:
    while _templates:
        _templates.pop().close()
