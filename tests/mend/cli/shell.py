"""The command `mend` as people call it, with a folder and a home folder of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from mend.cli.main import main


@dataclass(frozen=True)
class Shell:
    """A user's folder and home folder, both empty at first, and Mend's home in it.

    A process of its own takes seconds to import what it needs, ten with Great Expectations: what a test is not about
    runs in this process.
    """

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "mend-home"

    def __call__(self, *words: str, **variables: str) -> CompletedProcess[str]:
        """Run `mend` with these words in this process; its environment, folder and umask are as before afterwards."""
        out, err, mask = io.StringIO(), io.StringIO(), os.umask(0o022)
        environment = mock.patch.dict(os.environ, self._environment() | variables, clear=True)
        streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        try:
            with environment, contextlib.chdir(self.folder), streams[0], streams[1]:
                code = main(words)
        except SystemExit as end:  # the parser's own way to end
            code = int(str(end.code))
        finally:
            os.umask(mask)
        return CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def apart(self, *words: str, **variables: str) -> CompletedProcess[str]:
        """Run `mend` with these words in a process of its own."""
        command = [sys.executable, "-m", "mend.cli", *words]
        environment = self._environment() | variables
        return subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, check=False)

    def good(self, *words: str, apart: bool = False) -> str:
        """What it prints; it must succeed and complain of nothing."""
        done = self.apart(*words) if apart else self(*words)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEND_", "AIRFLOW"))}
        return kept | {"HOME": str(self.folder / "user"), "MEND_HOME": str(self.home)}
