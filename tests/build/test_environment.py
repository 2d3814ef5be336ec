"""tools/environment.py makes what is missing, mends what is broken, and touches nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest


class Machine:
    """The environment tool on a small project, with every program it starts recorded instead of run."""

    def __init__(self, module, root: Path, monkeypatch) -> None:
        self.module, self.root, self.started = module, root, []
        monkeypatch.setattr(module, "ROOT", root)
        monkeypatch.setattr(module, "ENVIRONMENT", root / ".venv")
        monkeypatch.setattr(module, "PYTHON", root / ".venv/bin/python")
        monkeypatch.setattr(module, "LOCKS", {kind: root / f"requirements/{kind}.lock" for kind in ("run", "dev")})
        (root / "requirements").mkdir()
        (root / "pyproject.toml").write_text("[project]\n")
        for kind in ("run", "dev"):
            self.lock(kind, "one==1\n")
        self.uv = None
        monkeypatch.setattr(module.shutil, "which", lambda name: self.uv if name == "uv" else None)
        monkeypatch.setattr(module.subprocess, "check_call", self.start)
        monkeypatch.setattr(module.subprocess, "call", lambda *_, **__: 0)
        self.failing = ""

    def lock(self, kind: str, text: str) -> None:
        """Write a lock."""
        self.module.LOCKS[kind].write_text(text)

    def start(self, command: list[str], cwd: str) -> None:
        """Stand in for a program: note the step and leave what it would leave."""
        assert cwd == str(self.root)
        if "venv" in command:
            self.started.append("venv")
            self.module.PYTHON.parent.mkdir(parents=True)
            self.module.PYTHON.touch()
            (self.root / ".venv/pyvenv.cfg").touch()
        elif "--requirement" in command:
            assert {"--require-hashes", "--no-deps"} <= set(command)
            self.started.append(Path(command[-1]).name)
        else:
            assert command[-4:] == ["--no-build-isolation", "--no-deps", "--editable", str(self.root)]
            self.started.append("package")
        if self.started[-1] == self.failing:
            raise subprocess.CalledProcessError(1, command)

    def asked(self, kind: str) -> list[str]:
        """What is started when an environment of this kind is asked for."""
        self.started = []
        self.status = self.module.main([kind])
        return self.started

    def stamps(self) -> list[str]:
        """The stamps of whole environments."""
        return sorted(path.name for path in (self.root / ".venv").glob(".*-stamp"))


@pytest.fixture
def machine(tools, tmp_path, monkeypatch) -> Machine:
    return Machine(tools("environment"), tmp_path, monkeypatch)


def test_a_first_run_makes_the_environment_from_the_lock_then_installs_the_package(machine):
    assert machine.asked("run") == ["venv", "run.lock", "package"]
    assert machine.stamps() == [".run-stamp"]


def test_a_second_run_does_nothing(machine):
    machine.asked("run")
    assert machine.asked("run") == []


def test_a_changed_lock_starts_afresh_so_that_nothing_outside_it_stays(machine):
    machine.asked("run")
    machine.lock("run", "one==2\n")
    assert machine.asked("run") == ["venv", "run.lock", "package"]


def test_a_lock_that_was_only_touched_costs_nothing(machine):
    machine.asked("run")
    machine.lock("run", "one==1\r\n")
    assert machine.asked("run") == []


def test_a_changed_project_file_installs_the_package_alone(machine):
    machine.asked("run")
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert machine.asked("run") == ["package"]


def test_the_small_environment_grows_into_the_large_one(machine):
    machine.asked("run")
    assert machine.asked("dev") == ["dev.lock", "package"]
    assert machine.stamps() == [".dev-stamp"]


def test_the_large_environment_serves_the_small_purpose(machine):
    machine.asked("dev")
    assert machine.asked("run") == []


def test_an_outdated_large_environment_is_made_anew_as_a_large_one(machine):
    machine.asked("dev")
    machine.lock("dev", "one==2\n")
    assert machine.asked("run") == ["venv", "dev.lock", "package"]


@pytest.mark.parametrize("step", ["venv", "run.lock", "package"])
def test_what_a_killed_installation_left_is_made_afresh(machine, step):
    machine.failing = step
    machine.asked("run")
    assert (machine.status, machine.stamps()) == (2, [])
    machine.failing = ""
    assert machine.asked("run") == ["venv", "run.lock", "package"]


def test_growing_that_was_killed_starts_afresh(machine):
    machine.asked("run")
    machine.failing = "dev.lock"
    machine.asked("dev")
    machine.failing = ""
    assert machine.asked("dev") == ["venv", "dev.lock", "package"]


def test_another_python_gets_another_environment(machine, monkeypatch):
    machine.asked("run")
    monkeypatch.setattr(machine.module.sys, "version_info", (3, 13, 1))
    assert machine.asked("run") == ["venv", "run.lock", "package"]


def test_a_folder_that_is_no_environment_is_left_alone(machine, capsys):
    (machine.root / ".venv").mkdir()
    (machine.root / ".venv/thesis.doc").touch()
    assert machine.asked("run") == []
    assert machine.status == 2
    assert (machine.root / ".venv/thesis.doc").exists()
    assert "is no Python environment" in capsys.readouterr().err


def commands(machine, monkeypatch) -> list[list[str]]:
    """The command lines of a first installation."""
    lines = []

    def record(command, cwd):
        lines.append(command)
        machine.start(command, cwd)

    monkeypatch.setattr(machine.module.subprocess, "check_call", record)
    machine.asked("run")
    return lines


def test_without_uv_the_standard_library_and_pip_do_it(machine, monkeypatch):
    make, *installs = commands(machine, monkeypatch)
    assert make[1:3] == ["-m", "venv"]
    assert all(line[1:4] == ["-m", "pip", "install"] for line in installs)


def test_with_uv_on_the_path_uv_does_it(machine, monkeypatch):
    machine.uv = "/somewhere/uv"
    make, *installs = commands(machine, monkeypatch)
    assert make[:2] == ["/somewhere/uv", "venv"]
    assert all(line[:3] == ["/somewhere/uv", "pip", "install"] for line in installs)
    assert all(str(machine.module.PYTHON) in line for line in installs)


@pytest.mark.parametrize("version", [(3, 6, 8), (3, 10, 12), (3, 14, 0)])
def test_a_python_outside_the_lock_is_refused_in_three_parts(machine, monkeypatch, capsys, version):
    monkeypatch.setattr(machine.module.sys, "version_info", version)
    assert machine.asked("run") == []
    assert machine.status == 2
    message = capsys.readouterr().err
    assert f"is Python {version[0]}.{version[1]}, which cannot make the environment" in message
    assert "Why: The packages are locked for Python 3.11, 3.12 and 3.13." in message
    assert "Fix: Name one of these on the command line, for example `make report PYTHON=python3.11`." in message


def test_a_python_without_ensurepip_is_told_what_to_install(machine, monkeypatch, capsys):
    finder = SimpleNamespace(find_spec=lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr(machine.module.importlib, "util", finder)
    assert machine.asked("run") == []
    assert "apt-get install python3-venv" in capsys.readouterr().err


def test_a_failed_download_names_the_settings_to_look_at(machine, capsys):
    machine.failing = "run.lock"
    machine.asked("run")
    message = capsys.readouterr().err
    assert "The environment could not be made" in message
    assert "mirror, proxy and certificate settings" in message
    assert "Traceback" not in message


@pytest.mark.parametrize("arguments", [[], ["prod"], ["run", "dev"]])
def test_an_unknown_kind_is_refused(machine, arguments):
    assert machine.module.main(arguments) == 2
    assert machine.started == []
