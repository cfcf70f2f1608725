"""Decodes image files with the usual Python libraries, and says how many it decodes in a second.

Run with a Python that has numpy and any of Pillow, tifffile (with imagecodecs), pydicom (with its plugins), nibabel and h5py. It reads
one request per line of standard input (JSON), answers each with one line, and waits for the next: between requests it uses no core.

    {"ask": "ready"}      true
    {"ask": "prepare", "reader": ..., "files": [PATH, ...]}
                          reads the files and decodes the first; answers with the library that does it, how many values there are,
                          their mean and deviation, or why it cannot
    {"ask": "measure", "seconds": ...}
                          decodes a second of what was prepared last, after a warm-up, and CPU time

Protocol: bytes in memory, one file at a time, pixels in a numpy array of their own, as the other side hands them out: DICOM in the units
of its modality, slices of volumes upright and scaled.
"""

import gzip
import importlib
import io
import json
import sys
import textwrap
import time

import numpy

WARM_SECONDS = 0.1


def library(name):
    """Its name and version, and the library itself."""
    module = importlib.import_module({"Pillow": "PIL"}.get(name, name))
    return f"{name} {module.__version__}", module


def each_file(decode):
    """Of formats whose files hold one image each: a function of a turn."""

    def begin(files):
        return lambda turn: decode(files[turn % len(files)])

    return begin


def pillow():
    name, _ = library("Pillow")
    from PIL import Image

    return name, each_file(lambda data: numpy.array(Image.open(io.BytesIO(data))))


def tifffile():
    name, module = library("tifffile")
    return name, each_file(lambda data: module.imread(io.BytesIO(data)))


def pydicom():
    name, module = library("pydicom")
    from pydicom.pixels import apply_modality_lut

    def decode(data):
        header = module.dcmread(io.BytesIO(data))
        return apply_modality_lut(header.pixel_array, header)

    return name, each_file(decode)


def open_volume(module, data):
    image = module.as_closest_canonical(module.Nifti1Image.from_bytes(gzip.decompress(data)))
    return numpy.asanyarray(image.dataobj)


def nibabel_open():
    name, module = library("nibabel")
    return name, each_file(lambda data: open_volume(module, data))


def nibabel_slice():
    name, module = library("nibabel")

    def begin(files):
        volume = open_volume(module, files[0])
        return lambda turn: numpy.ascontiguousarray(numpy.rot90(volume[:, :, turn % volume.shape[2]]))

    return name, begin


def numpy_load():
    return f"numpy {numpy.__version__}", each_file(lambda data: numpy.load(io.BytesIO(data)))


def h5py():
    name, module = library("h5py")

    def decode(data):
        with module.File(io.BytesIO(data)) as file:
            return numpy.ascontiguousarray(file["cjdata/image"][()].T)

    return name, each_file(decode)


READERS = {
    "pillow": pillow,
    "tifffile": tifffile,
    "pydicom": pydicom,
    "nibabel_open": nibabel_open,
    "nibabel_slice": nibabel_slice,
    "numpy": numpy_load,
    "h5py": h5py,
}


class Bench:
    def __init__(self):
        self.decode = None

    def prepare(self, request):
        """A library that is not there, or cannot read the files, says why."""
        files = []
        for path in request["files"]:
            with open(path, "rb") as file:
                files.append(file.read())
        try:
            name, begin = READERS[request["reader"]]()
            self.decode = begin(files)
            values = self.decode(0)
        except Exception as error:  # whatever a library throws
            words = f"{type(error).__name__}: {error}".split()
            return {"missing": textwrap.shorten(" ".join(words), 100)}
        numbers = values.astype(numpy.float64)
        facts = {"count": numbers.size, "mean": float(numbers.mean()), "deviation": float(numbers.std())}
        return {"library": name, **facts}

    def measure(self, request):
        used_before = time.process_time()
        self.run(WARM_SECONDS)
        rate = self.run(request["seconds"])
        return {"perSecond": rate, "cpuSeconds": time.process_time() - used_before}

    def run(self, seconds):
        started, turns = time.perf_counter(), 0
        while turns == 0 or time.perf_counter() - started < seconds:
            self.decode(turns)
            turns += 1
        return turns / (time.perf_counter() - started)


def main():
    bench = Bench()
    answers = {"ready": lambda request: True, "prepare": bench.prepare, "measure": bench.measure}
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(answers[request["ask"]](request)), flush=True)


main()
