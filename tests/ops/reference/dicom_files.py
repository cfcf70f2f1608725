"""Writes dicom_files.json: tiny DICOM files (base64) beside what pydicom, or the codec that wrote them, reads from them.

Run with a Python that has numpy, pydicom 3, Pillow and imagecodecs: python dicom_files.py
"""

import base64
import io
import json
import pathlib
import struct

import imagecodecs
import numpy
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite, write_dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, get_decoder
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.sequence import Sequence
from pydicom.uid import UID, SecondaryCaptureImageStorage

random = numpy.random.default_rng(11)

IMPLICIT = UID("1.2.840.10008.1.2")
EXPLICIT = UID("1.2.840.10008.1.2.1")
FRAGMENTS = UID("1.2.840.10008.1.2.1.98")
DEFLATED = UID("1.2.840.10008.1.2.1.99")
BIG_ENDIAN = UID("1.2.840.10008.1.2.2")
RLE = UID("1.2.840.10008.1.2.5")

ROWS, COLUMNS = 7, 10

# Nothing of these may come out of the reader.
IDENTIFIERS = {
    "PatientName": "Secret^Name\x1b[31m<b>",
    "PatientID": "Secret-4711",
    "StudyInstanceUID": "1.2.3.4711.1",
    "SeriesInstanceUID": "1.2.3.4711.2",
    "SOPInstanceUID": "1.2.3.4711.3",
    "InstitutionName": "Secret Clinic",
}


def jpeg_syntax(number):
    return UID(f"1.2.840.10008.1.2.4.{number}")


def describe(shape, bits, signed=0, photometric="MONOCHROME2", frames=1, stored=None, high=None, **attributes):
    """The header of images of this shape: (rows, columns) or (rows, columns, samples)."""
    ds = Dataset()
    ds.SOPClassUID = SecondaryCaptureImageStorage
    for name, value in IDENTIFIERS.items():
        setattr(ds, name, value)
    ds.Modality = "OT"
    ds.InstanceNumber = 7
    ds.ImagePositionPatient = [10, -20, "32.5"]
    ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    ds.Rows, ds.Columns = shape[:2]
    ds.SamplesPerPixel = shape[2] if len(shape) == 3 else 1
    ds.PhotometricInterpretation = photometric
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.BitsAllocated = bits
    ds.BitsStored = stored or bits
    ds.HighBit = ds.BitsStored - 1 if high is None else high
    ds.PixelRepresentation = signed
    for name, value in attributes.items():
        setattr(ds, name, value)
    return ds


def file_bytes(ds, syntax=EXPLICIT):
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def bare_bytes(ds, syntax):
    buffer = DicomBytesIO()
    buffer.is_little_endian = syntax.is_little_endian
    buffer.is_implicit_VR = syntax.is_implicit_VR
    write_dataset(buffer, ds)
    return buffer.getvalue()


def type_name(array):
    return array.dtype.newbyteorder("=").name


def per_frame(array, ds):
    frames = int(ds.get("NumberOfFrames", 1))
    return [frame.ravel().tolist() for frame in (array if frames > 1 else array[None])]


def case(name, ds, stored, syntax=EXPLICIT, data=None, **more):
    """`stored` is what the pixels are: grey values, indices, or RGB."""
    stored = numpy.asarray(stored)
    record = {
        "name": name,
        "base64": base64.b64encode(data or file_bytes(ds, syntax)).decode(),
        "type": type_name(stored),
        "frames": per_frame(stored, ds),
    }
    return record | more


def native(name, pixels, ds, syntax=EXPLICIT, vr=None, expected=None, **more):
    """Uncompressed; checked against pydicom's own decoder."""
    order = "<" if syntax.is_little_endian else ">"
    ds.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    if len(ds.PixelData) % 2:
        ds.PixelData += b"\0"
    ds["PixelData"].VR = vr or ("OB" if ds.BitsAllocated <= 8 and not syntax.is_implicit_VR else "OW")
    record_data = file_bytes(ds, syntax)
    if expected is None:
        expected = decoded(ds, syntax)
    return case(name, ds, expected, syntax, record_data, **more)


