"""However the lines come, in one block or each by itself, the gate reads them alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mend.intake.extract.config import Limits
from mend.intake.extract.lines import Block, LineGate
from mend.intake.extract.staging import LineCounts, StagingWriter

FIELDS = [
    "1",
    "abc",
    "",
    "中文",
    '"a,b"',
    '"say ""no"""',
    '"open',
    'shut"',
    'mid"dle',
    "carriage\rreturn",
    "bell\x1f",
    " ",
]
ODDS = [30, 20, 10, 10, 4, 2, 1, 1, 1, 1, 1, 1]


def text(chance: random.Random, width: int, lines: int) -> list[bytes]:
    """Mostly sound lines, in long runs; some with too many or too few fields, some blank."""
    found = []
    for _ in range(lines):
        is_dirty = chance.random() < 0.2
        fields = (
            chance.choices(FIELDS, ODDS, k=width + chance.choice([0, 0, 1, -1]))
            if is_dirty
            else chance.choices(FIELDS[:4], k=width)
        )
        found.append(",".join(fields).encode() if chance.random() > 0.02 else b"")
    return found


def staged(folder: Path, width: int, blocks: list[Block]) -> tuple[bytes, bytes, LineCounts]:
    folder.mkdir()
    writer = StagingWriter(folder, "file")
    gate = LineGate(writer, ",", '"', width, Limits())
    for block in blocks:
        gate.take(block)
    gate.finish()
    writer.close()
    return writer.rows_path.read_bytes(), writer.rejects_path.read_bytes(), writer.counts


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("seed", range(6))
def test_a_block_is_read_as_its_lines_are(tmp_path: Path, width: int, seed: int) -> None:
    lines = text(random.Random(seed), width, 400)
    whole = staged(tmp_path / "whole", width, [Block(1, lines)])
    single = staged(tmp_path / "single", width, [Block(number, [line]) for number, line in enumerate(lines, 1)])
    assert whole == single
    counts = whole[2]
    assert counts.staged > 100
    assert counts.rejected > 5 or width == 1
