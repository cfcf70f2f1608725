"""What a file of weights holds by name and shape, and how long it is, for published_sizes.py."""

import json
import math
import re

import torch
import transformers as hf
from transformers.core_model_loading import revert_weight_conversion

NUMBER = re.compile(r"(?<=\.)\d+(?=\.)|^\d+(?=\.)")


def shapes(model) -> dict:
    """Every tensor that the library writes to a file, as (dtype, shape) by its name there."""
    state = revert_weight_conversion(model, model.state_dict()) if isinstance(model, hf.PreTrainedModel) else model.state_dict()
    return {name: ("I64" if value.dtype == torch.int64 else "F32", tuple(value.shape)) for name, value in state.items()}


def under(prefix: str, tensors: dict) -> dict:
    return {prefix + name: value for name, value in tensors.items()}


def compact(tensors: dict) -> list:
    """[name with `{}` in place of its first number, shape, the numbers: how many from 0 on, or a list; none where there is no number]."""
    groups = {}
    for name, (_, shape) in sorted(tensors.items()):
        number = NUMBER.search(name)
        key = name if number is None else f"{name[:number.start()]}{{}}{name[number.end():]}"
        groups.setdefault((key, shape), []).append(None if number is None else int(number.group()))
    entries = []
    for (key, shape), numbers in groups.items():
        counted = sorted(number for number in numbers if number is not None)
        short = len(counted) if counted == list(range(len(counted))) else counted
        entries.append([key, list(shape), short] if counted else [key, list(shape)])
    return entries


def data_bytes(tensors: dict) -> int:
    return sum(math.prod(shape) * (8 if kind == "I64" else 4) for kind, shape in tensors.values())


def file_sizes(tensors: dict, dropped: dict) -> set:
    """How long a safetensors file of the tensors is: with metadata or without, its header padded to eight bytes as now, or not as at first.

    dropped: tensors that share their values with another one, by name; the metadata then names both.
    """
    entries, offset = {}, 0
    for name, (kind, shape) in sorted(tensors.items(), key=lambda item: (item[1][0] != "I64", item[0])):
        if name not in dropped:
            end = offset + data_bytes({name: (kind, shape)})
            entries[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [offset, end]}
            offset = end
    headers = [entries, {"__metadata__": {"format": "pt", **dropped}, **entries}]
    lengths = [len(json.dumps(header, separators=(",", ":"))) for header in headers]
    return {8 + padded + offset for length in lengths for padded in (length, (length + 7) // 8 * 8)}