def decoded(ds, syntax, plugin=""):
    return get_decoder(syntax).as_array(ds, decoding_plugin=plugin)[0]


def compressed(name, streams, ds, syntax, expected, data=None, **more):
    ds.PixelData = encapsulate(streams, has_bot=True) if data is None else data
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return case(name, ds, expected, syntax, **more)


def lut_item(entries, first, bits, vr="US"):
    item = Dataset()
    item.add_new("LUTDescriptor", vr, [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "US", [int(entry) for entry in entries])
    return item


def shown_by(ds, values):
    """What pydicom shows of the modality's values, scaled to 0..1 by the range that it scales to."""
    values = apply_voi_lut(numpy.asarray(values), ds)
    if "VOILUTSequence" in ds:
        return (values / (2 ** ds.VOILUTSequence[0].LUTDescriptor[2] - 1)).ravel().tolist()
    half = 2 ** (ds.BitsStored - 1)
    low, high = (-half, half - 1) if ds.PixelRepresentation else (0, 2 * half - 1)
    if "ModalityLUTSequence" in ds:
        low, high = 0, 2 ** ds.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    if "RescaleSlope" in ds:
        low, high = (end * ds.RescaleSlope + ds.RescaleIntercept for end in (low, high))
    return ((values - low) / (high - low)).ravel().tolist()


def with_display(record, ds, stored):
    units = apply_modality_lut(numpy.asarray(stored), ds)
    return record | {"units": units.ravel().tolist(), "shown": shown_by(ds, units)}


grey_8 = random.integers(0, 256, (ROWS, COLUMNS), dtype=numpy.uint8)
grey_12 = random.integers(0, 4096, (ROWS, COLUMNS), dtype=numpy.uint16)
grey_16 = random.integers(0, 65536, (ROWS, COLUMNS), dtype=numpy.uint16)
signed_16 = random.integers(-32768, 32768, (ROWS, COLUMNS), dtype=numpy.int16)
rgb_8 = random.integers(0, 256, (ROWS, COLUMNS, 3), dtype=numpy.uint8)
rgb_16 = random.integers(0, 65536, (ROWS, COLUMNS, 3), dtype=numpy.uint16)
stack_8 = random.integers(0, 256, (3, ROWS, COLUMNS), dtype=numpy.uint8)
smooth_8 = numpy.add.outer(numpy.arange(16) * 7, numpy.arange(20) * 5).astype(numpy.uint8)
smooth_12 = numpy.add.outer(numpy.arange(16) * 113, numpy.arange(20) * 97).astype(numpy.uint16)
smooth_rgb = numpy.stack([smooth_8, smooth_8[::-1], smooth_8[:, ::-1]], 2)
ybr_8 = rgb_8.copy()


def native_cases():
    shape = grey_8.shape
    yield native("explicit little endian, 8 bits", grey_8, describe(shape, 8))
    yield native("implicit little endian, 16 bits", grey_16, describe(shape, 16), IMPLICIT)
    yield native("explicit big endian, 16 bits, signed", signed_16, describe(shape, 16, 1), BIG_ENDIAN)
    yield native("explicit big endian, 8 bits in words", rgb_8, describe(rgb_8.shape, 8, photometric="RGB"), BIG_ENDIAN, "OW")
    yield native("deflated", grey_16, describe(shape, 16), DEFLATED)
    yield native("8 bits, signed", grey_8.view(numpy.int8), describe(shape, 8, 1))
    yield native("32 bits", random.integers(0, 2**32, shape, dtype=numpy.uint32), describe(shape, 32))
    yield native("32 bits, signed", random.integers(-(2**31), 2**31, shape, dtype=numpy.int32), describe(shape, 32, 1))

    # Whatever stands in the bits that do not count.
    noise = grey_16 & 0xF000
    yield native("12 of 16 bits, noise above", grey_12 | noise, describe(shape, 16, stored=12))
    yield native("12 of 16 bits, signed, noise above", (grey_12 | noise).view(numpy.int16), describe(shape, 16, 1, stored=12))
    moved = (grey_12 << 2) | (grey_16 & 0xC003)
    yield native("12 of 16 bits up to bit 13", moved, describe(shape, 16, stored=12, high=13), expected=grey_12)
    signed_12 = ((grey_12.astype(numpy.int32) ^ 0x800) - 0x800).astype(numpy.int16)
    yield native("12 of 16 bits up to bit 13, signed", moved.view(numpy.int16), describe(shape, 16, 1, stored=12, high=13), expected=signed_12)

    bits = random.integers(0, 2, (3, ROWS, COLUMNS), dtype=numpy.uint8)
    ds = describe(shape, 1, frames=3)
    packed = numpy.packbits(bits.ravel(), bitorder="little")
    yield native("1 bit, frames that begin within bytes", packed, ds, expected=bits)
    yield native("several frames", stack_8, describe(shape, 8, frames=3))
    yield native("rgb", rgb_8, describe(rgb_8.shape, 8, photometric="RGB"))
    yield native("rgb, 16 bits", rgb_16, describe(rgb_16.shape, 16, photometric="RGB"))
    planar = describe(rgb_8.shape, 8, photometric="RGB", PlanarConfiguration=1)
    yield native("rgb, planar", numpy.ascontiguousarray(rgb_8.transpose(2, 0, 1)), planar, expected=rgb_8)
    planar = describe(rgb_16.shape, 16, photometric="RGB", frames=2, PlanarConfiguration=1)
    two = numpy.stack([rgb_16, rgb_16[::-1]])
    yield native("rgb, planar, 16 bits, two frames", numpy.ascontiguousarray(two.transpose(0, 3, 1, 2)), planar, expected=two)
    yield native("ybr full", ybr_8, describe(ybr_8.shape, 8, photometric="YBR_FULL"))
    halved = random.integers(0, 256, (ROWS * COLUMNS * 2,), dtype=numpy.uint8)
    yield native("ybr full 422", halved, describe(ybr_8.shape, 8, photometric="YBR_FULL_422"))
    yield native("ybr full 422, not halved after all", ybr_8, describe(ybr_8.shape, 8, photometric="YBR_FULL_422"), expected=as_rgb(ybr_8))

    floats = random.normal(size=shape).astype(numpy.float32)
    yield floating("floats", floats, "FloatPixelData")
    yield floating("doubles", floats.astype(numpy.float64) / 3, "DoubleFloatPixelData")


def as_rgb(ybr):
    return get_decoder(EXPLICIT).as_array(rgb_probe(ybr))[0]


def rgb_probe(ybr):
    ds = describe(ybr.shape, 8, photometric="YBR_FULL")
    ds.PixelData = ybr.tobytes()
    ds["PixelData"].VR = "OB"
    return ds


def floating(name, values, keyword):
    ds = describe(values.shape, values.dtype.itemsize * 8)
    for attribute in ("BitsStored", "HighBit", "PixelRepresentation"):
        delattr(ds, attribute)
    setattr(ds, keyword, values.tobytes())
    return case(name, ds, values)


def bare_cases():
    for syntax, name in ((IMPLICIT, "implicit"), (EXPLICIT, "explicit"), (BIG_ENDIAN, "big endian")):
        ds = describe(grey_16.shape, 16)
        order = "<" if syntax.is_little_endian else ">"
        ds.PixelData = grey_16.astype(f"{order}u2").tobytes()
        ds["PixelData"].VR = "OW"
        del ds.SOPClassUID
        yield case(f"bare data set, {name}", ds, grey_16, data=bare_bytes(ds, syntax))


def display_cases():
    shape = grey_12.shape
    window = {"RescaleSlope": 1, "RescaleIntercept": -1024, "WindowCenter": ["40", "900"], "WindowWidth": ["400", "100"]}

    def shown(name, pixels, ds):
        return with_display(native(name, pixels, ds), ds, decoded(ds, EXPLICIT))

    yield shown("window, linear", grey_12, describe(shape, 16, stored=12, **window))
    yield shown("window, linear exact", grey_12, describe(shape, 16, stored=12, VOILUTFunction="LINEAR_EXACT", **window))
    yield shown("window, sigmoid", grey_12, describe(shape, 16, stored=12, VOILUTFunction="SIGMOID", **window))
    step = random.integers(0, 8, shape, dtype=numpy.uint8)
    yield shown("window, linear, of width 1", step, describe(shape, 8, WindowCenter=4, WindowWidth=1))
    yield shown("window, linear, of width 2", step, describe(shape, 8, WindowCenter=4, WindowWidth=2))
    yield shown("window, linear exact, narrow", step, describe(shape, 8, WindowCenter="3.5", WindowWidth="0.5", VOILUTFunction="LINEAR_EXACT"))
    fraction = {"RescaleSlope": "0.37", "RescaleIntercept": "-12.5", "WindowCenter": "200.5", "WindowWidth": "333.3"}
    yield shown("rescale by fractions", signed_16, describe(shape, 16, 1, **fraction))
    tenfold = {"RescaleSlope": -10, "RescaleIntercept": 5, "WindowCenter": 0, "WindowWidth": 2000}
    yield shown("rescale by a negative whole number", grey_8, describe(shape, 8, **tenfold))

    curve = numpy.round(4095 * (numpy.arange(300) / 299) ** 2)
    ds = describe(shape, 16, stored=12, RescaleSlope=1, RescaleIntercept=-1024)
    ds.VOILUTSequence = Sequence([lut_item(curve, -100, 12, "SS"), lut_item(curve[::-1], 0, 12)])
    ds.WindowCenter, ds.WindowWidth = 40, 400
    near = ((grey_12 % 500) + 800).astype(numpy.uint16)
    record = native("table of greys", near, ds)
    # pydicom keeps the rescaled values as floats, and warns of a table for these.
    units = near.astype(numpy.int32) - 1024
    yield record | {"units": units.ravel().tolist(), "shown": shown_by(ds, units)}
    ds = describe(shape, 8)
    ds.VOILUTSequence = Sequence([lut_item(255 - numpy.arange(100), 50, 8)])
    yield shown("table of greys, 8 bits", grey_8, ds)

    ds = describe(shape, 16, 1)
    ds.ModalityLUTSequence = Sequence([lut_item(numpy.arange(64) * 1000, -20, 16, "SS")])
    ds.ModalityLUTSequence[0].ModalityLUTType = "US"
    ds.WindowCenter, ds.WindowWidth = 20000, 30000
    yield shown("modality table", (signed_16 % 100 - 50).astype(numpy.int16), ds)

    ds = describe(shape, 8, photometric="MONOCHROME1", WindowCenter=100, WindowWidth=120)
    record = shown("monochrome1", grey_8, ds)
    yield record | {"shown": [1 - grey for grey in record["shown"]]}


def enhanced_case():
    ds = describe(grey_12.shape, 16, stored=12, frames=3)
    shared = Dataset()
    shared.PixelValueTransformationSequence = Sequence([rescale_item(1, -1000)])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = numpy.stack([grey_12, grey_12[::-1], grey_12[:, ::-1]])
    items = []
    for frame in range(3):
        item = Dataset()
        item.FrameVOILUTSequence = Sequence([window_item(100 * frame, 500 + frame)])
        if frame == 1:
            item.PixelValueTransformationSequence = Sequence([rescale_item(2, 10)])
        items.append(item)
    ds.PerFrameFunctionalGroupsSequence = Sequence(items)
    units = [frames[0].astype(int) - 1000, 2 * frames[1].astype(int) + 10, frames[2].astype(int) - 1000]
    windows = [[100 * frame, 500 + frame] for frame in range(3)]
    return native("enhanced", frames, ds, frameUnits=[unit.ravel().tolist() for unit in units], windows=windows)


def single_enhanced_case():
    """Of one frame, whose place is said where those of several frames would be."""
    ds = describe(grey_8.shape, 8)
    del ds.ImagePositionPatient, ds.ImageOrientationPatient
    shared, own, position, orientation = Dataset(), Dataset(), Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PlaneOrientationSequence = Sequence([orientation])
    position.ImagePositionPatient = [5, 6, "-41.25"]
    own.PlanePositionSequence = Sequence([position])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence([own])
    return native("enhanced, one frame", grey_8, ds)


def rescale_item(slope, intercept):
    item = Dataset()
    item.RescaleSlope, item.RescaleIntercept, item.RescaleType = slope, intercept, "US"
    return item


def window_item(center, width):
    item = Dataset()
    item.WindowCenter, item.WindowWidth = center, width
    return item


def palette_cases():
    shape = grey_8.shape
    for name, bits, pixels, first, count in (
        ("palette of 8 bits", 8, grey_8, 0, 256),
        ("palette of 16 bits that begins late", 16, grey_8, 60, 100),
        ("palette of negative indices", 16, (grey_8.astype(numpy.int16) - 128), -100, 150),
    ):
        signed = int(pixels.dtype == numpy.int16)
        ds = describe(shape, 16 if signed else 8, signed, photometric="PALETTE COLOR")
        entries = random.integers(0, 2**bits, (3, count), dtype=f"u{bits // 8}")
        for colour, table in zip(("Red", "Green", "Blue"), entries):
            ds.add_new(f"{colour}PaletteColorLookupTableDescriptor", "SS" if signed else "US", [count, first, bits])
            ds.add_new(f"{colour}PaletteColorLookupTableData", "OW", table.tobytes())
        record = native(name, pixels, ds)
        # pydicom casts indices to the type of the entries before it clips them.
        clipped = numpy.clip(pixels.astype(int) - first, 0, count - 1)
        rgb = numpy.stack([table[clipped] for table in entries], -1)
        if first == 0:
            assert (rgb == apply_color_lut(pixels, ds)).all()
        yield record | {"rgb": rgb.ravel().tolist()}

    for bits in (8, 16):
        ds = describe(shape, 8, photometric="PALETTE COLOR")
        top = 2**bits - 1
        segments = [0, 4, 10, 20, 30, 40, 1, 56, top, 1, 100, 0]
        # A copy of the two segments at its beginning, then as many entries as are missing.
        start = [0, 0] if bits == 16 else [0, 0, 0, 0]
        segments += [2, 2, *start, 1, 36, 50]
        data = struct.pack(f"<{len(segments)}{'B' if bits == 8 else 'H'}", *segments)
        for colour in ("Red", "Green", "Blue"):
            ds.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [256, 0, bits])
            ds.add_new(f"Segmented{colour}PaletteColorLookupTableData", "OW", data + b"\0" * (len(data) % 2))
        record = native(f"palette in segments of {bits} bits", grey_8, ds)
        yield record | {"rgb": apply_color_lut(grey_8, ds).ravel().tolist()}


