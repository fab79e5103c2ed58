"""A picture of a page with 256 colours at most: a third of the bytes, and the eye sees no difference.

The browser that took the picture reads it; no library for pictures is needed.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
# Colours that are alike in their five highest bits are one, their mean; of these the 256 most frequent are kept, and
# the others become the nearest of them. Gives width, height, colours as a list, and a place in it for each pixel.
REDUCE: Final = """
async (encoded) => {
  const image = new Image();
  image.src = "data:image/png;base64," + encoded;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const key = (at) => ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);
  const count = new Float64Array(32768), sums = [0, 1, 2].map(() => new Float64Array(32768));
  for (let at = 0; at < pixels.length; at += 4) {
    const of = key(at);
    count[of] += 1;
    for (let side = 0; side < 3; side += 1) sums[side][of] += pixels[at + side];
  }
  const found = [...count.keys()].filter((of) => count[of]).sort((one, other) => count[other] - count[one]);
  const colour = (of) => sums.map((side) => Math.round(side[of] / count[of]));
  const kept = found.slice(0, 256).map(colour);
  const place = new Uint8Array(32768);
  found.forEach((of, rank) => {
    if (rank < 256) { place[of] = rank; return; }
    const own = colour(of);
    let best = Infinity;
    kept.forEach((each, which) => {
      const off = each.reduce((sum, value, side) => sum + (value - own[side]) ** 2, 0);
      if (off < best) { best = off; place[of] = which; }
    });
  });
  let places = "";
  for (let at = 0; at < pixels.length; at += 4) places += String.fromCharCode(place[key(at)]);
  return { width: image.width, height: image.height, colours: kept, places: btoa(places) };
}
"""


def reduced(page: Page, picture: bytes) -> bytes:
    """A PNG of a page as one with a palette. The page's own content security policy must allow pictures as data."""
    found = page.evaluate(REDUCE, base64.b64encode(picture).decode())
    return png(found["width"], found["colours"], base64.b64decode(found["places"]))


def png(width: int, colours: Sequence[Sequence[int]], places: bytes) -> bytes:
    """A PNG with a palette.

    Args:
        places: of each pixel, row by row, the place of its colour.

    >>> made = png(2, [(0, 0, 0), (255, 255, 255)], bytes([0, 1, 1, 0]))
    >>> made[:4], len(made)
    (b'\\x89PNG', 87)
    """
    rows = b"".join(b"\0" + places[start : start + width] for start in range(0, len(places), width))
    head = struct.pack(">IIBBBBB", width, len(places) // width, 8, 3, 0, 0, 0)
    palette = bytes(value for colour in colours for value in colour)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
