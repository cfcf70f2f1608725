"""Writes hdf5-files.json: small HDF5 files (base64) beside the values and texts that h5py reads from them.

Run with a Python that has numpy and h5py: python hdf5-files.py
"""

import base64
import json
import pathlib
import tempfile

import h5py
import numpy

random = numpy.random.default_rng(11)


def made(draw, **options):
    """The bytes of a file drawn by a function."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.h5")
        with h5py.File(path, "w", **options) as file:
            draw(file)
        return path.read_bytes()


def read_back(data, numbers, texts=()):
    """What h5py itself reads, so that the fixture holds nothing that only the drawing claims."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.h5")
        path.write_bytes(data)
        with h5py.File(path, "r") as file:
            values = {name: described(file[name][()]) for name in numbers}
            return values, {name: file[name].asstr()[()] for name in texts}


def described(values):
    values = numpy.asarray(values)
    flat = values.astype(numpy.float64).ravel()
    return {
        "shape": list(values.shape),
        "type": values.dtype.name,
        "values": [None if numpy.isnan(value) else value for value in flat.tolist()],
    }


def variable(group, name, values, matlab_class, **options):
    """A variable as MATLAB's save(..., '-v7.3') lays it down: columns first, its class beside it."""
    attributes = options.pop("attributes", {})
    stored = group.create_dataset(name, data=numpy.asarray(values).T, **options)
    stored.attrs.create("MATLAB_class", numpy.bytes_(matlab_class))
    for key, value in attributes.items():
        stored.attrs.create(key, value)


def characters(text):
    return numpy.array([list(text.encode("utf-16-le")[0::2])], "<u2") + 256 * numpy.array(
        [list(text.encode("utf-16-le")[1::2])], "<u2"
    )


def as_matlab(data):
    """The text of the user block."""
    text = b"MATLAB 7.3 MAT-file, Platform: PCWIN64, Created on: Thu Jan 01 00:00:00 1970 HDF5 schema 1.00 ."
    return text.ljust(116) + bytes(8) + b"\x00\x02IM" + data[128:]


def matlab_file(draw):
    return as_matlab(made(draw, userblock_size=512, libver=("earliest", "v108")))


def tumour_case(**options):
    """The layout of the brain tumour data set of figshare (article 1512427), with a tiny image of other numbers."""
    image = random.integers(-40, 3000, (12, 16)).astype("<i2")
    mask = (random.random((12, 16)) > 0.7).astype("u1")
    border = random.random((1, 9)) * 16
    border[0, 3] = numpy.nan

    def draw(file):
        group = file.create_group("cjdata")
        group.attrs.create("MATLAB_class", numpy.bytes_("struct"))
        variable(group, "PID", characters("MR0417é"), "char", attributes={"MATLAB_int_decode": numpy.int32(2)}, **options)
        variable(group, "image", image, "int16", **options)
        variable(group, "label", [[2.0]], "double", **options)
        variable(group, "tumorBorder", border, "double", **options)
        variable(group, "tumorMask", mask, "logical", attributes={"MATLAB_int_decode": numpy.int32(1)}, **options)

    data = matlab_file(draw)
    names = ["cjdata/image", "cjdata/label", "cjdata/tumorBorder", "cjdata/tumorMask"]
    values, _ = read_back(data, names)
    matrices = {
        "cjdata/image": described(image),
        "cjdata/label": described(numpy.array([[2.0]])),
        "cjdata/tumorBorder": described(border),
        "cjdata/tumorMask": described(mask),
    }
    return {
        "base64": base64.b64encode(data).decode(),
        "numbers": values,
        "matrices": matrices,
        "texts": {"cjdata/PID": "MR0417é"},
        "refused": {},
    }


def odd_matlab_case():
    def draw(file):
        variable(file, "volume", random.integers(0, 9, (3, 4, 5)).astype("u1"), "uint8")
        variable(file, "names", numpy.concatenate([characters("ab"), characters("cd")]), "char")
        for name, kind in [("nothing", "double"), ("silence", "char")]:
            stored = file.create_dataset(name, data=numpy.array([0, 0], "<u8"))
            stored.attrs.create("MATLAB_class", numpy.bytes_(kind))
            stored.attrs.create("MATLAB_empty", numpy.uint8(1))
        variable(file, "half_pair", numpy.array([[0xD800, 0x41]], "<u2"), "char")
        file.create_dataset("plain", data=numpy.arange(6).reshape(2, 3).astype("<i4"))
        cell = file.create_dataset("cell", (1, 1), dtype=h5py.ref_dtype)
        cell[0, 0] = file["plain"].ref
        cell.attrs.create("MATLAB_class", numpy.bytes_("cell"))
        complex_type = numpy.dtype([("real", "<f8"), ("imag", "<f8")])
        variable(file, "complex", numpy.zeros((1, 2), complex_type), "double")

    data = matlab_file(draw)
    values, _ = read_back(data, ["volume", "plain"])
    return {
        "base64": base64.b64encode(data).decode(),
        "numbers": values,
        "texts": {"silence": ""},
        "refused": {
            "volume": {"matrix": "has 3 dimensions"},
            "plain": {"matrix": "is no variable of MATLAB", "text": "holds no text"},
            "names": {"text": "holds 2 texts"},
            "half_pair": {"text": "holds no Unicode text"},
            "nothing": {"numbers": "is empty in MATLAB", "matrix": "is empty in MATLAB"},
            "cell": {"numbers": "references, such as the cells of MATLAB"},
            "complex": {"matrix": "compounds, such as complex numbers"},
        },
    }


def small_float_type():
    """bfloat16: half the length of float32, and another form than half precision."""
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)
    return kind


def twelve_bit_type():
    kind = h5py.h5t.STD_I16LE.copy()
    kind.set_precision(12)
    return kind