def rle_frame(array, planes=1):
    options = {
        "rows": array.shape[0],
        "columns": array.shape[1],
        "samples_per_pixel": planes,
        "bits_allocated": array.dtype.itemsize * 8,
        "bits_stored": array.dtype.itemsize * 8,
        "pixel_representation": int(array.dtype.kind == "i"),
        "photometric_interpretation": "RGB" if planes == 3 else "MONOCHROME2",
        "number_of_frames": 1,
        "planar_configuration": 0,
    }
    return RLELosslessEncoder.encode(array.tobytes(), validate=False, **options)


def rle_cases():
    runs = numpy.repeat(numpy.arange(ROWS, dtype=numpy.uint8)[:, None] * 30, COLUMNS, 1)
    yield compressed("rle, 8 bits", [rle_frame(runs)], describe(runs.shape, 8), RLE, runs)
    yield compressed("rle, 16 bits, signed", [rle_frame(signed_16)], describe(signed_16.shape, 16, 1), RLE, signed_16)
    wide = random.integers(0, 2**32, grey_8.shape, dtype=numpy.uint32)
    yield compressed("rle, 32 bits", [rle_frame(wide)], describe(wide.shape, 32), RLE, wide)
    yield compressed("rle, rgb", [rle_frame(rgb_8, 3)], describe(rgb_8.shape, 8, photometric="RGB"), RLE, rgb_8)
    yield compressed("rle, ybr full", [rle_frame(ybr_8, 3)], describe(ybr_8.shape, 8, photometric="YBR_FULL"), RLE, as_rgb(ybr_8))
    yield compressed("rle, rgb, 16 bits", [rle_frame(rgb_16, 3)], describe(rgb_16.shape, 16, photometric="RGB"), RLE, rgb_16)


