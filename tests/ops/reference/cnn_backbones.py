"""Features of small ResNets, VGGs and DenseNets by torchvision, for packages/ops/src/backbones/networks.

Topologies are the publisher's, sizes are small. torchvision's DenseNet takes small sizes by itself. Its ResNet and VGG have
fixed widths: the published model is made without values (torch's `meta` device), and then every convolution, batch
normalisation and dense layer is replaced by one of the same settings with a sixteenth of the channels (`shrink`); modules,
strides, paddings and forward passes stay torchvision's own.

Weights and images come from an integer hash that cnn_backbones-fixture.ts repeats, so that only outputs are stored: of every
output its shape, its largest and mean magnitude and some values. Torch computes in float64 on weights that are float32.

Some networks are timm's and transformers' (`stored`): their weights are hashed under those publishers' names and shapes.

Besides: torch's adaptive average pool on maps of several sizes; a SHA-256 over the names and shapes of the published
models' weights without their final classifier; and the names and shapes that publishers' files have (deflated, base64).

Needs: torch, torchvision, timm, transformers, numpy. Run: python cnn_backbones.py > cnn_backbones.json (half a minute)
"""

import base64
import hashlib
import json
import re
import zlib

import numpy as np
import timm
import torch
import torchvision
import transformers
from torch import nn
from torchvision import models
from torchvision.models.densenet import DenseNet

KEPT = 40
DIVISOR = 16
BATCH = 2


