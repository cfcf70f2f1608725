"""Features of a tiny vision transformer by timm (an independent implementation in PyTorch), for vit-graph.test.ts.

Weights and images come from an integer hash that the test repeats, so that only outputs are stored.
Needs: torch, timm, numpy. Run: python vit_timm.py > vit_timm.json
"""

import json

import numpy as np
import timm
import torch
from timm.models.vision_transformer import VisionTransformer

from hashed_weights import uniform, weight

SIZES = {"imageSize": 32, "patchSize": 8, "width": 24, "depth": 6, "heads": 3, "mlpRatio": 2.5}

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
