"""Features of a tiny vision transformer by timm (an independent implementation in PyTorch), for vit-graph.test.ts.

Weights and images come from an integer hash that the test repeats, so that only outputs are stored.
Needs: torch, timm, numpy. Run: python vit_timm.py > vit_timm.json
"""

import json

import numpy as np
import timm
import torch
from timm.models.vision_transformer import VisionTransformer

SIZES = {"imageSize": 32, "patchSize": 8, "width": 24, "depth": 6, "heads": 3, "mlpRatio": 2.5}


def uniform(name: str, count: int) -> np.ndarray:
    """Values in [-1, 1), a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 40503 % 2**32)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
    return x.astype(np.float64) / 2**31 - 1


def weight(name: str, shape: tuple) -> np.ndarray:
    values = uniform(name, int(np.prod(shape))).reshape(shape)
    if "norm" in name:
        return (1 + 0.3 * values if name.endswith("weight") else 0.3 * values).astype(np.float32)
    if name.endswith("bias") or len(shape) == 3:
        return (0.3 * values).astype(np.float32)
    return (values * np.sqrt(3 / np.prod(shape[1:]))).astype(np.float32)


model = VisionTransformer(
    img_size=SIZES["imageSize"],
    patch_size=SIZES["patchSize"],
    embed_dim=SIZES["width"],
    depth=SIZES["depth"],
    num_heads=SIZES["heads"],
    mlp_ratio=SIZES["mlpRatio"],
    num_classes=0,
).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        parameter.copy_(torch.from_numpy(weight(name, tuple(parameter.shape))))
    side = SIZES["imageSize"]
    images = torch.from_numpy((2 * uniform("images", 2 * 3 * side * side)).astype(np.float32).reshape(2, 3, side, side))
    blocks = model.get_intermediate_layers(images, n=5, return_prefix_tokens=True, norm=True)

outputs = {f"cls_{5 - place}": prefix[:, 0].flatten().tolist() for place, (_, prefix) in enumerate(blocks)}
outputs["patch_mean"] = blocks[-1][0].mean(dim=1).flatten().tolist()
rounded = {name: [round(value, 7) for value in values] for name, values in sorted(outputs.items())}
print(json.dumps({"timm": timm.__version__, "torch": torch.__version__, "sizes": SIZES, "outputs": rounded}))
