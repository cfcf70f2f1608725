"""Writes resample.json: resizes by Pillow and torch, and whole preprocessings by torchvision.

Inputs are not stored: pixel i of a case is drawn by `pixels`, which the tests repeat. Run with a Python that has numpy,
Pillow before version 13, torch and torchvision: python resample.py

Pillow 13 resizes columns before rows where that is cheaper, which moves single pixels by one grey level. The published
studies were computed with earlier versions, and so is this file.
"""

import base64
import json
import pathlib

import numpy
import PIL
import torch
from PIL import Image
from torchvision import transforms

PILLOW = {
    "pillow_bilinear": Image.Resampling.BILINEAR,
    "pillow_bicubic": Image.Resampling.BICUBIC,
    "pillow_lanczos": Image.Resampling.LANCZOS,
}
INTERPOLATION = {
    "pillow_bilinear": transforms.InterpolationMode.BILINEAR,
    "pillow_bicubic": transforms.InterpolationMode.BICUBIC,
    "pillow_lanczos": transforms.InterpolationMode.LANCZOS,
}
# (width, height) of input and output: growing, shrinking, one of each, unchanged, odd, and single pixels.
SIZES = [
    ((7, 5), (13, 9)),
    ((28, 28), (37, 33)),
    ((40, 33), (17, 11)),
    ((90, 6), (7, 15)),
    ((12, 12), (12, 12)),
    ((12, 9), (12, 20)),
    ((1, 1), (4, 3)),
    ((3, 2), (1, 1)),
    ((1500, 4), (97, 2)),
    ((1500, 4), (1501, 1)),
]


def pixels(count, levels):
    """A linear congruential generator (modulus 2^31): the high bits of its states, scaled to 0..levels - 1."""
    state = 12345
    values = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 8) % levels)
    return numpy.array(values)


def source(size, channels, bits):
    width, height = size
    shape = (height, width) if channels == 1 else (height, width, channels)
    dtype = numpy.uint8 if bits == 8 else numpy.uint16
    return pixels(width * height * channels, 2**bits).reshape(shape).astype(dtype)


def pillow(array, size, method):
    if array.dtype == numpy.uint8:
        return numpy.asarray(Image.fromarray(array).resize(size, PILLOW[method]))
    planes = array.reshape(*array.shape[:2], -1).astype(numpy.float32)
    resized = [
        numpy.asarray(Image.fromarray(planes[..., c].copy()).resize(size, PILLOW[method])) for c in range(planes.shape[2])
    ]
    return numpy.stack(resized, 2)


def with_torch(array, size, method):
    planes = array.reshape(*array.shape[:2], -1).astype(numpy.float32)
    tensor = torch.from_numpy(planes).permute(2, 0, 1)[None].contiguous()
    antialias = method.endswith("antialias")
    resized = torch.nn.functional.interpolate(
        tensor, (size[1], size[0]), mode="bicubic", align_corners=False, antialias=antialias
    )
    return resized[0].permute(1, 2, 0).numpy()


def encoded(array):
    return base64.b64encode(numpy.ascontiguousarray(array).tobytes()).decode()


def resize_cases():
    for method in [*PILLOW, "torch_bicubic", "torch_bicubic_antialias"]:
        for index, (size_in, size_out) in enumerate(SIZES):
            for channels in [1, 3] if index < 3 else [1]:
                for bits in [8, 16] if index in (1, 2) and channels == 1 else [8]:
                    array = source(size_in, channels, bits)
                    result = (pillow if method in PILLOW else with_torch)(array, size_out, method)
                    yield {
                        "method": method,
                        "from": size_in,
                        "to": size_out,
                        "channels": channels,
                        "bits": bits,
                        "type": str(result.dtype),
                        "result": encoded(result),
                    }


def preprocess_cases():
    mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    for method, size, channels, resize_to, image_size, fit in [
        ("pillow_bicubic", (45, 31), 3, 20, 15, "shorter-side"),
        ("pillow_bilinear", (31, 64), 1, 19, 14, "shorter-side"),
        ("pillow_lanczos", (13, 13), 3, 21, 20, "shorter-side"),
        ("pillow_bicubic", (37, 50), 3, 16, 16, "squash"),
        ("pillow_bicubic", (37, 50), 1, 19, 16, "squash"),
    ]:
        image = Image.fromarray(source(size, channels, 8)).convert("RGB")
        target = resize_to if fit == "shorter-side" else (resize_to, resize_to)
        steps = transforms.Compose(
            [
                transforms.Resize(target, INTERPOLATION[method]),
                transforms.CenterCrop(image_size),
                transforms.ToTensor(),
                transforms.Normalize(mean, deviation),
            ]
        )
        yield {
            "preprocessing": {
                "input": "pixels",
                "imageSize": image_size,
                "resizeTo": resize_to,
                "resample": method,
                "fit": fit,
                "mean": mean,
                "deviation": deviation,
            },
            "from": size,
            "channels": channels,
            "bits": 8,
            "result": encoded(steps(image).numpy()),
        }


assert int(PIL.__version__.split(".")[0]) < 13, "Pillow 13 has another order of passes"
document = {"resize": list(resize_cases()), "preprocess": list(preprocess_cases())}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
