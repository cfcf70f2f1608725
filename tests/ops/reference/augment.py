"""Writes augment.json: what torchvision's augmentations make of images, given what was drawn, and the crops it draws.

Inputs are not stored: pixel i of a case is drawn by `pixels`, which the tests repeat. Run with a Python that has numpy,
Pillow before version 13, torch and torchvision: python augment.py
"""

import base64
import json
import pathlib
import random

import numpy
import torch
from PIL import Image
from torchvision.transforms import InterpolationMode, RandomResizedCrop
from torchvision.transforms import functional as F

SCALE, RATIO = (0.75, 1.0), (3 / 4, 4 / 3)


def pixels(count, levels):
    """A linear congruential generator (modulus 2^31): the high bits of its states, scaled to 0..levels - 1."""
    state = 12345
    values = []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 8) % levels)
    return numpy.array(values)


def source(size, channels, bits=8):
    """Channels first."""
    width, height = size
    dtype = numpy.uint8 if bits == 8 else numpy.uint16
    return pixels(width * height * channels, 2**bits).reshape(height, width, channels).astype(dtype).transpose(2, 0, 1)


def encoded(array, dtype):
    return base64.b64encode(numpy.ascontiguousarray(array).astype(dtype).tobytes()).decode()


def tensor(array, highest=255):
    return torch.from_numpy(array.astype(numpy.float32)) / highest


class Drawn:
    """Hands RandomResizedCrop the given numbers of [0, 1) in place of torch's own."""

    def __init__(self, numbers):
        self.numbers = iter(numbers)

    def __enter__(self):
        self.kept = torch.Tensor.uniform_, torch.randint
        torch.Tensor.uniform_ = lambda _, low, high: torch.tensor(float(low) + (float(high) - float(low)) * next(self.numbers))
        torch.randint = lambda low, high, size: torch.tensor(low + int(next(self.numbers) * (high - low)))

    def __exit__(self, *_):
        torch.Tensor.uniform_, torch.randint = self.kept


def boxes():
    random.seed(3)
    sizes = [(224, 224), (1024, 1024), (64, 48), (31, 40), (500, 60), (60, 500), (130, 100), (5, 5), (1, 1), (2, 7), (390, 280)]
    for width, height in sizes:
        for _ in range(6):
            numbers = [random.random() for _ in range(24)]
            with Drawn(numbers):
                top, left, box_height, box_width = RandomResizedCrop.get_params(torch.zeros(1, height, width), SCALE, RATIO)
            yield {"size": [width, height], "numbers": numbers, "box": [left, top, box_width, box_height]}


def crops():
    for size, channels, box, side in [((40, 31), 3, (3, 2, 33, 27), 14), ((24, 30), 1, (0, 5, 24, 25), 28), ((13, 13), 3, (1, 0, 11, 12), 16)]:
        array = source(size, channels)
        left, top, width, height = box
        for method in ["torch_bicubic", "torch_bicubic_antialias", "pillow_bilinear", "pillow_bicubic"]:
            common = {"size": size, "channels": channels, "box": box, "side": side, "method": method}
            if method.startswith("torch"):
                # On the pixels' own scale: torchvision clips what overshoots in tensors of bytes only.
                result = F.resized_crop(
                    torch.from_numpy(array.astype(numpy.float32)),
                    top, left, height, width, [side, side],
                    InterpolationMode.BICUBIC,
                    antialias=method.endswith("antialias"),
                ).numpy()  # fmt: skip
            else:
                interpolation = InterpolationMode.BILINEAR if method.endswith("linear") else InterpolationMode.BICUBIC
                image = Image.fromarray(array.transpose(1, 2, 0).squeeze())
                cropped = numpy.asarray(F.resized_crop(image, top, left, height, width, [side, side], interpolation))
                result = cropped.reshape(side, side, channels).transpose(2, 0, 1)
            yield {**common, "result": encoded(result, "<f4")}


def turns():
    for size, channels, bits in [((16, 16), 1, 8), ((17, 17), 3, 8), ((21, 12), 1, 16), ((9, 14), 1, 8)]:
        array = source(size, channels, bits)
        for degrees in [0, 90, -90, 45, -45, 30, 12.5, -77.125, 3.875, 61.7, -0.3]:
            turned = F.rotate(torch.from_numpy(array.astype(numpy.float32)), degrees, InterpolationMode.NEAREST)
            dtype = "<u1" if bits == 8 else "<u2"
            yield {
                "size": size, "channels": channels, "bits": bits, "degrees": degrees, "result": encoded(turned.numpy(), dtype),
            }  # fmt: skip


def flips():
    for size, channels in [((7, 5), 3), ((6, 4), 1)]:
        image = torch.from_numpy(source(size, channels))
        common = {"size": size, "channels": channels}
        yield {**common, "flip": "columns", "result": encoded(F.hflip(image).numpy(), "<u1")}
        yield {**common, "flip": "rows", "result": encoded(F.vflip(image).numpy(), "<u1")}


def jitters():
    for size, channels in [((9, 7), 1), ((9, 7), 3)]:
        image = tensor(source(size, channels))
        for factor in [0.8, 0.93, 1, 1.2]:
            common = {"size": size, "channels": channels, "factor": factor}
            yield {**common, "kind": "brightness", "result": encoded(F.adjust_brightness(image, factor).numpy(), "<f4")}
            yield {**common, "kind": "contrast", "result": encoded(F.adjust_contrast(image, factor).numpy(), "<f4")}


document = {
    "boxes": list(boxes()),
    "crops": list(crops()),
    "turns": list(turns()),
    "flips": list(flips()),
    "jitters": list(jitters()),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
