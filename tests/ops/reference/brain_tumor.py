"""Writes brain_tumor.json: files like those of figshare 1512427 (base64), drawn by h5py, and NumPy's reading of them.

For each file its image between percentiles 5 and 95, once with the values below cut off, once as the study of Baharoon et
al. (2023) has them (values up to percentile 5 become 0), scaled to 0..1 afterwards.

Run with a Python that has numpy and h5py: python brain_tumor.py
"""

import base64
import json
import pathlib
import tempfile

import h5py
import numpy

random = numpy.random.default_rng(5)


def variable(group, name, values, matlab_class, **options):
    """A variable as MATLAB's save(..., '-v7.3') lays it down: columns first, its class beside it."""
    stored = group.create_dataset(name, data=numpy.asarray(values).T, **options)
    stored.attrs.create("MATLAB_class", numpy.bytes_(matlab_class))
    if matlab_class == "char":
        stored.attrs["MATLAB_int_decode"] = numpy.int32(2)


def file_of(image, label, patient):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.mat")
        with h5py.File(path, "w", userblock_size=512, libver=("earliest", "v108")) as file:
            group = file.create_group("cjdata")
            group.attrs.create("MATLAB_class", numpy.bytes_("struct"))
            variable(group, "PID", numpy.array([[ord(letter) for letter in patient]], "uint16"), "char")
            packed = {"chunks": image.T.shape, "compression": "gzip", "compression_opts": 3}
            variable(group, "image", image, "int16", **packed)
            variable(group, "label", numpy.array([[float(label)]]), "double")
            variable(group, "tumorBorder", random.random((1, 8)), "double")
            variable(group, "tumorMask", (image > 300).astype("uint8"), "uint8", **packed)
        data = bytearray(path.read_bytes())
    text = b"MATLAB 7.3 MAT-file, Platform: PCWIN64, Created on: Sun Jan 05 00:00:00 2014 HDF5 schema 1.00 ."
    data[:128] = text.ljust(116) + b"\0" * 8 + b"\x00\x02IM"
    return bytes(data)


def scaled(values):
    return (values - values.min()) / (values.max() - values.min())


def reading(image):
    low, high = numpy.percentile(image, [5, 95])
    zeroed = numpy.where(image <= high, image, high)
    zeroed = numpy.where(image <= low, 0.0, zeroed)
    return {
        "low": low,
        "high": high,
        "clip": scaled(numpy.clip(image, low, high)).tolist(),
        "zero": scaled(zeroed).tolist(),
    }


rows, columns = numpy.mgrid[0:11, 0:8]
bright = (40 * rows + 25 * columns + random.normal(0, 60, rows.shape)).astype("int16")
cases = []
for name, image, label, patient in [
    ("above zero", numpy.abs(bright) + 90, 1, "100360"),
    ("around zero", bright - 200, 3, "MR040240B"),
]:
    image = image.astype("int16")
    data = file_of(image, label, patient)
    cases.append(
        {
            "name": name,
            "base64": base64.b64encode(data).decode(),
            "label": label,
            "patient": patient,
            "image": image.tolist(),
            **reading(image),
        }
    )

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases) + "\n")
