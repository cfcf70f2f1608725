"""The inputs of published networks by their publishers' own preprocessing, for backbones/published/preprocessing.test.ts.

One backbone of every kind, by transformers' processors on Pillow images, torchvision, open_clip, or the code that came with the paper. Images
are hashed bytes, which the test makes too. Of every input some values are kept, the sums of its channels, and the SHA-256 of
its grey levels, so that a single level that is different anywhere shows.

Needs: numpy, Pillow before version 13 (see resample.py), torch, torchvision, transformers, open_clip_torch.
Run: python preprocessing.py > preprocessing.json
"""

import base64
import hashlib
import json
import sys

import numpy as np
import open_clip
import PIL
import torch
import torchvision
import transformers as hf
from open_clip.transform import image_transform
from PIL import Image
from torchvision import transforms
from transformers import BitImageProcessorPil, CLIPImageProcessorPil, SamImageProcessorPil, ViTImageProcessorPil

from hashed_weights import uniform

assert int(PIL.__version__.split(".")[0]) < 13, "Pillow 13 has another order of passes"
torch.set_num_threads(1)

IMAGENET = dict(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
HALF = dict(mean=[0.5] * 3, std=[0.5] * 3)
OPENAI = dict(mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711])
RAD_DINO = dict(mean=[0.5307] * 3, std=[0.2583] * 3)
# (width, height, channels): landscape, portrait in grey, square, and one that is larger than most inputs.
IMAGES = [(61, 40, 3), (37, 90, 1), (50, 50, 3), (1000, 640, 1)]
BILINEAR, BICUBIC = transforms.InterpolationMode.BILINEAR, transforms.InterpolationMode.BICUBIC
SAMPLES = 48


def picture(width, height, channels):
    values = uniform(f"picture {width}x{height}", width * height * channels)
    levels = np.floor((values + 1) * 128).astype(np.uint8)
    shape = (height, width) if channels == 1 else (height, width, channels)
    return Image.fromarray(levels.reshape(shape)).convert("RGB")


def levels_of(values, mean, std):
    scaled = values.astype(np.float64) * np.array(std)[:, None, None] + np.array(mean)[:, None, None]
    return np.round(255 * scaled).astype(np.int64)


def steps(resize, crop, interpolation, statistics):
    """torchvision's usual steps on a Pillow image."""
    return transforms.Compose([
        transforms.Resize(resize, interpolation), transforms.CenterCrop(crop), transforms.ToTensor(),
        transforms.Normalize(**statistics),
    ])


def processed(processor):
    return lambda image: processor(image, return_tensors="np")["pixel_values"][0]


cases = []