def frame_cases():
    """The same three frames, and all ways to tell them apart."""
    shape = stack_8.shape[1:]

    def of_frames():
        return describe(shape, 8, frames=3)

    rle = [rle_frame(frame) for frame in stack_8]
    yield compressed("frames by a basic offset table", rle, of_frames(), RLE, stack_8)
    yield compressed("frames of one fragment each", rle, of_frames(), RLE, stack_8, encapsulate(rle, has_bot=False))
    # Those of RLE are not allowed to have several fragments each.
    streams = [imagecodecs.jpegls_encode(frame) for frame in stack_8]
    jls = jpeg_syntax(80)
    fragments = encapsulate(streams, fragments_per_frame=2, has_bot=True)
    yield compressed("frames of several fragments by a basic offset table", streams, of_frames(), jls, stack_8, fragments)
    fragments = encapsulate(streams, fragments_per_frame=2, has_bot=False)
    yield compressed("frames of several fragments by their markers", streams, of_frames(), jls, stack_8, fragments)
    ds = of_frames()
    data, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(streams)
    yield compressed("frames by an extended offset table", streams, ds, jls, stack_8, data)
    broken = bytearray(encapsulate(streams, has_bot=True))
    broken[12:16] = struct.pack("<I", 5)
    yield compressed("frames by fragments, with a wrong offset table", streams, of_frames(), jls, stack_8, bytes(broken))
    whole = [frame.tobytes() for frame in stack_8]
    yield compressed("frames in fragments, uncompressed", whole, of_frames(), FRAGMENTS, stack_8)