def create_low_level(file, name, kind, values):
    space = h5py.h5s.create_simple(values.shape)
    stored = h5py.h5d.create(file.id, name.encode(), kind, space)
    stored.write(h5py.h5s.ALL, h5py.h5s.ALL, values)


def types_case(**options):
    numbers = {
        **{
            f"{order}{kind}": random.integers(0, 100, (3, 5)).astype(f"{order}{kind}")
            for order in "<>"
            for kind in ["u1", "u2", "u4", "u8"]
        },
        **{
            f"{order}{kind}": random.integers(-100, 100, (3, 5)).astype(f"{order}{kind}")
            for order in "<>"
            for kind in ["i1", "i2", "i4", "i8", "f2", "f4", "f8"]
        },
        "not numbers": numpy.array([numpy.nan, -0.25, 3.5], "<f4"),
        "bools": numpy.array([[True, False], [False, True]]),
        "largest": numpy.array([2**53 - 1, -(2**53) + 1], "<i8"),
        "extremes": numpy.array([[-32768, 32767]], "<i2"),
        "single": numpy.float64(-2.5),
        "none": numpy.zeros((0, 4), "<u2"),
    }

    def draw(file):
        for name, values in numbers.items():
            file.create_dataset(name, data=values)
        chunked = {"chunks": (2, 3)}
        file.create_dataset("gzip", data=numbers["<i2"], compression="gzip", **chunked)
        file.create_dataset("gzip shuffle", data=numbers[">i4"], compression="gzip", shuffle=True, **chunked)
        file.create_dataset("checksum", data=numbers["<f8"], fletcher32=True, **chunked)
        file.create_dataset("chunks", data=numbers["<f4"], **chunked)
        file["named type"] = numpy.dtype("<i4")
        named = h5py.h5t.open(file.id, b"named type")
        create_low_level(file, "of named type", named, numbers["<i4"])
        file["linked"] = h5py.SoftLink("/deep/er/down")
        file.create_dataset("deep/er/down", data=numbers["<u2"])
        file["elsewhere"] = h5py.ExternalLink("/etc/hostname", "/x")
        file["broken"] = h5py.SoftLink("/no/where")

        file.create_dataset("too large", data=numpy.array([2**53], "<u8"))
        file.create_dataset("lzf", data=numbers["<i2"], compression="lzf")
        file.create_dataset("scale-offset", data=numbers["<i2"], scaleoffset=True)
        file.create_dataset("szip", data=numbers["<i2"], chunks=(3, 5), compression="szip", compression_opts=("nn", 4))
        create_low_level(file, "12 bits", twelve_bit_type(), numbers["<i2"])
        create_low_level(file, "bfloat16", small_float_type(), numbers["<f4"])
        file.create_dataset("null", data=h5py.Empty("f4"))
        file.create_dataset("promise", (4000, 4000), "<f8")
        layout = h5py.VirtualLayout((3, 5), "<i2")
        layout[...] = h5py.VirtualSource("elsewhere.h5", "x", (3, 5))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("external", (2, 2), "<i2", external=[("elsewhere.bin", 0, 8)])

        file.create_dataset("text", data="größer")
        file.create_dataset("text of no length", data="")
        file.create_dataset("one text in a list", data=["a"], dtype=h5py.string_dtype())
        file.create_dataset("fixed text", data=numpy.bytes_("CT scan"))
        file.create_dataset("fixed text in utf-8", data=numpy.array("é!".encode(), h5py.string_dtype(length=9)))
        file.create_dataset("texts", data=["a", "b"], dtype=h5py.string_dtype())
        file.create_dataset("latin text", data=numpy.bytes_("größer".encode("latin1")))

    data = made(draw, **options)
    kept = [*numbers, "gzip", "gzip shuffle", "checksum", "chunks", "of named type", "linked", "deep/er/down"]
    scalars = ["text", "text of no length", "fixed text", "fixed text in utf-8"]
    values, texts = read_back(data, kept, scalars)
    return {
        "base64": base64.b64encode(data).decode(),
        "numbers": values,
        "texts": {**texts, "one text in a list": "a"},
        "absent": ["elsewhere", "broken", "named type", "deep", "", "/", "deep/../deep/er/down"],
        "refused": {
            "too large": {"numbers": "beyond 2 ** 53"},
            "lzf": {"numbers": "by the filter 32000 (LZF)"},
            "scale-offset": {"numbers": "by the filter 6 (scale-offset)"},
            "szip": {"numbers": "by the filter 4 (szip)"},
            "12 bits": {"numbers": "whole numbers of 12 bits in 2 bytes"},
            "bfloat16": {"numbers": "floats of 2 bytes in another form than IEEE 754"},
            "null": {"numbers": "holds nothing"},
            "promise": {"numbers": "claims to be of shape (4000, 4000)"},
            "virtual": {"numbers": "lies in other files"},
            "external": {"numbers": None},
            "texts": {"text": "holds 2 texts"},
            "latin text": {"text": "holds no Unicode text"},
            "text": {"numbers": "holds no plain numbers but texts or lists", "matrix": "is no variable of MATLAB"},
            "gzip": {"text": "holds no text"},
        },
    }


def main():
    cases = {
        "brain tumour": tumour_case(),
        "brain tumour, packed": tumour_case(compression="gzip", compression_opts=3, chunks=True),
        "odd variables of MATLAB": odd_matlab_case(),
        "types, oldest form": types_case(),
        "types, newest form": types_case(libver="latest", track_order=True),
    }
    document = json.dumps({"cases": cases}, separators=(",", ":"), allow_nan=False)
    pathlib.Path(__file__).with_suffix(".json").write_text(document + "\n")


main()
