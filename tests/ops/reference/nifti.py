"""Writes nifti.json: which way nibabel turns volumes, and small files with what nibabel reads in them.

Run with a Python that has numpy and nibabel 5: python nifti.py

Orientations are `io_orientation` of random affines, rounded so that both sides read the same numbers. Two stored axes that are
equally close to an anatomical one go by rounding in nibabel, so singular affines are taken only where nothing is that close.
"""

import base64
import itertools
import json
import pathlib

import nibabel
import numpy
from nibabel.affines import voxel_sizes
from nibabel.orientations import io_orientation

random = numpy.random.default_rng(7)


def rotation():
    q, r = numpy.linalg.qr(random.normal(size=(3, 3)))
    return q * numpy.sign(numpy.diag(r))


def affine_of(steps, shift=(0, 0, 0)):
    affine = numpy.eye(4)
    affine[:3, :3] = steps
    affine[:3, 3] = shift
    return affine


def parts(steps):
    """The singular values of the directions, and the matrix that io_orientation looks at."""
    sizes = numpy.sqrt((steps**2).sum(0))
    sizes[sizes == 0] = 1
    p, s, q = numpy.linalg.svd(steps / sizes)
    keep = s > s.max() * 3 * numpy.finfo(float).eps
    return s, p[:, keep] @ q[keep]


def has_tie(steps):
    singular, r = parts(steps)
    rounding = singular.max() * numpy.finfo(float).eps
    if numpy.any((singular > rounding * 0.5) & (singular < rounding * 100)):
        return True
    strengths = numpy.sort((r**2).max(0))
    if numpy.any(numpy.diff(strengths[strengths > 1e-8]) < 1e-6):
        return True
    sizes = numpy.sort(numpy.abs(r), axis=0)
    return bool(numpy.any((numpy.diff(sizes, axis=0) < 1e-6) & (sizes[1:] > 1e-8)))


def drawn_steps():
    for _ in range(150):
        yield "oblique", numpy.round(rotation() * random.uniform(0.3, 5, 3), 5)
    for _ in range(100):
        yield "sheared", numpy.round(random.normal(size=(3, 3)) * random.choice([1e-3, 1, 300]), 7)
    for order in itertools.permutations(range(3)):
        for signs in itertools.product([1, -1], repeat=3):
            steps = numpy.zeros((3, 3))
            for column, (row, sign) in enumerate(zip(order, signs)):
                steps[row, column] = sign * [0.75, 1, 2.5][column]
            yield "straight", steps
    singular = 0
    while singular < 60:
        rank = int(random.integers(1, 3))
        steps = random.integers(-4, 5, size=(3, rank)) @ random.integers(-3, 4, size=(rank, 3))
        if not has_tie(steps.astype(float)):
            singular += 1
            yield "singular", steps.astype(float)
    yield "singular", numpy.zeros((3, 3))


def orientations():
    for kind, steps in drawn_steps():
        closest = [None if numpy.isnan(axis) else [int(axis), int(sign)] for axis, sign in io_orientation(affine_of(steps))]
        yield {"kind": kind, "steps": steps.tolist(), "closest": closest}


def encoded(array):
    return base64.b64encode(array).decode()


def numbers(array):
    """Doubles, the first axis fastest; of colours the channel fastest of all."""
    if array.dtype.names:
        array = numpy.stack([array[name] for name in array.dtype.names])
    return encoded(array.astype("<f8").tobytes("F"))


def file_case(name, kind, content):
    loaded = kind.from_bytes(content)
    data = numpy.asanyarray(loaded.dataobj)
    # nibabel turns no image of two dimensions; as a volume of one slice it does.
    volume = loaded if data.ndim > 2 else nibabel.Nifti1Image(data[..., None], loaded.affine)
    canonical = nibabel.as_closest_canonical(volume)
    return {
        "name": name,
        "content": encoded(content),
        "affine": loaded.affine[:3].tolist(),
        "shape": list(canonical.shape[:3]),
        "frames": canonical.shape[3] if data.ndim > 3 else 1,
        "spacing": voxel_sizes(canonical.affine).tolist(),
        "values": numbers(numpy.asanyarray(canonical.dataobj)),
    }