def jpeg_ls_by_planes(pixels):
    """No writer at hand makes such streams: the scans of three grey ones, behind a header of three components."""
    rows, columns, _ = pixels.shape
    stream = b"\xff\xd8" + struct.pack(">HHBHHB", 0xFFF7, 17, 8, rows, columns, 3)
    stream += b"".join(bytes([component, 0x11, 0]) for component in (1, 2, 3))
    for component in (1, 2, 3):
        grey = imagecodecs.jpegls_encode(numpy.ascontiguousarray(pixels[..., component - 1]))
        at = grey.index(b"\xff\xda")
        stream += struct.pack(">HHBBBBBB", 0xFFDA, 8, 1, component, 0, 0, 0, 0) + grey[at + 10 : -2]
    return stream + b"\xff\xd9"


def jpeg_ls_cases():
    lossless, near = jpeg_syntax(80), jpeg_syntax(81)
    shape = grey_8.shape
    yield compressed("jpeg-ls, 8 bits", [imagecodecs.jpegls_encode(grey_8)], describe(shape, 8), lossless, grey_8)
    yield compressed("jpeg-ls, 16 bits", [imagecodecs.jpegls_encode(grey_16)], describe(shape, 16), lossless, grey_16)
    stream = imagecodecs.jpegls_encode(signed_16.view(numpy.uint16))
    yield compressed("jpeg-ls, 16 bits, signed", [stream], describe(shape, 16, 1), lossless, signed_16)
    ds = describe(smooth_rgb.shape, 8, photometric="RGB")
    yield compressed("jpeg-ls, rgb by pixels", [imagecodecs.jpegls_encode(smooth_rgb)], ds, lossless, smooth_rgb)
    ds = describe(smooth_rgb.shape, 8, photometric="RGB")
    yield compressed("jpeg-ls, rgb by planes", [jpeg_ls_by_planes(smooth_rgb)], ds, lossless, smooth_rgb)
    for name, pixels, bits in (("8", grey_8, 8), ("16", grey_16, 16)):
        stream = imagecodecs.jpegls_encode(pixels, level=3)
        expected = imagecodecs.jpegls_decode(stream)
        assert abs(expected.astype(int) - pixels).max() <= 3
        yield compressed(f"jpeg-ls near, {name} bits", [stream], describe(pixels.shape, bits), near, expected)


