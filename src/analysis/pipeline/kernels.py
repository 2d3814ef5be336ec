"""The kernels that notebooks run in: this very interpreter, over IPC, without the user's own start-up files."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar
from uuid import uuid4

import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from analysis.errors import NotebookError
from analysis.pipeline.files_read import NOTE_FILES_READ
from analysis.pipeline.forked_kernels import NAME as FORKED
from analysis.pipeline.forked_kernels import ForkedProcess, KernelTemplate, TemplateError, forking_is_supported
from analysis.pipeline.locks import Lock, LockHeldError
from analysis.settings import LAB_VARIABLES, RUN_MARK

_HOME = "analysis-"
# The path of a socket may have 103 bytes on macOS and 107 on Linux; the longest of ours adds "/1a2b3c4d-ipc-5".
_LONGEST_HOME = 85
# More than the connection files and the sockets of all kernels need; a folder without so much room is as good as full.
_PROBE = b"\0" * 65_536
# The group of entry points in which jupyter_client looks; an environment made before the package had one lacks it.
_PROVISIONERS = "jupyter_client.kernel_provisioners"
# To wait for a kernel's answer, before it is seen whether it lives; and for the output that comes with it.
_ANSWER_SECONDS, _OUTPUT_SECONDS = 1.0, 0.2
_END_SECONDS = 0.01  # between two looks whether a kernel has ended, which takes it a tenth of a second
_GRACE_SECONDS = 3.0  # for a process that was told to end, before it is killed

# In ipykernel 7.4 the thread that is told to end still sends its last words while the main thread closes what it sends
# them through: it then waited for ever, and one kernel in fourteen was killed after the five seconds that it is given.
# So the main thread closes when the other has ended.
_END_IN_TURN = """
def _end_in_turn():
    from ipykernel.kernelapp import IPKernelApp

    kernel = IPKernelApp.instance().kernel
    end = kernel.do_shutdown

    def do_shutdown(restart):
        if kernel.control_thread is not None:
            kernel.io_loop.add_callback(kernel.control_thread.join, 2)
        return end(restart)

    kernel.do_shutdown = do_shutdown


