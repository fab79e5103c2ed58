"""A file's bytes: unpacked within limits, fingerprinted, checked against the stated encoding."""

from __future__ import annotations

import gzip
import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from mend.foundation.files import FileError, open_plain
from mend.intake.extract.config import Limits
from mend.intake.extract.errors import (
    CorruptFileError,
    EmptyFileError,
    MissingFileError,
    NotDataError,
    TooLargeError,
)

CHUNK = 4 << 20
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"


class Content:
    """The unpacked bytes of one file, read once. `fingerprint` is complete after the last chunk."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        self._hash = hashlib.sha256()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the unpacked bytes: packing the same content again makes no new file of it."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """The bytes, some MB at a time. Raises the ExtractError that says what is wrong with the file."""
        total = 0
        try:
            with _opened(self.path) as (packed, unpacked):
                while chunk := unpacked.read(CHUNK):
                    total += len(chunk)
                    self._check_size(total, packed.tell())
                    self._hash.update(chunk)
                    yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise CorruptFileError(
                f"{called(self.path)}: cut short or damaged ({type(error).__name__}); fetch it again, nothing of it "
                f"was loaded"
            ) from None
        if not total:
            raise EmptyFileError(
                f"{called(self.path)}: the file is empty; ask for it again, or remove it if nothing was due"
            )

    def _check_size(self, unpacked: int, packed: int) -> None:
        limits = self._limits
        if unpacked > limits.max_bytes:
            raise TooLargeError(
                f"{called(self.path)}: unpacks to more than {limits.max_bytes} bytes (limits.max_bytes)"
            )
        if unpacked > limits.ratio_from_bytes and unpacked > limits.max_ratio * max(packed, 1):
            raise TooLargeError(
                f"{called(self.path)}: unpacks to more than {limits.max_ratio:g} times its size, like a zip bomb; "
                "if it is data, raise limits.max_ratio of the source"
            )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file as it is there, and its unpacked bytes: what it is packed with shows in its first bytes, not in its
    name."""
    with open_file(path) as packed:
        magic = packed.read(4)
        packed.seek(0)
        if magic.startswith(GZIP):
            with gzip.GzipFile(fileobj=packed) as unpacked:
                yield packed, unpacked  # type: ignore[misc]
        elif magic.startswith(ZIP):
            with zipfile.ZipFile(packed) as archive, _member(path, archive) as unpacked:
                yield packed, unpacked
        else:
            yield packed, packed


def called(path: Path) -> str:
    """What messages call a file: its name alone would be the same for every day.

    >>> called(Path("/inbox/2026-05-01/contact.csv"))
    '2026-05-01/contact.csv'
    """
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def open_file(path: Path) -> Any:
    """The file, opened for reading bytes. MissingFileError when it is not there or not readable, NotDataError when it
    is no plain file.
    """
    try:
        return open_plain(path)
    except FileError as error:
        raise NotDataError(str(error)) from None
    except FileNotFoundError:
        raise MissingFileError(f"{path.name}: no such file in {path.parent}") from None
    except OSError as error:
        raise MissingFileError(f"{path.name}: cannot be read ({error.strerror})") from None


def _member(path: Path, archive: zipfile.ZipFile) -> IO[bytes]:
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
    if "[Content_Types].xml" in names:
        raise NotDataError(f"{path.name}: an Excel workbook; say format: excel in the source's reader")
    if len(names) != 1:
        raise NotDataError(f"{path.name}: the zip holds {len(names)} files, and it must hold one; give them singly")
    mode = archive.getinfo(names[0]).external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):  # 0: packed on a system without such kinds
        raise NotDataError(
            f"{path.name}: what the zip holds is a link or a device, not a plain file; pack the file itself"
        )
    try:
        return archive.open(names[0])
    except (RuntimeError, NotImplementedError):  # locked with a password, or packed in a way zipfile does not know
        raise CorruptFileError(
            f"{path.name}: locked, or packed in a way that cannot be read; pack it as plain zip or gz"
        ) from None