def jpeg_2000_cases():
    lossless, lossy = jpeg_syntax(90), jpeg_syntax(91)
    options = {"codecformat": "J2K", "resolutions": 2}

    def encode(pixels, **more):
        return imagecodecs.jpeg2k_encode(pixels, **(options | more))

    shape = grey_8.shape
    yield compressed("jpeg 2000, 8 bits", [encode(grey_8, reversible=True)], describe(shape, 8), lossless, grey_8)
    stream = encode(grey_12, reversible=True, bitspersample=12)
    yield compressed("jpeg 2000, 12 bits", [stream], describe(shape, 16, stored=12), lossless, grey_12)
    yield compressed("jpeg 2000, 16 bits", [encode(grey_16, reversible=True)], describe(shape, 16), lossless, grey_16)
    yield compressed("jpeg 2000, 16 bits, signed", [encode(signed_16, reversible=True)], describe(shape, 16, 1), lossless, signed_16)
    tiled = io.BytesIO()
    Image.fromarray(smooth_8).save(tiled, format="JPEG2000", no_jp2=True, tile_size=(8, 8), num_resolutions=2)
    yield compressed("jpeg 2000, tiles", [tiled.getvalue()], describe(smooth_8.shape, 8), lossless, smooth_8)
    boxed = imagecodecs.jpeg2k_encode(grey_8, codecformat="JP2", resolutions=2, reversible=True)
    yield compressed("jpeg 2000, in the boxes of a file", [boxed], describe(shape, 8), lossless, grey_8)
    colour = describe(rgb_8.shape, 8, photometric="YBR_RCT")
    yield compressed("jpeg 2000, rgb by a colour transform", [encode(rgb_8, reversible=True, mct=True)], colour, lossless, rgb_8)
    colour = describe(rgb_8.shape, 8, photometric="RGB")
    yield compressed("jpeg 2000, rgb", [encode(rgb_8, reversible=True, mct=False)], colour, lossless, rgb_8)
    colour = describe(ybr_8.shape, 8, photometric="YBR_FULL")
    yield compressed("jpeg 2000, ybr full", [encode(ybr_8, reversible=True, mct=False)], colour, lossless, as_rgb(ybr_8))
    for name, pixels, more in (("8 bits", smooth_8, {}), ("12 bits", smooth_12, {"bitspersample": 12})):
        stream = encode(pixels, level=40, reversible=False, **more)
        bits = pixels.dtype.itemsize * 8
        ds = describe(pixels.shape, bits, stored=more.get("bitspersample"))
        yield compressed(f"jpeg 2000 with loss, {name}", [stream], ds, lossy, imagecodecs.jpeg2k_decode(stream))
    stream = encode(smooth_rgb, level=40, reversible=False, mct=True)
    colour = describe(smooth_rgb.shape, 8, photometric="YBR_ICT")
    yield compressed("jpeg 2000 with loss, rgb", [stream], colour, lossy, imagecodecs.jpeg2k_decode(stream))

    for number, name, pixels, signed, more in (
        (201, "8 bits", grey_8, 0, {}),
        (201, "16 bits", grey_16, 0, {}),
        (202, "16 bits, signed", signed_16, 1, {}),
        (201, "rgb", rgb_8, 0, {"rgb": True}),
    ):
        stream = imagecodecs.htj2k_encode(pixels, reversible=True, resolutions=2, **more)
        photometric = "YBR_RCT" if pixels.ndim == 3 else "MONOCHROME2"
        ds = describe(pixels.shape, pixels.dtype.itemsize * 8, signed, photometric)
        yield compressed(f"high-throughput jpeg 2000, {name}", [bytes(stream)], ds, jpeg_syntax(number), pixels)
    stream = bytes(imagecodecs.htj2k_encode(smooth_12, level=0.002, reversible=False, resolutions=2))
    ds = describe(smooth_12.shape, 16)
    yield compressed("high-throughput jpeg 2000 with loss", [stream], ds, jpeg_syntax(203), imagecodecs.htj2k_decode(stream), levels=1)


