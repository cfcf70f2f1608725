"""Writes jpeg_2000_blank.json: JPEG 2000 streams of one grey or colour, as OpenJPEG divides them into tiles and packets.

All their packets are empty, of one byte each, so that a stream shows how many packets it has to have. Run with a Python that
has Pillow: python jpeg_2000_blank.py
"""

import base64
import io
import json
import pathlib

from PIL import Image

VARIANTS = [
    ("one tile", "L", (70, 45), {}),
    ("colour", "RGB", (33, 20), {"num_resolutions": 3}),
    ("tiles", "L", (50, 41), {"tile_size": (16, 20), "num_resolutions": 2}),
    ("tiles that begin before the image", "L", (40, 37), {"tile_size": (16, 16), "offset": (9, 13), "tile_offset": (2, 7), "num_resolutions": 3}),
    ("precincts", "L", (61, 47), {"precinct_size": (16, 8), "codeblock_size": (4, 4), "num_resolutions": 4}),
    ("precincts in tiles of colour", "RGB", (45, 52), {"tile_size": (24, 32), "offset": (5, 3), "precinct_size": (8, 16), "codeblock_size": (4, 4), "num_resolutions": 3, "progression": "RPCL"}),
    ("resolutions of no size", "L", (17, 20), {"tile_size": (16, 16), "offset": (1, 1), "tile_offset": (1, 1), "num_resolutions": 4}),
]


def main():
    streams = []
    for name, mode, size, options in VARIANTS:
        file = io.BytesIO()
        blank = Image.new(mode, size, 128 if mode == "L" else (128, 128, 128))
        blank.save(file, format="JPEG2000", no_jp2=True, mct=0, **options)
        base = base64.b64encode(file.getvalue()).decode()
        streams.append({"name": name, "width": size[0], "height": size[1], "samples": len(mode), "base64": base})
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(streams, separators=(",", ":")) + "\n")


main()