def drawn(dtype, shape=(3, 4, 5)):
    dtype = numpy.dtype(dtype)
    if dtype.kind == "f":
        return (random.normal(size=shape) * 100).astype(dtype)
    low, high = max(numpy.iinfo(dtype).min, -(2**53) + 1), min(numpy.iinfo(dtype).max, 2**53 - 1)
    return random.integers(low, high, size=shape, endpoint=True, dtype=dtype)


def written(kind, data, form, scaling, big):
    """`form`: sform, qform, both (which differ), or none."""
    shift = random.normal(size=3) * 50
    steps = rotation() * random.uniform(0.3, 5, 3)
    sheared = steps + random.normal(size=(3, 3)) * 0.2
    header = kind.header_class()
    header.set_data_shape(data.shape)
    header.set_zooms((1.25, 0.8, 3.0, 2.0)[: data.ndim])
    if form in ("sform", "both"):
        header.set_sform(affine_of(sheared, shift), 2)
    if form in ("qform", "both"):
        header.set_qform(affine_of(steps, -shift), 1)
    # Without an affine of its own the image leaves the header's forms alone. The type is said outright: nibabel wants that
    # of 64-bit whole numbers.
    image = kind(data, None, header.as_byteswapped(">" if big else "<"), dtype=data.dtype)
    raw = bytearray(image.to_bytes())
    # to_bytes fits data to a slope of its own; the wanted one is written over it.
    order = ">" if big else "<"
    at, real = (112, "f4") if kind is nibabel.Nifti1Image else (176, "f8")
    raw[at : at + 2 * int(real[1])] = numpy.array(scaling, order + real).tobytes()
    return bytes(raw)


def files():
    first, second = nibabel.Nifti1Image, nibabel.Nifti2Image
    colour = numpy.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    rgb = numpy.ascontiguousarray(drawn("u1", (3, 4, 5, 3))).view(colour)[..., 0]
    holed = drawn("f4", (2, 3, 4, 2))
    holed[1, 2, 3, 0], holed[0, 0, 1, 1] = numpy.nan, numpy.inf
    for name, kind, data, form, scaling, big in [
        ("int16, sform", first, drawn("i2"), "sform", (1, 0), False),
        ("int16, sform, big-endian", first, drawn("i2"), "sform", (1, 0), True),
        ("int16, qform", first, drawn("i2"), "qform", (1, 0), False),
        ("int16, qform, big-endian", first, drawn("i2"), "qform", (1, 0), True),
        ("int16, both forms", first, drawn("i2"), "both", (1, 0), False),
        ("int16, no form", first, drawn("i2"), "none", (1, 0), False),
        ("uint8, no form, one slice", first, drawn("u1", (5, 3)), "none", (1, 0), False),
        ("int16, slope and intercept", first, drawn("i2"), "sform", (0.37, -1024.5), False),
        ("uint8, negative slope", first, drawn("u1"), "sform", (-2.2, 0), True),
        ("float32, slope", first, drawn("f4"), "sform", (1.7, 3), False),
        ("int16, slope 0", first, drawn("i2"), "sform", (0, 5), False),
        ("int16, slope NaN", first, drawn("i2"), "sform", (numpy.nan, numpy.nan), False),
        ("int16, slope 1, intercept 7", first, drawn("i2"), "sform", (1, 7), False),
        ("int8", first, drawn("i1"), "sform", (1, 0), False),
        ("uint16", first, drawn("u2"), "sform", (1, 0), True),
        ("int32", first, drawn("i4"), "sform", (1, 0), False),
        ("uint32", first, drawn("u4"), "sform", (1, 0), True),
        ("int64", first, drawn("i8"), "sform", (1, 0), False),
        ("int64, big-endian", second, drawn("i8"), "sform", (1, 0), True),
        ("uint64", second, drawn("u8"), "sform", (0.5, 0), False),
        ("float64", second, drawn("f8"), "sform", (1, 0), True),
        ("RGB24", first, rgb, "sform", (1, 0), False),
        ("float32, frames, not all finite", first, holed, "sform", (1, 0), False),
        ("NIfTI-2, qform", second, drawn("f4"), "qform", (1, 0), False),
        ("NIfTI-2, qform, big-endian, slope", second, drawn("i2", (2, 3, 4, 3)), "qform", (2.5, -3), True),
        ("NIfTI-2, no form", second, drawn("i2"), "none", (1, 0), False),
    ]:
        yield file_case(name, kind, written(kind, data, form, scaling, big))


document = {"orientations": list(orientations()), "files": list(files())}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
