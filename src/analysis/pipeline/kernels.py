"""The kernel that notebooks run in: this very interpreter, over IPC, without the user's own start-up files."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


class ReportKernelManager(AsyncKernelManager):
    """Start kernels that give the same result for everybody.

    - The interpreter is the one that runs the pipeline, whatever kernels the user has registered.
    - IPC rather than TCP: kernels started side by side race for ports (nteract/papermill#511). Windows has no IPC.
    - IPython's start-up files and history are the user's, not the report's; the seed of hashes is fixed.
    """

    home: ClassVar[Path]
    started: ClassVar[list[ReportKernelManager]]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if sys.platform != "win32":
            self.transport = "ipc"
        self.connection_file = str(self.home / f"{uuid4().hex[:8]}.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]  # asynchronous there too
        """Start the kernel in its own clean surroundings; what its process says beside the notebook goes to a log."""
        settings["env"] = {**os.environ, "IPYTHONDIR": str(self.home), "PYTHONHASHSEED": "0"}
        self.started.append(self)
        with self.log_file().open("ab") as log:
            await super().start_kernel(stdout=log, stderr=log, **settings)

    @classmethod
    def log_file(cls) -> Path:
        """Where kernels of this run write what no notebook shows: the last words of one that died."""
        return cls.home / "kernels.log"


@contextlib.contextmanager
def report_kernels() -> Iterator[type[ReportKernelManager]]:
    """A manager class for the kernels of one run: none of them outlives it, whatever happens, an interrupt included."""
    started: list[ReportKernelManager] = []
    # A short name: a socket's path may have no more than about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="analysis-", ignore_cleanup_errors=True) as home:
        try:
            yield type("RunKernelManager", (ReportKernelManager,), {"home": Path(home), "started": started})
        finally:
            for manager in started:
                process = getattr(manager.provisioner, "process", None)
                if process is not None and process.poll() is None:
                    process.kill()
                    process.wait()
