"""Writes tiff-stacks.json: small TIFF files (base64), and how many images tifffile finds in them.

Stacks lie in one directory, which describes their first image; other files look much like them, and are none.

Run with a Python that has numpy and tifffile: python tiff-stacks.py
"""

import base64
import io
import json
import pathlib
import tempfile

import numpy
import tifffile

random = numpy.random.default_rng(31)
grey = {"photometric": "minisblack"}


def drawn(*shape):
    return random.integers(0, 256, shape, dtype="u1")


def saved(values, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.tif")
        tifffile.imwrite(path, values, **options)
        return path.read_bytes()


def encoded(name, data):
    return {"name": name, "base64": base64.b64encode(data).decode()}


def stack(name, data):
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        (page,) = file.pages
        images = file.series[0].size // (page.imagewidth * page.imagelength * page.samplesperpixel)
    return {**encoded(name, data), "images": images}


def other(name, data):
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        return {**encoded(name, data), "pages": len(file.pages)}


def ome(depth):
    sizes = f'SizeX="6" SizeY="4" SizeC="1" SizeZ="{depth}" SizeT="1"'
    pixels = f'<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" {sizes}><TiffData IFD="0" PlaneCount="{depth}"/></Pixels>'
    return f'<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">{pixels}</Image></OME>'


def stacks():
    yield stack("tifffile", saved(drawn(5, 4, 6), truncate=True, **grey))
    yield stack("tifffile, in strips", saved(drawn(5, 4, 6), truncate=True, rowsperstrip=2, **grey))
    yield stack("tifffile, with a description of the user's", saved(drawn(5, 4, 6), truncate=True, description="lung", **grey))
    yield stack("tifffile, with more in its own", saved(drawn(2, 3, 4, 6), truncate=True, metadata={"axes": "TZYX"}, **grey))
    yield stack("tifffile, BigTIFF, big endian", saved(drawn(5, 4, 6), truncate=True, bigtiff=True, byteorder=">", **grey))
    yield stack("tifffile, rgb", saved(drawn(5, 4, 6, 3), truncate=True, photometric="rgb"))
    yield stack("tifffile, planar rgb", saved(drawn(5, 3, 4, 6), truncate=True, photometric="rgb", planarconfig="separate"))
    old = saved(drawn(5, 4, 6), truncate=True, metadata=None, description="shape=(5, 4, 6)", **grey)
    yield stack("tifffile, as it wrote in 2018", old)
    yield stack("ImageJ", saved(drawn(5, 4, 6), imagej=True, truncate=True))
    hyperstack = saved(drawn(2, 3, 4, 6), imagej=True, truncate=True, metadata={"axes": "ZCYX"})
    yield stack("ImageJ, a hyperstack", hyperstack)
    yield stack("ImageJ, rgb", saved(drawn(5, 4, 6, 3), imagej=True, truncate=True))
    yield stack("OME", saved(drawn(5, 4, 6), truncate=True, metadata=None, description=ome(5), **grey))
    yield stack("ImageDepth", saved(drawn(5, 4, 6), volumetric=True, metadata=None, **grey))
    packed = saved(drawn(16, 16, 16), volumetric=True, tile=(16, 16, 16), compression="zlib", metadata=None, **grey)
    yield stack("ImageDepth, in packed tiles", packed)


def others():
    yield other("an image of tifffile", saved(drawn(4, 6), **grey))
    yield other("a stack of one image", saved(drawn(1, 4, 6), truncate=True, **grey))
    yield other("rgb", saved(drawn(4, 6, 3), photometric="rgb"))
    yield other("planar rgb", saved(drawn(3, 4, 6), photometric="rgb", planarconfig="separate"))
    yield other("grey with alpha", saved(drawn(4, 6, 2), planarconfig="contig", extrasamples=["unassalpha"], **grey))
    yield other("an image of ImageJ", saved(drawn(4, 6), imagej=True))
    yield other("a volume of one image", saved(drawn(1, 4, 6), volumetric=True, **grey))
    yield other("pages of tifffile", saved(drawn(5, 4, 6), **grey))
    yield other("packed pages of tifffile", saved(drawn(5, 4, 6), compression="zlib", **grey))
    yield other("pages of ImageJ", saved(drawn(5, 4, 6), imagej=True))
    # Taken from a stack by a program that keeps the description.
    taken = saved(drawn(4, 6), metadata=None, description='{"shape": [5, 4, 6]}', **grey)
    yield other("an image out of tifffile's stack", taken)
    yield other("an image out of ImageJ's stack", saved(drawn(4, 6), metadata=None, description="ImageJ=1.53t\nimages=5\nslices=5", **grey))
    yield other("an image of OME's many files", saved(drawn(4, 6), metadata=None, description=ome(5), **grey))


def main():
    document = json.dumps({"stacks": list(stacks()), "others": list(others())}, separators=(",", ":"))
    pathlib.Path(__file__).with_suffix(".json").write_text(document + "\n")


main()
