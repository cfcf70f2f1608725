"""Writes tiff-files.json: small TIFF files (base64) beside the pixels that tifffile (JPEG: Pillow) reads from them.

Run with a Python that has numpy, tifffile, imagecodecs and Pillow: python tiff-files.py
"""

import base64
import io
import json
import pathlib
import struct
import tempfile

import numpy
import tifffile
from PIL import Image

random = numpy.random.default_rng(13)
kinds = ["u1", "i1", "u2", "i2", "u4", "i4", "f4"]


def drawn(kind, shape):
    kind = numpy.dtype(kind)
    if kind.kind == "f":
        values = random.normal(0, 1000, shape).astype(kind)
        values.flat[0], values.flat[1] = numpy.nan, -numpy.inf
        return values
    limits = numpy.iinfo(kind)
    values = random.integers(limits.min, limits.max, shape, dtype=kind, endpoint=True)
    values.flat[0], values.flat[1] = limits.min, limits.max
    return values


def saved(values, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.tif")
        tifffile.imwrite(path, values, metadata=None, **options)
        return path.read_bytes()


def as_json(value):
    value = float(value)
    return value if numpy.isfinite(value) else str(value)


def described(pixels):
    return {
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "channels": 1 if pixels.ndim == 2 else pixels.shape[2],
        "type": pixels.dtype.name,
        "values": [as_json(value) for value in pixels.ravel()],
    }


def case(name, data, pages, tolerance=0):
    return {
        "name": name,
        "base64": base64.b64encode(data).decode(),
        "pages": [described(numpy.ascontiguousarray(page)) for page in pages],
        "tolerance": tolerance,
    }


def as_tifffile_reads(name, data, turn=lambda pixels: pixels):
    """Every page as stored; planes are put together."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        pages = []
        for page in file.pages:
            pixels = page.asarray()
            if pixels.ndim == 3 and page.planarconfig == 2:
                pixels = numpy.moveaxis(pixels, 0, 2)
            pages.append(turn(pixels))
    return case(name, data, pages)


def as_pillow_reads(name, data, mode, tolerance=0):
    return case(name, data, [numpy.asarray(Image.open(io.BytesIO(data)).convert(mode))], tolerance)


def from_white(pixels):
    return numpy.iinfo(pixels.dtype).max - pixels


def colours(pixels):
    return pixels[..., :3]


def with_tag(data, tag, value):
    """Sets a SHORT or LONG that stands in a little-endian directory itself."""
    changed = bytearray(data)
    (place,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, place)
    for entry in range(place + 2, place + 2 + 12 * count, 12):
        if struct.unpack_from("<H", data, entry)[0] == tag:
            struct.pack_into("<I", changed, entry + 8, value)
            return bytes(changed)
    raise ValueError(tag)


def pillow_file(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, format="TIFF", **options)
    return buffer.getvalue()


def several_pages():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.tif")
        with tifffile.TiffWriter(path) as writer:
            writer.write(drawn("i2", (3, 4)), photometric="minisblack", metadata=None)
            writer.write(drawn("u1", (5, 2, 3)), photometric="rgb", metadata=None, compression="lzw")
            writer.write(drawn("f4", (2, 6)), photometric="minisblack", metadata=None)
        return path.read_bytes()


def plain_cases():
    for kind in kinds:
        yield as_tifffile_reads(f"grey {kind}", saved(drawn(kind, (3, 5)), photometric="minisblack"))
        yield as_tifffile_reads(f"rgb {kind}", saved(drawn(kind, (3, 5, 3)), photometric="rgb"))
        big = saved(drawn(kind, (3, 5)), photometric="minisblack", byteorder=">")
        yield as_tifffile_reads(f"grey {kind}, big endian", big)
    for kind in ["u1", "u2", "u4"]:
        white = saved(drawn(kind, (3, 5)), photometric="miniswhite")
        yield as_tifffile_reads(f"min-is-white {kind}", white, from_white)
    packed_white = saved(drawn("u2", (5, 18)), photometric="miniswhite", compression="zlib", predictor=True, tile=(16, 32))
    yield as_tifffile_reads("min-is-white u2, packed tiles", packed_white, from_white)
    yield as_pillow_reads("min-is-white u1, as Pillow reads it", saved(drawn("u1", (3, 5)), photometric="miniswhite"), "L")


def packed_cases():
    for compression in ["lzw", "zlib", "packbits"]:
        for kind in ["u1", "i2", "f4"]:
            data = saved(drawn(kind, (7, 5)), photometric="minisblack", compression=compression, rowsperstrip=3)
            yield as_tifffile_reads(f"{compression} {kind}", data)
    for kind in ["u1", "i2", "i4", "f4"]:
        data = saved(drawn(kind, (7, 5, 3)), photometric="rgb", compression="lzw", predictor=True)
        yield as_tifffile_reads(f"predictor {kind}", data)
    yield as_tifffile_reads("adobe deflate by its older number", with_tag(saved(drawn("u1", (3, 5)), compression="zlib"), 259, 32946))


def arranged_cases():
    for kind in ["u1", "i2", "f4"]:
        tiles = saved(drawn(kind, (18, 20)), photometric="minisblack", tile=(16, 16))
        yield as_tifffile_reads(f"tiles {kind}", tiles)
        planes = saved(drawn(kind, (3, 4, 5)), photometric="rgb", planarconfig="separate")
        yield as_tifffile_reads(f"planar {kind}", planes)
        large = saved(drawn(kind, (3, 5)), photometric="minisblack", bigtiff=True)
        yield as_tifffile_reads(f"BigTIFF {kind}", large)
    both = saved(drawn("i2", (3, 4, 5)), photometric="rgb", planarconfig="separate", bigtiff=True, byteorder=">")
    yield as_tifffile_reads("planar BigTIFF i2, big endian", both)
    tiled = saved(drawn("u2", (3, 7, 18)), photometric="rgb", planarconfig="separate", tile=(16, 16), compression="zlib", predictor=True)
    yield as_tifffile_reads("planar tiles u2", tiled)
    yield as_tifffile_reads("pages i2", saved(drawn("i2", (3, 4, 5)), photometric="minisblack"))
    yield as_tifffile_reads("pages of different kinds", several_pages())
    for orientation in [3, 6]:
        turned = saved(drawn("u2", (3, 5)), photometric="minisblack", extratags=[(274, "H", 1, orientation, True)])
        yield as_tifffile_reads(f"orientation {orientation}", turned)
    private = saved(drawn("u1", (3, 5)), photometric="minisblack", extratags=[(65123, "s", 0, "PRIVATE", True)])
    yield as_tifffile_reads("a private tag", private)
    profile = Image.fromarray(drawn("u1", (3, 5, 3)))
    yield as_pillow_reads("a colour profile", pillow_file(profile, icc_profile=xyz_profile()), "RGB")


def xyz_profile():
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()


def alpha_cases():
    for kind in ["u1", "i2", "u2", "f4"]:
        data = saved(drawn(kind, (3, 5, 4)), photometric="rgb", extrasamples=["unassalpha"])
        yield as_tifffile_reads(f"rgb with alpha {kind}", data, colours)
    data = saved(drawn("i2", (3, 5, 2)), photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"])
    yield as_tifffile_reads("grey with alpha i2", data, lambda pixels: pixels[..., 0])
    apart = {"planarconfig": "separate", "extrasamples": ["unassalpha"]}
    data = saved(drawn("i2", (2, 6, 5)), photometric="minisblack", rowsperstrip=2, **apart)
    yield as_tifffile_reads("planar grey with alpha i2", data, lambda pixels: pixels[..., 0])
    data = saved(drawn("u1", (2, 6, 5)), photometric="miniswhite", **apart)
    yield as_tifffile_reads("planar min-is-white with alpha u1", data, lambda pixels: from_white(pixels[..., 0]))
    data = saved(drawn("f4", (4, 5, 18)), photometric="rgb", tile=(16, 16), **apart)
    yield as_tifffile_reads("planar tiles with alpha f4", data, colours)


def jpeg_cases():
    smooth = numpy.add.outer(numpy.arange(16) * 6, numpy.arange(24) * 5).astype(numpy.uint8)
    colour = numpy.stack([smooth, smooth[::-1], smooth[:, ::-1]], 2)
    grey = pillow_file(Image.fromarray(smooth), compression="jpeg", quality=90)
    yield as_pillow_reads("jpeg grey", grey, "L", 1)
    tiled = saved(colour, photometric="rgb", compression="jpeg", compressionargs={"level": 95}, tile=(16, 16))
    yield as_pillow_reads("jpeg rgb", tiled, "RGB", 2)
    full = saved(colour, photometric="ycbcr", compression="jpeg", compressionargs={"level": 95}, subsampling=(1, 1))
    yield as_pillow_reads("jpeg YCbCr", full, "RGB", 2)
    yield as_pillow_reads("jpeg YCbCr, coarser colours", pillow_file(Image.fromarray(colour), compression="jpeg", quality=95), "RGB", 3)
    white = saved(smooth, photometric="miniswhite", compression="jpeg", compressionargs={"level": 95})
    yield case("jpeg min-is-white", white, [from_white(tifffile.imread(io.BytesIO(white)))], 1)


def refused():
    grey = drawn("u1", (3, 5))
    base = saved(grey, photometric="minisblack")
    yield "16-bit floats", saved(drawn("f4", (3, 5)).astype("f2"), photometric="minisblack"), "16-bit float"
    yield "64-bit floats", saved(drawn("f4", (3, 5)).astype("f8"), photometric="minisblack"), "64-bit float"
    yield "64-bit whole numbers", saved(drawn("u4", (3, 5)).astype("u8"), photometric="minisblack"), "64-bit uint"
    yield "one bit", pillow_file(Image.fromarray(grey > 99)), "1-bit uint"
    yield "a palette", pillow_file(Image.fromarray(drawn("u1", (3, 5, 3))).quantize(4)), "those of a palette"
    yield "CMYK", pillow_file(Image.fromarray(drawn("u1", (3, 5, 3))).convert("CMYK")), "CMYK"
    premultiplied = saved(drawn("u1", (3, 5, 4)), photometric="rgb", extrasamples=["assocalpha"])
    yield "premultiplied alpha", premultiplied, "premultiplied"
    unnamed = saved(drawn("u1", (3, 5, 4)), photometric="rgb", extrasamples=["unspecified"])
    yield "a channel that is not named", unnamed, "number of channels"
    two = saved(drawn("u1", (4, 6, 5)), photometric="rgb", planarconfig="contig", extrasamples=["unassalpha", "unspecified"])
    yield "two more channels", two, "number of channels"
    yield "min-is-white of signed values", saved(drawn("i2", (3, 5)), photometric="miniswhite"), "lowest value is white"
    yield "min-is-white of floats", saved(drawn("f4", (3, 5)), photometric="miniswhite"), "lowest value is white"
    yield "Zstandard", saved(grey, photometric="minisblack", compression="zstd"), "method 50000"
    planes = saved(drawn("u1", (3, 16, 16)), photometric="rgb", planarconfig="separate", compression="jpeg")
    yield "planar JPEG", planes, "packed by JPEG one by one"
    # tifffile writes no FillOrder: that of another field becomes one.
    other = saved(grey, photometric="minisblack", extratags=[(274, "H", 1, 2, True)])
    yield "bits in reverse", other.replace(struct.pack("<H", 274), struct.pack("<H", 266), 1), "FillOrder"
    yield "no photometric interpretation", base.replace(struct.pack("<H", 262), struct.pack("<H", 263), 1), "not named"


def main():
    cases = [*plain_cases(), *packed_cases(), *arranged_cases(), *alpha_cases(), *jpeg_cases()]
    refusals = {
        name: {"base64": base64.b64encode(data).decode(), "message": message} for name, data, message in refused()
    }
    document = json.dumps({"cases": cases, "refused": refusals}, separators=(",", ":"), allow_nan=False)
    pathlib.Path(__file__).with_suffix(".json").write_text(document + "\n")


main()
