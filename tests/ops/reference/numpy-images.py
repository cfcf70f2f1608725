"""Writes numpy-images.json: small .npy files (base64) as numpy.save writes them, beside their slices.

Run with a Python that has numpy: python numpy-images.py
"""

import base64
import io
import json
import pathlib
import zipfile

import numpy

random = numpy.random.default_rng(5)


def saved(values):
    buffer = io.BytesIO()
    numpy.save(buffer, values, allow_pickle=True)
    return buffer.getvalue()


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


def case(name, layout, values):
    slices = values if layout == "SHW" else values[None]
    return {
        "name": f"{name} {layout}",
        "layout": layout,
        "base64": base64.b64encode(saved(values)).decode(),
        "type": values.dtype.newbyteorder("=").name,
        "shape": list(slices.shape),
        "slices": [[as_json(value) for value in each.ravel()] for each in slices],
    }


def main():
    kinds = ["|b1", "|u1", "|i1"] + [f"{order}{kind}" for order in "<>" for kind in "u2 i2 u4 i4 u8 i8 f2 f4 f8".split()]
    cases = [case(kind, "HW", drawn(kind, (3, 4))) for kind in kinds]
    cases += [case(f"{kind} Fortran", "SHW", numpy.asfortranarray(drawn(kind, (2, 3, 4)))) for kind in ["|u1", ">i2", "<f4"]]
    cases += [case(f"{kind} C", "SHW", drawn(kind, (2, 3, 4))) for kind in ["<i2", ">f4"]]
    cases += [
        case("|u1 grey", "HWC", drawn("|u1", (3, 4, 1))),
        case("<u2 colour", "HWC", drawn("<u2", (3, 4, 3))),
        case(">u2 colour Fortran", "HWC", numpy.asfortranarray(drawn(">u2", (3, 4, 3)))),
        case("<i2 Fortran", "HW", numpy.asfortranarray(drawn("<i2", (3, 4)))),
        case("<i2 one row Fortran", "HW", numpy.asfortranarray(drawn("<i2", (1, 4)))),
        case("<i2 slices of three columns", "SHW", drawn("<i2", (4, 5, 3))),
    ]
    refused = {
        "objects": numpy.array([[1, None]], dtype=object),
        "records": numpy.zeros((2, 2), [("a", "<i2")]),
        "texts": numpy.array([["a", "b"]]),
        "complex": numpy.zeros((2, 2), "<c8"),
        "long doubles": numpy.zeros((2, 2), numpy.longdouble),
        "dates": numpy.zeros((2, 2), "<M8[s]"),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for each in [cases[0], cases[-1]]:
            zipped.writestr(f"{each['type']}.npy", base64.b64decode(each["base64"]))
    document = {
        "cases": cases,
        "refused": {name: base64.b64encode(saved(values)).decode() for name, values in refused.items()},
        "npz": base64.b64encode(archive.getvalue()).decode(),
    }
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
