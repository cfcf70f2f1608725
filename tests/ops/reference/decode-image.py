"""Writes decode-image.json: small image files (base64) beside the pixels that Pillow reads from them.

Run with a Python that has numpy and Pillow: python decode-image.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image, ImageCms, PngImagePlugin

random = numpy.random.default_rng(7)


def file_bytes(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_16_bit(values, colour_type):
    """A PNG written by hand: Pillow writes no 16-bit colour."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def case(name, data, pixels):
    pixels = numpy.asarray(pixels)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    return {
        "name": name,
        "base64": base64.b64encode(data).decode(),
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "channels": channels,
        "bits": 16 if pixels.dtype.itemsize > 1 else 8,
        "values": pixels.ravel().tolist(),
    }


def as_pillow_reads(name, data, mode):
    return case(name, data, Image.open(io.BytesIO(data)).convert(mode))


def main():
    grey = random.integers(0, 256, (5, 7), dtype=numpy.uint8)
    rgb = random.integers(0, 256, (5, 7, 3), dtype=numpy.uint8)
    rgba = random.integers(0, 256, (5, 7, 4), dtype=numpy.uint8)
    grey_16 = random.integers(0, 65536, (5, 7), dtype=numpy.uint16)
    rgb_16 = random.integers(0, 65536, (5, 7, 3), dtype=numpy.uint16)
    rgba_16 = random.integers(0, 65536, (5, 7, 4), dtype=numpy.uint16)
    smooth = numpy.add.outer(numpy.arange(16) * 6, numpy.arange(24) * 5).astype(numpy.uint8)

    palette = Image.fromarray(rgb).quantize(9)
    gamma = PngImagePlugin.PngInfo()
    gamma.add(b"gAMA", struct.pack(">I", 100000))
    exif = Image.Exif()
    exif[0x0112] = 6
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()

    cases = [
        as_pillow_reads("png grey", file_bytes(Image.fromarray(grey), format="PNG"), "L"),
        as_pillow_reads("png grey 1 bit", file_bytes(Image.fromarray(grey > 127), format="PNG"), "L"),
        as_pillow_reads("png grey with alpha", file_bytes(Image.fromarray(rgba[..., :2].copy(), "LA"), format="PNG"), "L"),
        as_pillow_reads("png rgb", file_bytes(Image.fromarray(rgb), format="PNG"), "RGB"),
        as_pillow_reads("png rgb with alpha", file_bytes(Image.fromarray(rgba), format="PNG"), "RGB"),
        as_pillow_reads("png palette", file_bytes(palette, format="PNG"), "RGB"),
        as_pillow_reads("png palette with transparency", file_bytes(palette, format="PNG", transparency=2), "RGB"),
        as_pillow_reads("png rgb with gamma", file_bytes(Image.fromarray(rgb), format="PNG", pnginfo=gamma), "RGB"),
        as_pillow_reads("png rgb with a profile", file_bytes(Image.fromarray(rgb), format="PNG", icc_profile=lab_like), "RGB"),
        case("png grey 16 bit", png_16_bit(grey_16, 0), grey_16),
        case("png rgb 16 bit", png_16_bit(rgb_16, 2), rgb_16),
        case("png rgb 16 bit with alpha", png_16_bit(rgba_16, 6), rgba_16[..., :3]),
        as_pillow_reads("jpeg grey", file_bytes(Image.fromarray(smooth), format="JPEG", quality=90), "L"),
        as_pillow_reads(
            "jpeg rgb turned by exif",
            file_bytes(Image.fromarray(numpy.stack([smooth, smooth[::-1], smooth[:, ::-1]], 2)), format="JPEG", quality=95, exif=exif),
            "RGB",
        ),
    ]
    cmyk = file_bytes(Image.fromarray(rgb).convert("CMYK"), format="JPEG")
    document = {"cases": cases, "cmyk": base64.b64encode(cmyk).decode()}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()
