"""Tiny networks of their real topology: their ONNX graphs as PyTorch exports them, and PyTorch's numbers of training.

Writes networks.json and networks/NAME.EXPORTER.onnx beside itself, which network-fixture.ts reads. Initial values,
images and labels come from an integer hash that the reader repeats, so that graphs need no values of parameters.
Needs: torch, torchvision, timm, transformers, monai, onnx, onnxruntime, onnxscript, numpy. Run: python networks.py
(two minutes on one core).
"""

import base64
import json
import math
import warnings
from collections import Counter
from pathlib import Path

import monai
import numpy as np
import onnx
import onnxruntime
import onnxscript
import timm
import torch
import torchvision
import transformers
from monai.losses import DiceCELoss
from monai.networks.nets import BasicUNet
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torchvision.models import VGG, DenseNet, ResNet
from torchvision.models.resnet import Bottleneck
from torchvision.models.vgg import make_layers

FOLDER = Path(__file__).parent
STEPS, BATCHES, BATCH = 100, 5, 4
KEPT_LOSSES = [0, 1, 10, 99]
NUDGED_RUNS = 8


class SmallResNet(ResNet):
    """torchvision's, whose constructor has fixed widths. The last stage is dilated, as for segmentation."""

    def __init__(self, classes: int):
        nn.Module.__init__(self)
        self._norm_layer, self.inplanes, self.dilation, self.groups, self.base_width = nn.BatchNorm2d, 8, 1, 1, 64
        self.conv1 = nn.Conv2d(3, 8, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = self._make_layer(Bottleneck, 3, 2)
        self.layer2 = self._make_layer(Bottleneck, 4, 1, stride=2)
        self.layer3 = self._make_layer(Bottleneck, 6, 1, stride=2)
        self.layer4 = self._make_layer(Bottleneck, 8, 1, stride=2, dilate=True)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(32, classes)


class ClipVit(nn.Module):
    def __init__(self, classes: int):
        super().__init__()
        sizes = {"hidden_size": 16, "intermediate_size": 40, "image_size": 16, "patch_size": 4}
        depth = {"num_hidden_layers": 2, "num_attention_heads": 2}
        self.clip = transformers.CLIPVisionModel(transformers.CLIPVisionConfig(**sizes, **depth))
        self.head = nn.Linear(16, classes)

    def forward(self, images):
        return self.head(self.clip(images).pooler_output)


def vit(classes: int) -> nn.Module:
    sizes = {"img_size": 16, "patch_size": 4, "embed_dim": 16, "depth": 2, "num_heads": 2, "mlp_ratio": 2.5}
    return VisionTransformer(**sizes, num_classes=classes, init_values=1.0)


def densenet(classes: int) -> nn.Module:
    return DenseNet(growth_rate=4, block_config=(3, 3), num_init_features=10, bn_size=3, num_classes=classes)


def vgg(classes: int) -> nn.Module:
    """torchvision's, with another classifier: its own has 120 million parameters, which `meta` does not make."""
    with torch.device("meta"):
        model = VGG(nn.Identity(), init_weights=False)
    model.features = make_layers([4, "M", 8, "M", 8, 8, "M"])
    model.avgpool = nn.AdaptiveAvgPool2d((2, 2))
    hidden = [nn.Linear(32, 32), nn.ReLU(True), nn.Dropout(0.0), nn.Linear(32, 24), nn.ReLU(True), nn.Dropout(0.0)]
    model.classifier = nn.Sequential(*hidden, nn.Linear(24, classes))
    return model


def unet(classes: int) -> nn.Module:
    return BasicUNet(spatial_dims=2, in_channels=1, out_channels=classes, features=(4, 4, 6, 8, 8, 4))


def sgd(rate: float, decay: float) -> dict:
    return {"name": "sgd", "rate": rate, "momentum": 0.9, "weightDecay": decay}


def adamw(rate: float, decay: float) -> dict:
    """A large epsilon: the gradient of the keys' bias is zero but for rounding, and Adam would make steps of that."""
    return {"name": "adamw", "rate": rate, "betas": [0.9, 0.999], "epsilon": 1e-5, "weightDecay": decay}


CROSS_ENTROPY = {"loss": "cross-entropy", "classes": 5, "batchNorm": "none"}
NETWORKS = {
    "vit": {**CROSS_ENTROPY, "image": [3, 16, 16], "optimiser": adamw(2e-3, 0.05)},
    "clip_vit": {**CROSS_ENTROPY, "image": [3, 16, 16], "optimiser": adamw(2e-3, 0)},
    "resnet": {**CROSS_ENTROPY, "image": [3, 32, 32], "batchNorm": "training", "optimiser": sgd(0.018, 1e-3)},
    "densenet": {**CROSS_ENTROPY, "image": [3, 32, 32], "batchNorm": "frozen", "optimiser": sgd(0.01, 0)},
    "vgg": {**CROSS_ENTROPY, "image": [3, 32, 32], "optimiser": sgd(2e-3, 1e-3)},
    "unet": {
        "loss": "dice-cross-entropy",
        "classes": 3,
        "batchNorm": "none",
        "image": [1, 32, 32],
        "optimiser": sgd(0.02, 0),
    },
}
MAKERS = {"vit": vit, "clip_vit": ClipVit, "resnet": SmallResNet, "densenet": densenet, "vgg": vgg, "unet": unet}

# What each way of exporting is asked for. The second and fourth are the defaults, which fold what hangs on no input.
EXPORTERS = {
    "torchscript": {"dynamo": False, "opset_version": 17, "do_constant_folding": False},
    "torchscript-folded": {"dynamo": False, "opset_version": 17, "do_constant_folding": True},
    "dynamo": {"dynamo": True, "optimize": False},
    "dynamo-optimized": {"dynamo": True, "optimize": True},
}
EXTRAS = {"vit": ["torchscript-folded", "dynamo-optimized"], "resnet": ["dynamo-optimized"]}

# Of tensors of one axis, by how their names end.
CENTRES = {"weight": 0.5, "bias": 0.8, "gamma": 1, "running_var": 1}


def uniform(name: str, count: int) -> np.ndarray:
    """Values in [-1, 1), a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 40503 % 2**32)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
    return x.astype(np.float64) / 2**31 - 1


def initial(name: str, shape: tuple) -> np.ndarray:
    """Biases are above zero, so that few activations lie near a kink: where they do, float32 and float64 part ways."""
    values = uniform(name, math.prod(shape)).reshape(shape)
    if len(shape) == 1:
        centre = next((centre for suffix, centre in CENTRES.items() if name.endswith(suffix)), 0)
        return (centre + 0.2 * values).astype(np.float32)
    return (values * math.sqrt((6 if len(shape) == 4 else 3) / math.prod(shape[1:]))).astype(np.float32)


def batch(network: dict, index: int) -> tuple:
    """Images are noise around a colour that the label says. Where pixels are labelled, those of 8 x 8 have the same."""
    classes, (channels, height, width) = network["classes"], network["image"]
    is_dense = network["loss"] == "dice-cross-entropy"
    squares = (height // 8, width // 8) if is_dense else (1, 1)
    drawn = uniform(f"labels {index}", BATCH * math.prod(squares)).reshape(BATCH, 1, *squares)
    labels = np.floor((drawn + 1) * classes / 2).astype(np.int64)
    colours = 2 * ((labels + np.arange(channels).reshape(1, -1, 1, 1)) % classes) / (classes - 1) - 1
    enlarge = lambda values: values.repeat(height // squares[0], axis=2).repeat(width // squares[1], axis=3)
    noise = uniform(f"images {index}", BATCH * channels * height * width).reshape(BATCH, channels, height, width)
    images = (enlarge(colours) + 0.5 * noise).astype(np.float32)
    return torch.from_numpy(images), torch.from_numpy(enlarge(labels) if is_dense else labels.flatten())


def fresh(name: str, dtype: torch.dtype, is_training: bool, nudge: int | None = None) -> nn.Module:
    """The network at its initial values; where `nudge` is given, some of them are one float32 up or down."""
    model = MAKERS[name](NETWORKS[name]["classes"])
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                values = initial(key, tuple(tensor.shape))
                if nudge is not None:
                    step = np.round(1.5 * uniform(f"nudge {nudge} {key}", values.size)).reshape(values.shape)
                    values = np.nextafter(values, values + step.astype(np.float32))
                tensor.copy_(torch.from_numpy(values))
    return model.to(dtype).train(is_training)


def optimiser_of(model: nn.Module, settings: dict) -> torch.optim.Optimizer:
    shared = {"lr": settings["rate"], "weight_decay": settings["weightDecay"]}
    if settings["name"] == "sgd":
        return torch.optim.SGD(model.parameters(), momentum=settings["momentum"], **shared)
    return torch.optim.AdamW(model.parameters(), betas=tuple(settings["betas"]), eps=settings["epsilon"], **shared)


def train(name: str, dtype: torch.dtype, nudge: int | None = None) -> tuple:
    """The trained model, the loss of every step, and the gradient of the first."""
    network = NETWORKS[name]
    model = fresh(name, dtype, network["batchNorm"] == "training", nudge)
    optimiser = optimiser_of(model, network["optimiser"])
    is_dense = network["loss"] == "dice-cross-entropy"
    loss_of = DiceCELoss(softmax=True, to_onehot_y=True, include_background=True) if is_dense else nn.CrossEntropyLoss()
    batches = [batch(network, index) for index in range(BATCHES)]
    losses = []
    for step in range(STEPS):
        images, labels = batches[step % BATCHES]
        loss = loss_of(model(images.to(dtype)), labels)
        optimiser.zero_grad()
        loss.backward()
        if step == 0:
            gradient = flat(parameter.grad for parameter in model.parameters())
        optimiser.step()
        losses.append(loss.item())
    return model, losses, gradient


def flat(tensors) -> torch.Tensor:
    return torch.cat([tensor.detach().to(torch.float64).flatten() for tensor in tensors])


def packed(values) -> str:
    """Base64 of little-endian float32."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def logits_of(name: str, is_training: bool) -> np.ndarray:
    with torch.no_grad():
        return fresh(name, torch.float64, is_training)(batch(NETWORKS[name], 0)[0].double()).numpy()


def reference(name: str) -> dict:
    network = NETWORKS[name]
    model, losses, gradient = train(name, torch.float64)
    buffers = {key: value for key, value in model.named_buffers() if value.is_floating_point()}
    start = flat(fresh(name, torch.float64, False).parameters())
    end = flat(model.parameters())
    ends = [flat(train(name, torch.float32, nudge)[0].parameters()) for nudge in [None, *range(NUDGED_RUNS)]]
    distances = [(other - end).norm().item() for other in ends]
    moved = (end - start).norm().item()
    assert max(distances) < 1e-3 * moved, (name, distances, moved)
    is_moving = network["batchNorm"] == "training"
    return {
        **network,
        **{"steps": STEPS, "batches": BATCHES, "batchSize": BATCH},
        "parameters": {key: list(value.shape) for key, value in model.named_parameters()},
        "moments": {key: list(value.shape) for key, value in buffers.items()},
        "logits": packed(logits_of(name, is_moving)),
        "frozenLogits": packed(logits_of(name, False)) if is_moving else None,
        "gradient": packed(gradient),
        "losses": {str(step): losses[step] for step in KEPT_LOSSES},
        "final": packed(end),
        "finalMoments": packed(flat(buffers.values())) if is_moving else None,
        "moved": moved,
        "float32Distance": distances[0],
        "nudgedDistance": max(distances),
        "graphs": {exporter: export(name, exporter) for exporter in ["torchscript", "dynamo", *EXTRAS.get(name, [])]},
    }


def export(name: str, exporter: str) -> dict:
    """Writes a graph without the values of its parameters, and says what it holds."""
    file = FOLDER / "networks" / f"{name}.{exporter}.onnx"
    options = dict(EXPORTERS[exporter])
    if options["dynamo"]:
        options |= {"dynamic_shapes": ({0: torch.export.Dim("batch")},), "external_data": False, "verbose": False}
    else:
        # Otherwise batch norms are fused into convolutions.
        options |= {"training": torch.onnx.TrainingMode.PRESERVE, "keep_initializers_as_inputs": False}
        options |= {"dynamic_axes": {"images": {0: "batch"}, "logits": {0: "batch"}}}
    model = fresh(name, torch.float32, NETWORKS[name]["batchNorm"] == "training")
    images = batch(NETWORKS[name], 0)[0]
    torch.onnx.export(model, (images,), file, input_names=["images"], output_names=["logits"], **options)
    exported = onnx.load(file)
    is_training = gives(exported, images, logits_of(name, True)) and NETWORKS[name]["batchNorm"] == "training"
    assert is_training or gives(exported, images, logits_of(name, False)), (name, exporter)
    # The model's own state: to trace it in training moves its moments, and the file holds the moved ones.
    initializers = strip(exported, model.state_dict())
    onnx.save(exported, file)
    return {
        "opset": exported.opset_import[0].version,
        "isTraining": is_training,
        "operators": dict(sorted(Counter(node.op_type for node in exported.graph.node).items())),
        "initializers": initializers,
    }


def gives(model: onnx.ModelProto, images: torch.Tensor, logits: np.ndarray) -> bool:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = session.run(["logits"], {"images": images.numpy()})[0]
    return bool(np.abs(found - logits).max() < 1e-5 * np.abs(logits).max())


def strip(model: onnx.ModelProto, state: dict) -> dict:
    """Takes the values of parameters out of the graph, and notes of the exporter. Says which initialiser held which."""
    found = {}
    for tensor in model.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or len(tensor.dims) == 0:
            continue
        values = onnx.numpy_helper.to_array(tensor)
        same = [(key, False) for key, value in state.items() if np.array_equal(value.numpy(), values)]
        matrices = [(key, value) for key, value in state.items() if value.ndim == 2]
        turned = [(key, True) for key, value in matrices if np.array_equal(value.numpy().T, values)]
        if same or turned:
            [(parameter, is_transposed)] = same + turned
            found[tensor.name] = {"parameter": parameter, "transposed": is_transposed}
            tensor.ClearField("raw_data")
    graph = model.graph
    for part in [model, graph, *graph.node, *graph.value_info, *graph.initializer, *graph.input, *graph.output]:
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    return found


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    (FOLDER / "networks").mkdir(exist_ok=True)
    packages = [torch, torchvision, timm, transformers, monai, onnx, onnxscript, np]
    versions = {package.__name__: package.__version__ for package in packages}
    networks = {name: reference(name) for name in NETWORKS}
    (FOLDER / "networks.json").write_text(json.dumps({"versions": versions, "networks": networks}) + "\n")


if __name__ == "__main__":
    main()
