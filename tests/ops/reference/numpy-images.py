"""Writes numpy-images.json: small .npy and .npz files (base64) as NumPy saves them, beside their values.

Run with a Python that has numpy: python numpy-images.py
"""

import base64
import io
import json
import pathlib

import numpy

random = numpy.random.default_rng(5)


def as_text(save, *values, **named):
    buffer = io.BytesIO()
    save(buffer, *values, **named)
    return base64.b64encode(buffer.getvalue()).decode()


def saved(values):
    return as_text(numpy.save, values, allow_pickle=True)


def drawn(kind, shape):
    kind = numpy.dtype(kind)
    if kind.kind == "b":
        return random.random(shape) > 0.5
    if kind.kind == "f":
        values = (random.normal(0, 300, shape)).astype(kind)
        values.flat[1] = numpy.nan
        values.flat[2] = -numpy.inf
        return values
    limits = numpy.iinfo(kind)
    largest, smallest = min(limits.max, 2**53 - 1), max(limits.min, -(2**53) + 1)
    values = random.integers(smallest, largest, shape, dtype=kind.newbyteorder("="), endpoint=True).astype(kind)
    values.flat[0], values.flat[1] = smallest, largest
    return values


def as_json(value):
    value = float(value)
    return value if numpy.isfinite(value) else str(value)


def case(name, values):
    return {
        "name": name,
        "base64": saved(values),
        "type": values.dtype.newbyteorder("=").name,
        "shape": list(values.shape),
        "values": [as_json(value) for value in values.ravel()],
    }


def main():
    kinds = ["|b1", "|u1", "|i1"] + [f"{order}{kind}" for order in "<>" for kind in "u2 i2 u4 i4 u8 i8 f2 f4 f8".split()]
    colours = numpy.arange(12 * 10 * 3).reshape(12, 10, 3).astype("|u1") // 8
    images = [
        ("|u1 grey, 3-D", drawn("|u1", (3, 4, 1))),
        ("<i2 grey, 3-D, Fortran", numpy.asfortranarray(drawn("<i2", (3, 4, 1)))),
        ("<i2 Fortran", numpy.asfortranarray(drawn("<i2", (3, 4)))),
        ("<i2 one row, Fortran", numpy.asfortranarray(drawn("<i2", (1, 4)))),
        ("|u1 three columns", drawn("|u1", (4, 3))),
        ("|b1 colour", drawn("|b1", (3, 4, 3))),
        ("|u1 colour", drawn("|u1", (3, 4, 3))),
        ("|u1 colour, Fortran", numpy.asfortranarray(drawn("|u1", (3, 4, 3)))),
        ("|u1 colour, one column, Fortran", numpy.asfortranarray(drawn("|u1", (3, 1, 3)))),
        ("<u2 colour", drawn("<u2", (3, 4, 3))),
        (">u2 colour, Fortran", numpy.asfortranarray(drawn(">u2", (3, 4, 3)))),
        ("<f4 colour", drawn("<f4", (3, 4, 3))),
        (">f8 colour, Fortran", numpy.asfortranarray(drawn(">f8", (3, 4, 3)))),
    ]
    refused = {
        "objects": numpy.array([[1, None]], dtype=object),
        "records": numpy.zeros((2, 2), [("a", "<i2")]),
        "texts": numpy.array([["a", "b"]]),
        "complex": numpy.zeros((2, 2), "<c8"),
        "long doubles": numpy.zeros((2, 2), numpy.longdouble),
        "dates": numpy.zeros((2, 2), "<M8[s]"),
    }
    several = {f"slice_{index}": numpy.full((2, 2), index, "|u1") for index in range(10)}
    document = {
        "cases": [case(kind, drawn(kind, (3, 4))) for kind in kinds] + [case(*image) for image in images],
        "refused": {name: saved(values) for name, values in refused.items()},
        "archives": {
            "one": {
                "values": colours.ravel().tolist(),
                "shape": list(colours.shape),
                "files": {
                    "savez": as_text(numpy.savez, colours),
                    "savez, by name": as_text(numpy.savez, image=colours),
                    "savez_compressed": as_text(numpy.savez_compressed, colours),
                },
            },
            "several": {
                "savez": as_text(numpy.savez, **several),
                "savez_compressed": as_text(numpy.savez_compressed, **several),
            },
            "stack": as_text(numpy.savez_compressed, stack=drawn("<i2", (4, 5, 6))),
            "objects": as_text(numpy.savez, refused["objects"], allow_pickle=True),
            "none": as_text(numpy.savez),
        },
    }
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