def pillow_jpeg(pixels, **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="JPEG", quality=92, **options)
    return buffer.getvalue()


def pillow_ybr(stream):
    image = Image.open(io.BytesIO(stream))
    image.draft("YCbCr", image.size)
    return numpy.asarray(image)


def jpeg_cases():
    baseline, extended = jpeg_syntax(50), jpeg_syntax(51)
    stream = pillow_jpeg(smooth_8)
    yield compressed("jpeg, 8 bits", [stream], describe(smooth_8.shape, 8), baseline, numpy.asarray(Image.open(io.BytesIO(stream))))
    for name, sampling, photometric in (("444", 0, "YBR_FULL"), ("422", 1, "YBR_FULL_422"), ("420", 2, "YBR_FULL_422")):
        stream = pillow_jpeg(smooth_rgb, subsampling=sampling)
        ds = describe(smooth_rgb.shape, 8, photometric=photometric)
        yield compressed(f"jpeg, {name}", [stream], ds, baseline, as_rgb(pillow_ybr(stream)))
    # The stream says that it is in YCbCr, and is believed.
    ds = describe(smooth_rgb.shape, 8, photometric="RGB")
    yield compressed("jpeg in ybr, said to be rgb", [stream], ds, baseline, as_rgb(pillow_ybr(stream)))
    stream = imagecodecs.jpeg8_encode(smooth_rgb, level=92, colorspace="RGB", outcolorspace="RGB")
    ds = describe(smooth_rgb.shape, 8, photometric="RGB")
    yield compressed("jpeg in rgb", [stream], ds, baseline, imagecodecs.jpeg8_decode(stream))
    restarts = pillow_jpeg(smooth_8, restart_marker_blocks=1)
    yield compressed("jpeg with restarts", [restarts], describe(smooth_8.shape, 8), baseline, numpy.asarray(Image.open(io.BytesIO(restarts))))
    progressive = pillow_jpeg(smooth_8, progressive=True)
    expected = numpy.asarray(Image.open(io.BytesIO(progressive)))
    yield compressed("jpeg, progressive", [progressive], describe(smooth_8.shape, 8), jpeg_syntax(55), expected)

    stream = imagecodecs.jpeg8_encode(smooth_12, level=95, bitspersample=12)
    ds = describe(smooth_12.shape, 16, stored=12)
    yield compressed("jpeg, 12 bits", [stream], ds, extended, imagecodecs.jpeg8_decode(stream))
    stream = pillow_jpeg(smooth_8)
    ds = describe(smooth_8.shape, 8)
    yield compressed("jpeg extended, 8 bits", [stream], ds, extended, numpy.asarray(Image.open(io.BytesIO(stream))))

    any_predictor, first_order = jpeg_syntax(57), jpeg_syntax(70)
    for predictor in range(1, 8):
        stream = imagecodecs.jpeg8_encode(grey_16, lossless=True, predictor=predictor, bitspersample=16)
        syntax = first_order if predictor == 1 else any_predictor
        yield compressed(f"jpeg lossless, predictor {predictor}", [stream], describe(grey_16.shape, 16), syntax, grey_16)
    stream = imagecodecs.jpeg8_encode(grey_8, lossless=True, predictor=1)
    yield compressed("jpeg lossless, 8 bits", [stream], describe(grey_8.shape, 8), first_order, grey_8)
    stream = imagecodecs.jpeg8_encode(grey_12, lossless=True, predictor=1, bitspersample=12)
    yield compressed("jpeg lossless, 12 bits", [stream], describe(grey_12.shape, 16, stored=12), first_order, grey_12)
    stream = imagecodecs.jpeg8_encode(signed_16.view(numpy.uint16), lossless=True, predictor=1, bitspersample=16)
    yield compressed("jpeg lossless, 16 bits, signed", [stream], describe(signed_16.shape, 16, 1), first_order, signed_16)
    stream = imagecodecs.jpeg8_encode(rgb_8, lossless=True, predictor=1, colorspace="RGB", outcolorspace="RGB")
    ds = describe(rgb_8.shape, 8, photometric="RGB")
    yield compressed("jpeg lossless, rgb", [stream], ds, first_order, rgb_8)


def main():
    groups = (native_cases(), bare_cases(), display_cases(), [enhanced_case(), single_enhanced_case()], palette_cases(), rle_cases(), frame_cases())
    codecs = (jpeg_ls_cases(), jpeg_2000_cases(), jpeg_cases())
    cases = [record for group in groups + codecs for record in group]
    document = {"identifiers": list(IDENTIFIERS.values()), "cases": cases}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()
