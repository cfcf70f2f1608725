"""Writes small files of weights, as PyTorch and safetensors save them, into checkpoints/, and checkpoints.json: for each file the
tensors that these very libraries read back from it, by the names that nested dictionaries come to.

Run with a Python that has torch, safetensors and numpy: python checkpoints.py
"""

import argparse
import collections
import json
import pathlib
import zipfile

import numpy
import safetensors.torch
import torch

folder = pathlib.Path(__file__).parent
files = folder / "checkpoints"
files.mkdir(exist_ok=True)
generator = torch.Generator().manual_seed(11)

TYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "int64": torch.int64,
    "int32": torch.int32,
    "int16": torch.int16,
    "int8": torch.int8,
    "uint8": torch.uint8,
    "bool": torch.bool,
}
NAMES = {dtype: name for name, dtype in TYPES.items()}


def normal(*shape):
    return torch.randn(*shape, generator=generator)


def every_type():
    values = torch.tensor([0.0, 1.0, 2.0, 3.5, 100.25, 0.3333333])
    tensors = {name: values.to(dtype).reshape(2, 3) for name, dtype in TYPES.items()}
    tensors["edges"] = torch.tensor([float("inf"), float("-inf"), -0.0, 65504.0, 6e-8]).to(torch.float16)
    tensors["negative"] = torch.tensor([-1, -128, 127], dtype=torch.int8)
    tensors["large"] = torch.tensor([2**52, -(2**40), 7])
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(0, 3)
    tensors["empty.inside"] = torch.zeros(2, 0, 4, dtype=torch.int64)
    return tensors


def views():
    whole = normal(4, 6)
    cube = normal(2, 3, 4)
    return collections.OrderedDict(
        whole=whole,
        tied=whole,
        rows=whole[1:3],
        row=whole[3],
        columns=whole[:, 2:5],
        every_second=whole[::2, ::3],
        transposed=whole.t(),
        permuted=cube.permute(2, 0, 1),
        expanded=normal(3, 1).expand(3, 5),
        repeated=torch.tensor(1.5).expand(2, 2),
        one_row=whole.t()[:1],
        halves=normal(3, 4).to(torch.float16).t(),
        wide=torch.arange(6).reshape(2, 3).t(),
        bytes=torch.arange(6, dtype=torch.uint8).reshape(2, 3).t(),
        channels_last=normal(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        nothing=whole[4:],
    )


def training_state():
    """As Meta's MAE and DeiT save it: weights beside the arguments, an optimiser and a last loss."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(normal(*parameter.shape))
    optimiser = torch.optim.AdamW(model.parameters())
    model(normal(5, 3)).sum().backward()
    optimiser.step()
    return {
        "model": model.state_dict(),
        "optimizer": optimiser.state_dict(),
        "epoch": 399,
        "args": argparse.Namespace(
            output_dir=pathlib.PosixPath("/checkpoints/x"), lr=1e-4, betas=(0.9, 0.95), device=torch.device("cpu")
        ),
        "best": numpy.float64(0.25),
        "dtype": torch.float16,
        "size": torch.Size([3, 224, 224]),
        "seed": 2**70,
        "bytes": b"\x00\xff",
        "parameters": [torch.nn.Parameter(normal(2)), (torch.nn.Parameter(normal(1, 2), requires_grad=False), None)],
        "__proto__": {"constructor": normal(2)},
        7: {True: normal(1)},
    }


def shards():
    return {
        "model-00001-of-00002": {"first.weight": normal(2, 3), "first.bias": normal(2).to(torch.bfloat16)},
        "model-00002-of-00002": {"second.weight": normal(3, 2), "left_out": normal(1)},
    }


def rewrite(source, target, compression=zipfile.ZIP_STORED, change=lambda name, content: content):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for entry in old.infolist():
            # Without a time of day, so that the file is the same whenever it is written.
            fresh = zipfile.ZipInfo(entry.filename)
            fresh.compress_type = compression
            new.writestr(fresh, change(entry.filename, old.read(entry)))


def swap_floats(name, content):
    if name.endswith("/byteorder"):
        return b"big"
    return numpy.frombuffer(content, "<f4").astype(">f4").tobytes() if "/data/" in name else content


def flat(value, keys=()):
    if isinstance(value, torch.Tensor):
        yield ".".join(map(str, keys)), value.detach()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, (*keys, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from flat(item, (*keys, index))


def plain(tensor):
    values = tensor.to(torch.float64).flatten().tolist()
    spelled = [str(value) if value in (float("inf"), float("-inf")) else value for value in values]
    return {"type": NAMES[tensor.dtype], "shape": list(tensor.shape), "values": spelled}


expected = {}


def load(name):
    if name.endswith(".safetensors"):
        return safetensors.torch.load_file(files / name)
    return torch.load(files / name, weights_only=False, map_location="cpu")


def note(name, value=None):
    expected[name] = {key: plain(tensor) for key, tensor in flat(load(name) if value is None else value)}


def save(name, value, **options):
    torch.save(value, files / name, **options)
    note(name)


safetensors.torch.save_file(every_type(), files / "types.safetensors", metadata={"format": "pt"})
note("types.safetensors")
save("types.pth", every_type())
save("types.legacy.pth", every_type(), _use_new_zipfile_serialization=False)
save("types.protocol4.pth", every_type(), pickle_protocol=4)
save("types.protocol5.legacy.pth", every_type(), pickle_protocol=5, _use_new_zipfile_serialization=False)
save("views.pth", views())
save("views.legacy.pth", views(), _use_new_zipfile_serialization=False)
save("training.pth", training_state())
save("training.legacy.pth", training_state(), _use_new_zipfile_serialization=False)
save("one.pt", normal(2, 2))

torch.serialization.set_crc32_options(False)
save("unchecked.pth", {"weight": normal(2, 3)})
torch.serialization.set_crc32_options(True)

rewrite(files / "views.pth", files / "views.deflated.pth", zipfile.ZIP_DEFLATED)
note("views.deflated.pth")
save("little.pth", {"weight": normal(2, 3), "turned": normal(2, 3).t()})
rewrite(files / "little.pth", files / "big.pth", change=swap_floats)
note("big.pth")

parts = shards()
mapped = {}
for extension, write in {
    "safetensors": safetensors.torch.save_file,
    "bin": torch.save,
}.items():
    mapped = {}
    for part, tensors in parts.items():
        name = f"{part}.{extension}" if extension == "safetensors" else f"pytorch_{part}.{extension}"
        write(tensors, files / name)
        mapped |= {tensor: name for tensor in tensors if tensor != "left_out"}
    index = "model.safetensors.index.json" if extension == "safetensors" else "pytorch_model.bin.index.json"
    (files / index).write_text(json.dumps({"metadata": {"total_size": 52}, "weight_map": mapped}, indent=2) + "\n")
    note(index, {key: tensor for tensors in parts.values() for key, tensor in tensors.items() if key != "left_out"})

(folder / "checkpoints.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
