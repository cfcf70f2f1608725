"""Writes dicom_material.json: what further decoders read from the files of shared/material/dicom whose pixels its own list lacks.

That list was made where pydicom had no decoder for JPEG of 12 bits, lossless JPEG and JPEG-LS. Run with a Python that has numpy,
pydicom 3 and pylibjpeg-libjpeg: python dicom_material.py FOLDER, where FOLDER is shared/material.
"""

import hashlib
import json
import pathlib
import sys

import numpy
from pydicom import dcmread
from pydicom.pixels import get_decoder

# Every so many values are kept, to tell how far off a lossy decoder is; never the whole image.
STRIDE = 1499


def main():
    material = pathlib.Path(sys.argv[1])
    listed = json.loads((material / "dicom/golden_pydicom.json").read_text())
    found = {}
    for name, entry in sorted(listed.items()):
        if "pixel_error" not in entry:
            continue
        ds = dcmread(material / name)
        try:
            pixels = get_decoder(ds.file_meta.TransferSyntaxUID).as_array(ds, decoding_plugin="pylibjpeg")[0]
        except Exception:
            continue
        found[name] = {
            "shape": list(pixels.shape),
            "dtype": pixels.dtype.name,
            "sha256_le": hashlib.sha256(numpy.ascontiguousarray(pixels).tobytes()).hexdigest(),
            "mean": float(pixels.mean()),
            "std": float(pixels.std()),
            "values": pixels.ravel()[::STRIDE].tolist(),
        }
    document = {"stride": STRIDE, "files": found}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()
