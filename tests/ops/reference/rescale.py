"""Writes rescale.json: the published study's preprocessing, by torch, torchvision and numpy.

Tensors on the pixels' own scale: bicubic resize without antialiasing, centre crop, per-channel min-max to 0..1, ImageNet's
mean and deviation. And what half precision makes of 16-bit values. Inputs are not stored: pixel i of a case is drawn by
`pixels`, which the tests repeat. Run with a Python that has numpy, torch and torchvision: python rescale.py
"""

import base64
import json
import pathlib

import numpy
import torch
from torchvision import transforms

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def pixels(count, levels):
    """A linear congruential generator (modulus 2^31): the high bits of its states, scaled to 0..levels - 1."""
    state = 12345
    values = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 8) % levels)
    return numpy.array(values)


def min_max(image):
    lowest = image.amin(dim=(1, 2), keepdim=True)
    highest = image.amax(dim=(1, 2), keepdim=True)
    return (image - lowest) / (highest - lowest)


def encoded(array):
    return base64.b64encode(numpy.ascontiguousarray(array).astype("<f4").tobytes()).decode()


def cases():
    # Sides differ before a squash only: Resize((r, r)) does not keep the ratio.
    for size, channels, bits, resize_to, image_size, half in [
        ((40, 31), 3, 8, 20, 15, False),
        ((24, 30), 1, 8, 16, 16, False),
        ((11, 13), 3, 8, 32, 28, True),
        ((30, 24), 1, 16, 20, 14, False),
        ((30, 24), 1, 16, 20, 14, True),
    ]:
        width, height = size
        array = pixels(width * height * channels, 2**bits).reshape(height, width, channels).transpose(2, 0, 1)
        if half:
            # Beyond this half precision has infinities only, and the study's result is not a number.
            array = numpy.minimum(array, 65504).astype(numpy.float16)
        image = torch.from_numpy(array.astype(numpy.float32))
        if channels == 1:
            image = image.repeat(3, 1, 1)
        bicubic = transforms.InterpolationMode.BICUBIC
        steps = [
            transforms.Resize((resize_to, resize_to), bicubic, antialias=False),
            transforms.CenterCrop(image_size),
            min_max,
            transforms.Normalize(MEAN, DEVIATION),
        ]
        yield {
            "from": size,
            "channels": channels,
            "bits": bits,
            "preprocessing": {
                "input": "pixels",
                "imageSize": image_size,
                "resizeTo": resize_to,
                "resample": "torch_bicubic",
                "fit": "squash",
                "rescale": "min_max",
                **({"halfReads": True} if half else {}),
                "mean": MEAN,
                "deviation": DEVIATION,
            },
            "result": encoded(transforms.Compose(steps)(image).numpy()),
        }


# Every value near a change of step, and ties in both directions.
values = sorted({0, 1, 2047, 65504, 65519} | {2**k + d for k in range(10, 16) for d in range(-33, 100)} | set(range(65000, 65519, 7)))
halves = numpy.array(values).astype(numpy.float16).astype(numpy.float64).astype(int)
document = {"cases": list(cases()), "halves": {"values": values, "halves": halves.tolist()}}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