def uniform(name: str, count: int) -> np.ndarray:
    """Values in [-1, 1), a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    bits = np.arange(count, dtype=np.uint64) * 2654435761 + seed * 40503
    bits = bits.astype(np.uint32)
    bits ^= bits >> np.uint32(15)
    bits *= np.uint32(2246822519)
    bits ^= bits >> np.uint32(13)
    return bits.astype(np.float64) / 2**31 - 1


def weight(name: str, shape: tuple, gain: float) -> np.ndarray:
    """Scaled so that activations keep their order of magnitude through the network, and every weight changes the outputs."""
    values = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        values = 1 + 0.3 * values
    elif len(shape) == 1:
        values = 0.3 * values
    else:
        values = values * np.sqrt(3 * gain / np.prod(shape[1:]))
    return values.astype(np.float32).reshape(shape)


def shrink(module: nn.Module) -> nn.Module:
    """The module with a sixteenth of the channels everywhere, but for the image's own."""
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            inputs = child.in_channels if child.in_channels == 3 else child.in_channels // DIVISOR
            settings = {key: getattr(child, key) for key in ("kernel_size", "stride", "padding", "dilation", "groups")}
            settings["bias"] = child.bias is not None
            setattr(module, name, nn.Conv2d(inputs, child.out_channels // DIVISOR, **settings))
        elif isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.BatchNorm2d(child.num_features // DIVISOR, eps=child.eps))
        elif isinstance(child, nn.Linear):
            setattr(module, name, nn.Linear(child.in_features // DIVISOR, child.out_features // DIVISOR))
        else:
            shrink(child)
    return module


def published(name: str) -> nn.Module:
    with torch.device("meta"):
        return getattr(models, name)()


def filled(model: nn.Module, gain: float) -> nn.Module:
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensor.copy_(torch.from_numpy(weight(name, tuple(tensor.shape), gain)))
    return model.double().eval()


def listening(found: dict, name: str, change=lambda tensor: tensor):
    def keep(_module, _inputs, output):
        found[name] = change(output).detach().clone()

    return keep


def resnet_features(model: nn.Module, images: torch.Tensor) -> dict:
    found: dict = {}
    model.layer4.register_forward_hook(listening(found, "map"))
    model.avgpool.register_forward_hook(listening(found, "pooled", lambda pooled: pooled.flatten(1)))
    model(images)
    return found


def vgg_features(model: nn.Module, images: torch.Tensor) -> dict:
    found: dict = {}
    model.features.register_forward_hook(listening(found, "map"))
    model.avgpool.register_forward_hook(listening(found, "pooled", lambda grid: grid.mean((2, 3))))
    model.classifier[4].register_forward_hook(listening(found, "fc7"))
    model(images)
    return found


def densenet_features(model: nn.Module, images: torch.Tensor) -> dict:
    found: dict = {}
    # The model's forward pass applies this ReLU to what `features` gives.
    model.features.register_forward_hook(listening(found, "map", torch.relu))
    model.classifier.register_forward_pre_hook(lambda _module, inputs: found.update(pooled=inputs[0].clone()))
    model(images)
    return found


def significant(value: float) -> float:
    return float(f"{value:.7g}")


def summarise(tensor: torch.Tensor) -> dict:
    values = tensor.flatten().numpy()
    count = min(KEPT, len(values))
    # 7919 is prime and divides no size here, so that places are distinct and fall on all images, channels, rows, columns.
    places = [index * 7919 % len(values) for index in range(count)]
    return {
        "shape": list(tensor.shape),
        "largest": significant(np.abs(values).max()),
        "mean": significant(np.abs(values).mean()),
        "values": [significant(values[place]) for place in places],
    }


def images_of(size: tuple) -> torch.Tensor:
    shape = (BATCH, 3, *size)
    values = (2 * uniform("images", int(np.prod(shape)))).astype(np.float32)
    return torch.from_numpy(values.reshape(shape)).double()


def timm_vgg_features(model: nn.Module, images: torch.Tensor) -> dict:
    found: dict = {}
    model.features.register_forward_hook(listening(found, "map"))
    model.pre_logits.register_forward_hook(listening(found, "fc7", lambda hidden: hidden.flatten(1)))
    model(images)
    return found


def transformers_resnet_features(model: nn.Module, images: torch.Tensor) -> dict:
    found = model.resnet(images)
    return {"map": found.last_hidden_state, "pooled": found.pooler_output.flatten(1)}


FEATURES = {
    "resnet": resnet_features,
    "vgg": vgg_features,
    "densenet": densenet_features,
    "timm vgg": timm_vgg_features,
    "transformers resnet": transformers_resnet_features,
}
SIZES = {
    "resnet": [(64, 64), (75, 75), (96, 110)],
    # Maps of 2 x 2, 3 x 2, 7 x 7 and 10 x 8.
    "vgg": [(64, 64), (96, 75), (224, 230), (330, 256)],
    "densenet": [(64, 64), (75, 75), (96, 110)],
    # At other sizes timm slides its first dense layer over the map, where torchvision pools the map.
    "timm vgg": [(224, 224)],
    "transformers resnet": [(75, 75)],
}


def case(features: str, model: nn.Module, size: tuple) -> dict:
    with torch.no_grad():
        found = FEATURES[features](model, images_of(size))
    return {"image": list(size), "outputs": {name: summarise(tensor) for name, tensor in found.items()}}


def network(name: str, family: str, sizes: dict, gain: float, build) -> dict:
    # A fresh model for each size, so that no hook of another is left.
    cases = [case(family, filled(build(), gain), size) for size in SIZES[family]]
    return {"name": name, "family": family, "sizes": sizes, "gain": gain, "stored": None, "cases": cases}


def stored_network(naming: str, small: dict, model: nn.Module) -> dict:
    """The network that another publisher has under another naming, in place of torchvision's of the same sizes."""
    stored = {"naming": naming, "tensors": packed(shapes_of(model))}
    cases = [case(naming, filled(model, small["gain"]), size) for size in SIZES[naming]]
    return {**small, "name": f"{small['name']} ({naming})", "stored": stored, "cases": cases}


def resnet(name: str, block: str, blocks: list) -> dict:
    sizes = {"block": block, "blocks": blocks, "width": 64 // DIVISOR}
    return network(name, "resnet", sizes, 1, lambda: shrink(published(name)))


def vgg(name: str, convolutions: list) -> dict:
    widths = [64, 128, 256, 512, 512]
    stages = [[width // DIVISOR] * count for width, count in zip(widths, convolutions, strict=True)]
    sizes = {"stages": stages, "hasBatchNorm": name.endswith("_bn"), "hidden": 4096 // DIVISOR}
    return network(name, "vgg", sizes, 2, lambda: shrink(published(name)))


def densenet(name: str, growth: int, blocks: list, stem: int, bottleneck: int = 4) -> dict:
    sizes = {"growth": growth, "blocks": blocks, "stem": stem, "bottleneck": bottleneck}
    build = lambda: DenseNet(growth, tuple(blocks), stem, bn_size=bottleneck)  # noqa: E731
    return network(name, "densenet", sizes, 2, build)


def adaptive_pool(height: int, width: int) -> dict:
    values = uniform("map", height * width).astype(np.float32).reshape(1, 1, height, width)
    pooled = nn.functional.adaptive_avg_pool2d(torch.from_numpy(values).double(), (7, 7))
    return {"height": height, "width": width, "values": [significant(value) for value in pooled.flatten().tolist()]}


def shapes_of(model: nn.Module) -> dict:
    return {name: list(tensor.shape) for name, tensor in model.state_dict().items()}


def lines_of(shapes: dict) -> list:
    return sorted(f"{name} {'x'.join(map(str, shape))}" for name, shape in shapes.items())


def without_head(names, head: str) -> list:
    return [name for name in names if not name.startswith(head) and not name.endswith("num_batches_tracked")]


def published_weights(name: str, head: str) -> dict:
    model = published(name)
    shapes = shapes_of(model)
    lines = lines_of({kept: shapes[kept] for kept in without_head(shapes, head)})
    parameters = dict(model.named_parameters())
    return {
        "name": name,
        "tensors": len(lines),
        "parameters": sum(parameters[kept].numel() for kept in without_head(parameters, head)),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }


def dotted(shapes: dict) -> dict:
    """The names of torchvision's published files of DenseNets, which its own loader's pattern must lead back."""
    older = {re.sub(r"(denselayer\d+\.(?:norm|conv))([12]\.)", r"\1.\2", name): shape for name, shape in shapes.items()}
    # As in torchvision/models/densenet.py, `_load_state_dict`.
    pattern = re.compile(
        r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$"
    )
    # torch of that time kept no count of batches.
    older = {name: shape for name, shape in older.items() if not name.endswith("num_batches_tracked")}
    for name in older:
        match = pattern.match(name)
        renamed = match.group(1) + match.group(2) if match else name
        assert shapes[renamed] == older[name], name
    return older


def packed(shapes: dict) -> str:
    return base64.b64encode(zlib.compress("\n".join(lines_of(shapes)).encode(), 9)).decode()


def file_names(naming: str, network: str, shapes: dict) -> dict:
    return {"naming": naming, "network": network, "tensors": packed(shapes)}


def small_transformers_resnet(small: dict) -> nn.Module:
    sizes = small["sizes"]
    expansion = 4 if sizes["block"] == "bottleneck" else 1
    config = transformers.ResNetConfig(
        embedding_size=sizes["width"],
        hidden_sizes=[sizes["width"] * expansion * 2**stage for stage in range(4)],
        depths=sizes["blocks"],
        layer_type=sizes["block"],
    )
    return transformers.ResNetForImageClassification(config)


def timm_model(name: str) -> nn.Module:
    with torch.device("meta"):
        return timm.create_model(name, pretrained=False)


def from_timm(name: str) -> dict:
    return shapes_of(timm_model(name))


def from_transformers(model, depths: list, layer_type: str, hidden: list) -> dict:
    config = transformers.ResNetConfig(depths=depths, layer_type=layer_type, hidden_sizes=hidden, num_labels=1000)
    with torch.device("meta"):
        return shapes_of(model(config))


torch.set_num_threads(1)
networks = [
    resnet("resnet18", "basic", [2, 2, 2, 2]),
    resnet("resnet34", "basic", [3, 4, 6, 3]),
    resnet("resnet50", "bottleneck", [3, 4, 6, 3]),
    resnet("resnet101", "bottleneck", [3, 4, 23, 3]),
    resnet("resnet152", "bottleneck", [3, 8, 36, 3]),
    vgg("vgg11", [1, 1, 2, 2, 2]),
    vgg("vgg13", [2, 2, 2, 2, 2]),
    vgg("vgg16_bn", [2, 2, 3, 3, 3]),
    vgg("vgg19", [2, 2, 4, 4, 4]),
    vgg("vgg19_bn", [2, 2, 4, 4, 4]),
    densenet("densenet121", 4, [6, 12, 24, 16], 8),
    densenet("densenet161", 6, [6, 12, 36, 24], 12),
    # Odd growth: a transition then halves odd numbers of channels.
    densenet("densenet169", 5, [6, 12, 32, 32], 9, bottleneck=3),
    densenet("densenet201", 4, [6, 12, 48, 32], 8),
]
by_name = {small["name"]: small for small in networks}
stored_networks = [
    stored_network("timm vgg", by_name["vgg11"], shrink(timm_model("vgg11"))),
    *[
        stored_network("transformers resnet", by_name[name], small_transformers_resnet(by_name[name]))
        for name in ("resnet18", "resnet50")
    ],
]
WIDE, NARROW = [256, 512, 1024, 2048], [64, 128, 256, 512]
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "timm": timm.__version__,
            "transformers": transformers.__version__,
            "networks": [*networks, *stored_networks],
            "pools": [adaptive_pool(*size) for size in [(1, 2), (3, 5), (7, 9), (14, 13), (20, 31)]],
            "published": [
                *[published_weights(f"resnet{depth}", "fc.") for depth in (18, 34, 50, 101, 152)],
                *[
                    published_weights(f"vgg{depth}{norm}", "classifier.6.")
                    for depth in (11, 13, 16, 19)
                    for norm in ("", "_bn")
                ],
                *[published_weights(f"densenet{depth}", "classifier.") for depth in (121, 161, 169, 201)],
            ],
            "files": [
                file_names("torchvision resnet", "resnet18", shapes_of(published("resnet18"))),
                file_names("torchvision resnet", "resnet152", from_timm("resnet152.tv2_in1k")),
                file_names(
                    "transformers resnet",
                    "resnet152",
                    from_transformers(transformers.ResNetForImageClassification, [3, 8, 36, 3], "bottleneck", WIDE),
                ),
                file_names(
                    "transformers resnet",
                    "resnet18",
                    from_transformers(transformers.ResNetModel, [2, 2, 2, 2], "basic", NARROW),
                ),
                file_names("torchvision vgg", "vgg16", shapes_of(published("vgg16"))),
                file_names("timm vgg", "vgg19", from_timm("vgg19.tv_in1k")),
                file_names("timm vgg", "vgg11_bn", from_timm("vgg11_bn.tv_in1k")),
                file_names("torchvision densenet", "densenet201", from_timm("densenet201.tv_in1k")),
                file_names(
                    "torchvision densenet, dotted", "densenet121", dotted(shapes_of(published("densenet121")))
                ),
            ],
        }
    )
)
