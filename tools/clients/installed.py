"""Other projects' clients, as Debian installs them. One that is missing fails its check."""

import importlib
import os
import shutil
import subprocess
import types
from collections.abc import Sequence


class NotInstalled(AssertionError):
    """Names the command that helps."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__(
            f"{what} is not installed. As root: apt-get install --no-install-recommends {package}"
        )


def python_module(name: str, package: str) -> types.ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NotInstalled(f"Python's {name} ({error})", package) from error


def program(name: str, package: str) -> str:
    """The program's path."""
    # Debian keeps daemons where only root's PATH looks.
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        raise NotInstalled(name, package)
    return path


def run(
    command: Sequence[str], limit_s: float = 60.0, folder: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end. What it writes is text; the caller judges the exit status."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=limit_s,
        cwd=folder,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )


def run_successfully(
    command: Sequence[str], limit_s: float = 60.0, folder: str | None = None
) -> str:
    """What the program wrote. Raises AssertionError if its exit status is not 0."""
    result = run(command, limit_s, folder)
    if result.returncode != 0:
        raise AssertionError(f"{list(command)} ended with {result.returncode}:\n{result.stdout}")
    return result.stdout
