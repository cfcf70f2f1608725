"""Writes small files of named arrays, as NumPy, safetensors and pyarrow save them, into own/, and own_files.json: what
these very libraries read back from them.

Run with a Python that has numpy, torch, safetensors and pyarrow: python own_files.py
"""

import json
import pathlib

import numpy
import pyarrow
import pyarrow.parquet
import safetensors.torch
import torch

folder = pathlib.Path(__file__).parent
files = folder / "own"
files.mkdir(exist_ok=True)
random = numpy.random.default_rng(7)

ids = ["train/a.png", "train/b.png", "été.png", "x", "a much longer name/with spaces.png", "\U0001fac1"]
half_edges = [0.0, -0.0, 1.0, -2.0, 65504.0, 6.103515625e-05, 5.960464477539063e-08, 0.333251953125, -1e-06]
features = random.normal(size=(6, 5))
scores = random.uniform(size=(6, 2))


def plain(array):
    array = numpy.asarray(array)
    values = array.astype(float) if array.dtype.kind in "fiub" else array
    return {"shape": list(array.shape), "values": values.ravel().tolist()}


arrays = {
    "ids": numpy.array(ids),
    "bytes": numpy.array([name.encode() for name in ids]),
    "half": features.astype("<f2"),
    "half_edges": numpy.array(half_edges, dtype="<f2"),
    "single": features.astype("<f4"),
    "double": features,
    "long": numpy.array([-(2**40), 0, 3, 4, 5, 2**53 - 1]),
    "unsigned": numpy.arange(250, 256, dtype="<u4"),
    "short": numpy.array([-300, 300], dtype="<i2"),
    "byte": numpy.array([-128, 127], dtype="|i1"),
    "flags": numpy.array([True, False]),
    "column_of_one": numpy.asfortranarray(numpy.arange(4.0)),
    "cube": numpy.arange(8.0).reshape(2, 2, 2),
}
refused = {
    "objects": numpy.array(ids, dtype=object),
    "fortran": numpy.asfortranarray(features),
    "complex": numpy.array([1j]),
    "big": numpy.array([1.0], dtype=">f4"),
    "records": numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]),
    "huge": numpy.array([2**60]),
}
numpy.savez_compressed(files / "numpy.npz", **arrays, **refused)

tensors = {
    "half": torch.from_numpy(arrays["half"]),
    "brain": torch.from_numpy(arrays["single"]).to(torch.bfloat16),
    "single": torch.from_numpy(arrays["single"]),
    "double": torch.from_numpy(features),
    "long": torch.from_numpy(arrays["long"]),
}
safetensors.torch.save_file(tensors, files / "torch.safetensors", metadata={"format": "pt", "ids": json.dumps(ids)})

table = pyarrow.table(
    {
        "id": ids,
        "features": pyarrow.array(features.astype("<f4").tolist(), type=pyarrow.list_(pyarrow.float32())),
        "fixed": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(features.ravel()), 5),
        "no": scores[:, 0],
        "yes": scores[:, 1].astype("<f4"),
        "whole": [1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
        "half": arrays["half"][:, 0],
        "number": pyarrow.array([11, 12, 13, 14, 15, 16], type=pyarrow.int64()),
        "ragged": [[1.0], [1.0, 2.0], [], [1.0], [1.0], [1.0]],
        "gap": [1.0, None, 3.0, 4.0, 5.0, 6.0],
        "when": pyarrow.array([0, 1, 2, 3, 4, 5], type=pyarrow.timestamp("s")),
    }
)
codecs = ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]
for codec in codecs:
    pyarrow.parquet.write_table(table, files / f"arrow-{codec}.parquet", compression=codec, row_group_size=4)

read = numpy.load(files / "numpy.npz")
expected = {
    "numpy": {name: plain(read[name]) for name in arrays if name != "bytes"}
    | {"bytes": {"shape": [6], "values": [name.decode() for name in read["bytes"].tolist()]}},
    "torch": {
        name: plain(tensor.to(torch.float64).numpy())
        for name, tensor in safetensors.torch.load_file(files / "torch.safetensors").items()
    }
    | {"ids": {"shape": [6], "values": ids}},
    "arrow": {
        name: plain(numpy.array(pyarrow.parquet.read_table(files / "arrow-zstd.parquet")[name].to_pylist()))
        for name in ["id", "features", "fixed", "no", "yes", "whole", "half", "number"]
    },
    "codecs": codecs,
}
(folder / "own_files.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=True) + "\n")