def case(backbone, by, run, statistics, weights=None, is_exact=True, also=None):
    """also: a second implementation, that transformers' processor is held to: where margins are odd, its crop lies a pixel to the left or above."""
    inputs = []
    for size in IMAGES:
        image = picture(*size)
        values = np.asarray(run(image), dtype=np.float32)
        if also is not None:
            other = np.asarray(also(image), dtype=np.float32)
            a, b = levels_of(values, **statistics), levels_of(other, **statistics)
            if not np.array_equal(a, b):
                assert np.array_equal(a[:, :, 1:], b[:, :, :-1]) or np.array_equal(a[:, 1:], b[:, :-1]), backbone
                print(f"{backbone}: the crop of {size} is a pixel beside", file=sys.stderr)
                values = other
        flat = values.reshape(3, -1)
        places = [place * flat.shape[1] // SAMPLES + place % 7 for place in range(SAMPLES)]
        digest = hashlib.sha256(levels_of(values, **statistics).astype(np.uint8).tobytes()).hexdigest()
        inputs.append({
            "from": size, "sums": [float(f"{each:.9g}") for each in flat.astype(np.float64).sum(axis=1)],
            "samples": base64.b64encode(np.ascontiguousarray(flat[:, places]).tobytes()).decode(),
            **({"levels": digest} if is_exact else {}),
        })
    cases.append({"backbone": backbone, **({} if weights is None else {"weights": weights}), "by": by,
                  "side": values.shape[-1], "inputs": inputs})


def shortest(resize, crop, **statistics):
    return dict(size={"shortest_edge": resize}, crop_size={"height": crop, "width": crop}, resample=3,
                image_mean=statistics["mean"], image_std=statistics["std"])


def square(**statistics):
    return dict(size={"height": 224, "width": 224}, resample=2, image_mean=statistics["mean"], image_std=statistics["std"])


# The files' own settings, by the processors that the files name.
case("dinov2_vitl14", "transformers Bit", processed(BitImageProcessorPil(**shortest(256, 224, **IMAGENET))), IMAGENET,
     also=steps(256, 224, BICUBIC, IMAGENET))
case("rad_dino", "transformers Bit", processed(BitImageProcessorPil(**shortest(518, 518, **RAD_DINO))), RAD_DINO,
     also=steps(518, 518, BICUBIC, RAD_DINO))
case("clip_vit_b16", "transformers CLIP", processed(CLIPImageProcessorPil(**shortest(224, 224, **OPENAI))), OPENAI,
     also=steps(224, 224, BICUBIC, OPENAI))
case("clip_vit_l14_336", "transformers CLIP", processed(CLIPImageProcessorPil(**shortest(336, 336, **OPENAI))), OPENAI,
     also=steps(336, 336, BICUBIC, OPENAI))
case("vit_large_patch16_224", "transformers ViT", processed(ViTImageProcessorPil(**square(**HALF))), HALF)
case("mae_large_patch16_224", "transformers ViT", processed(ViTImageProcessorPil(**square(**IMAGENET))), IMAGENET)
case("msn_large_patch16_224", "transformers ViT", processed(ViTImageProcessorPil(**square(**IMAGENET))), IMAGENET)
case("sam_vit_l", "transformers SAM", processed(SamImageProcessorPil()), IMAGENET)
# Resizes tensors of floats with antialiasing, where Pillow rounds to levels after each pass.
case("dinov3_vitl16", "transformers DINOv3", processed(hf.DINOv3ViTImageProcessor()), IMAGENET, is_exact=False)

# What DeiT's own code does in evaluation.
case("deit_small_patch16_224", "torchvision", steps(int(256 / 224 * 224), 224, BICUBIC, IMAGENET), IMAGENET)

weights = torchvision.models.ResNet152_Weights
case("resnet152", "torchvision ResNet152_Weights", weights.IMAGENET1K_V2.transforms(), IMAGENET, "imagenet1k_v2")
case("resnet152", "torchvision ResNet152_Weights", weights.IMAGENET1K_V1.transforms(), IMAGENET, "imagenet1k_v1")
case("vgg19", "torchvision VGG19_Weights", torchvision.models.VGG19_Weights.IMAGENET1K_V1.transforms(), IMAGENET)

for name, model, tag in (
    ("openclip_vit_b32", "ViT-B-32", "laion2b_s34b_b79k"), ("openclip_vit_l14", "ViT-L-14", "laion2b_s32b_b82k"),
    ("openclip_vit_h14", "ViT-H-14", "laion2b_s32b_b79k"),
):
    found = open_clip.get_pretrained_cfg(model, tag)
    statistics = {key: list(found.get(key) or OPENAI[key]) for key in ("mean", "std")}
    transform = image_transform(224, is_train=False, **statistics, interpolation=found.get("interpolation"),
                                resize_mode=found.get("resize_mode"))
    case(name, f"open_clip {tag}", transform, statistics)
case("biomedclip_vit_b16", "open_clip", image_transform(224, is_train=False, **OPENAI), OPENAI)

versions = {"Pillow": PIL.__version__, "torchvision": torchvision.__version__, "transformers": hf.__version__,
            "open_clip": open_clip.__version__}
print(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")))