_end_in_turn()
del _end_in_turn
"""


class ReportKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered.

    That of jupyter_client then waits for a fifth of a second in which no message of the kernel's start comes. nbclient
    passes over messages that answer no cell of its own, so nothing is to be waited for.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as nbclient calls it
        """Wait for the kernel to answer, for at most ``timeout`` seconds.

        Raises
        ------
        RuntimeError
            The kernel has died, or does not answer.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            self.kernel_info()
            with contextlib.suppress(Empty):
                answer = await self.get_shell_msg(timeout=_ANSWER_SECONDS)
                if answer["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=_OUTPUT_SECONDS)  # outputs have a connection, too
                    self._handle_kernel_info_reply(answer)
                    return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it answered")
            if time.monotonic() > until:
                raise RuntimeError(f"the kernel did not answer in {timeout:.0f} seconds")

    def start_channels(self, **channels: bool) -> None:  # type: ignore[override]  # nbclient names them, if any
        """Open the channels but that of the heartbeat: whether a kernel lives is known from its process.

        A beat that a starting kernel did not hear is kept for a second more, and the end of the notebook waits for it.
        """
        super().start_channels(**(channels | {"hb": False}))


class ReportKernelManager(AsyncKernelManager):
    """Start kernels that give the same result for everybody.

    - The interpreter is the one that runs the pipeline, whatever kernels the user has registered.
    - IPC rather than TCP: kernels started side by side race for ports (nteract/papermill#511). Windows has no IPC.
    - IPython's start-up files and history are the user's, not the report's; the seed of hashes is fixed.
    - Temporary files of a kernel lie in the folder of the run, and go with it.
    - Where forking is supported, a kernel is forked from ``template``, which has imported the libraries already.
    """

    home: ClassVar[Path]
    template: ClassVar[KernelTemplate | None]
    # Those of the run, and those of one notebook: see `for_notebook`.
    started: ClassVar[list[ReportKernelManager]]
    own: ClassVar[list[ReportKernelManager]]
    own_environment: ClassVar[Mapping[str, str]]
    forked: ClassVar[list[ForkedProcess]]
    begun: ClassVar[dict[str, ReportKernelManager]]
    notebook: ClassVar[str]
    next_notebook: ClassVar[str] = ""  # the one whose kernel is started when this one's ends

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_factory = ReportKernelClient
        self.flooded = False
        self._settings: dict[str, Any] = {}
        if sys.platform != "win32":
            self.transport = "ipc"
        self.connection_file = str(self.home / f"{uuid4().hex[:8]}.json")

    @classmethod
    def for_notebook(cls, name: str, environment: Mapping[str, str] | None = None) -> type[ReportKernelManager]:
        """The manager class for the kernel of one notebook of the run, with variables of its own."""
        if name in cls.begun:
            return type(cls.begun[name])
        own = {"notebook": name, "own": [], "own_environment": environment or {}, "next_notebook": ""}
        return type("NotebookKernelManager", (cls,), own)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        forked = {"kernel_provisioner": {"provisioner_name": FORKED, "config": {}}} if self.template else {}
        return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=forked)

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]  # asynchronous there too
        """Start the kernel in its own clean surroundings; what its process says beside the notebook goes to a log."""
        self._settings = dict(settings)
        settings["env"] = _environment(self.home) | dict(self.own_environment)
        self.started.append(self)
        self.own.append(self)
        with self.log_file().open("ab") as log:
            await super().start_kernel(stdout=log, stderr=log, **settings)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]  # noqa: FBT001, FBT002 - as nbclient calls it
        """End the kernel as jupyter_client does, which looks every tenth of a second whether it has ended.

        Meanwhile the kernel of the next notebook is started.
        """
        if self.has_kernel and not now and not restart:
            await self.interrupt_kernel()
            await self.request_shutdown()
            await self._begin_next()
            until = time.monotonic() + self.shutdown_wait_time
            while await self.is_alive() and time.monotonic() < until:  # noqa: ASYNC110 - nobody tells of the end of a process
                await asyncio.sleep(_END_SECONDS)
            now = True  # what still lives had its time
        await super().shutdown_kernel(now=now, restart=restart)

    async def _begin_next(self) -> None:
        if not self.next_notebook:
            return
        manager = self.for_notebook(self.next_notebook, self.own_environment)(kernel_name=self.kernel_name)
        # One that does not start now is started in its turn, and that is told.
        with contextlib.suppress(Exception):
            await manager.start_kernel(**self._settings)
            self.begun[self.next_notebook] = manager

    @classmethod
    def take_begun(cls) -> ReportKernelManager | None:
        """The kernel of this notebook, if it was started while the one before ended."""
        return cls.begun.pop(cls.notebook, None)

    @classmethod
    def fork_module(cls, module: str, arguments: Sequence[str]) -> ForkedProcess | None:
        """Run a module as ``python -m`` does, in a process forked from the template; ``None`` where none is to be had.

        What it prints goes to a log. It ends with the kernels at the latest.
        """
        if cls.template is None:
            return None
        with contextlib.suppress(TemplateError, OSError), (cls.home / f"{module}.log").open("ab") as log:
            output = log.fileno(), log.fileno()
            process = cls.template.fork(
                arguments, cwd=None, environment=_environment(cls.home), output=output, module=module
            )
            cls.forked.append(process)
            return process
        return None

    def stop_flood(self) -> None:
        """End the kernel of a cell that prints without end; ``flooded`` says why it died."""
        self.flooded = True
        self.kill_process()

    def kill_process(self) -> None:
        """Kill the kernel's process if it still lives."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    @classmethod
    def log_file(cls) -> Path:
        """Where the kernel of this notebook writes what no notebook shows: the last words of one that died."""
        return cls.home / f"{cls.notebook}.log"


def _write_start_up(ipython: Path, files: Mapping[str, str]) -> None:
    """Put start-up files into the folder of IPython that the kernels of a run have: the code of each by its name."""
    folder = ipython / "profile_default" / "startup"
    folder.mkdir(parents=True)
    for name, code in files.items():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")


def _environment(home: Path) -> dict[str, str]:
    """The environment of each kernel of a run."""
    return {
        # Arrow's own pool keeps what was freed: a report then takes a twentieth longer, and 100 MB more at 54 censuses.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        **{name: value for name, value in os.environ.items() if name not in LAB_VARIABLES.values()},
        "IPYTHONDIR": str(home),
        "PYTHONHASHSEED": "0",
        # One thread for each kernel: sums come out the same on a machine with more cores, and notebooks that run side
        # by side do not take the cores from each other.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TMPDIR": str(home),
        # Every process that a cell starts has it too: by it they are found at the end.
        RUN_MARK: home.name,
    }


@dataclass(frozen=True)
class Surroundings:
    """What the kernels of a run share: a folder for temporary files, and the process that they are forked from."""

    home: Path
    template: KernelTemplate | None


@contextlib.contextmanager
def kernel_surroundings(*, fork: bool = True) -> Iterator[Surroundings]:
    """The surroundings of a run's kernels. What kernels need is imported from now on, beside what this process does.

    With ``fork``, kernels are forked from a process that imports the libraries of every notebook, where that is
    supported: it pays for a run with several kernels.

    Raises
    ------
    NotebookError
        When no folder for temporary files can be used.
    """
    with _home_of_run() as home, _template(home, fork=fork) as template:
        _write_start_up(home, {"files-read": NOTE_FILES_READ, "end-in-turn": _END_IN_TURN})
        yield Surroundings(home, template)


@contextlib.contextmanager
def report_kernels(around: Surroundings | None = None) -> Iterator[type[ReportKernelManager]]:
    """A manager class for the kernels of one run, in surroundings of their own unless some are given.

    No process of the run outlives it, whatever happens, an interrupt included: no kernel, and nothing a cell started.

    Raises
    ------
    NotebookError
        When no folder for temporary files can be used.
    """
    started: list[ReportKernelManager] = []
    forked: list[ForkedProcess] = []
    with contextlib.nullcontext(around) if around else kernel_surroundings() as given:
        home = given.home
        attributes = {"home": home, "template": given.template, "notebook": "kernels"}
        lists = {"started": started, "own": [], "own_environment": {}, "forked": forked, "begun": {}}
        try:
            yield type("RunKernelManager", (ReportKernelManager,), {**attributes, **lists})
        finally:
            for manager in started:
                manager.kill_process()
            for process in forked:
                process.kill()
            if started:
                _end_processes(home.name)


@contextlib.contextmanager
def _template(home: Path, *, fork: bool) -> Iterator[KernelTemplate | None]:
    """The process that kernels of the run are forked from, where that is supported."""
    template = None
    if fork and forking_is_supported() and any(metadata.entry_points(group=_PROVISIONERS, name=FORKED)):
        with contextlib.suppress(OSError):  # no process to be had: plain kernels are tried, and what they say is told
            template = KernelTemplate(_environment(home))
    try:
        yield template
    finally:
        if template is not None:
            template.close()


@contextlib.contextmanager
def _home_of_run() -> Iterator[Path]:
    """A new folder for sockets and temporary files, in the first place where such files can be kept."""
    reasons = []
    for place in _temporary_places():
        if not place.is_dir():
            reasons.append(f"{place} is not a folder")
            continue
        try:
            _remove_leftovers(place)
            path = place / f"{_HOME}{secrets.token_hex(4)}"
            if len(os.fsencode(path)) > _LONGEST_HOME:
                reasons.append(f"{place} has a path of more than {_LONGEST_HOME} characters with our folder in it")
                continue
            lock = Lock(place / f"{path.name}.lock")
        except OSError as fault:
            reasons.append(f"{place}: {fault.strerror or fault}")
            continue
        try:
            path.mkdir(mode=0o700)
            (path / "probe").write_bytes(_PROBE)
            (path / "probe").unlink()
        except OSError as fault:
            reasons.append(f"{place}: {fault.strerror or fault}")
            shutil.rmtree(path, ignore_errors=True)
            lock.release()
            continue
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            lock.release()
        return
    raise NotebookError(
        f"There is no folder for temporary files that can be used ({'; '.join(reasons)}).",
        "Each notebook runs in its own process, which communicates with this one through files there.",
        "Free some space there, or set TMPDIR to a short path that you may write to, for example TMPDIR=/tmp.",
    )


def _temporary_places() -> list[Path]:
    """Where temporary files may lie, the place that the system or the user names first."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")]
    with contextlib.suppress(OSError):  # none that can be written to
        named.append(tempfile.gettempdir())
    usual = [] if sys.platform == "win32" else ["/tmp", "/var/tmp", "/dev/shm"]  # noqa: S108 - a new folder in it, for us alone
    return list(dict.fromkeys(Path(place) for place in (*named, *usual) if place))


def _remove_leftovers(place: Path) -> None:
    """Remove the folders of killed runs: those whose lock nobody holds any more."""
    for lock in place.glob(f"{_HOME}*.lock"):
        with contextlib.suppress(LockHeldError, OSError), Lock(lock):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)


def _end_processes(mark: str) -> None:
    """End every process that a cell of the run has started and that still lives, however it was started."""
    left = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):  # another user's, or gone meanwhile
            if process.environ().get(RUN_MARK) == mark:
                process.terminate()
                left.append(process)
    _, stubborn = psutil.wait_procs(left, timeout=_GRACE_SECONDS)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
