"""Reading the registers: TOML that an analyst edits with a text editor, checked by a model before anything uses it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.errors import RegisterError, UsageError
from analysis.settings import project_root

FOLDER = Path(__file__).parent
# In a working folder, the analyst's own copies.
OWN_FOLDER = "registers"
_ENDINGS = {".toml", ".csv"}


def register_names() -> list[str]:
    """The names of the registers: files of data beside the loaders, which an analyst may edit."""
    return sorted(path.name for path in FOLDER.iterdir() if path.suffix in _ENDINGS)


def register_path(name: str) -> Path:
    """The register ``name``: the copy in ``registers/`` of the working folder, else that of the package."""
    try:
        own = project_root() / OWN_FOLDER / name
    except UsageError:  # full paths are used outside any project
        return FOLDER / name
    return own if own.is_file() else FOLDER / name


class Entry(BaseModel):
    """A register entry: frozen, strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


ModelT = TypeVar("ModelT", bound=Entry)


@dataclass(frozen=True)
class RegisterFile:
    """The register being read, for messages that name it."""

    path: Path

    def error(self, what: str, allowed: Iterable[str] = ()) -> RegisterError:
        """An error in this register, with what would be allowed."""
        allowed = list(allowed)
        return RegisterError(
            f"{self.path.name}: {what}.",
            "A register is checked before use, so that a slip in it cannot change a figure unseen.",
            f"Edit {self.path.name}" + (f"; allowed: {', '.join(map(str, allowed))}." if allowed else "."),
        )


def read_register(name: str, model: type[ModelT], path: Path | None) -> tuple[RegisterFile, ModelT]:
    """Read a TOML register and check it.

    Raises
    ------
    RegisterError
        Not readable, not TOML, an unknown or missing key, a value of the wrong type: file, entry and key are named.
    """
    file = RegisterFile(path or register_path(name))
    try:
        raw = tomllib.loads(file.path.read_text(encoding="utf-8"))
    except OSError as error:
        raise file.error(f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise file.error(f"is not TOML: {error}") from error
    try:
        return file, model.model_validate(raw)
    except ValidationError as error:
        # A misspelt key is both unknown and missing: the unknown one says more.
        first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        *entry, key = first["loc"]
        where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in entry)
        what = f"{where}: {key}: {first['msg']}" if where else f"{key}: {first['msg']}"
        allowed = _allowed_keys(model, list(entry)) if first["type"] == "extra_forbidden" else []
        near = difflib.get_close_matches(str(key), allowed, n=1)
        raise file.error(what + (f" (did you mean {near[0]!r}?)" if near else ""), allowed) from error


def check_unique(file: RegisterFile, key: str, values: list[str]) -> None:
    """Raise when a value that identifies an entry stands twice."""
    for value in values:
        if values.count(value) > 1:
            raise file.error(f"{key} {value!r} stands more than once")


def _allowed_keys(model: type[BaseModel], location: list[int | str]) -> list[str]:
    """The keys allowed at a location of the model, for the message."""
    current: type[BaseModel] = model
    for part in location:
        if isinstance(part, int):
            continue
        annotation = current.model_fields[part].annotation if part in current.model_fields else None
        for candidate in (annotation, *getattr(annotation, "__args__", ())):
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                current = candidate
                break
    return list(current.model_fields)
