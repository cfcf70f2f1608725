"""Names and shapes of the tensors in published checkpoints, for backbones/published/published-backbones.test.ts.

Every network is built at its real size by its publisher's library, from the configuration that is published with it, on torch's meta
device: no values, so no weights are needed. transformers 5 names tensors otherwise than the files do, and its own conversion, which
`save_pretrained` applies, gives the files' names back. Where the size of the publisher's file is known, a safetensors file of
these names and shapes has to come to it byte by byte, and a PyTorch one nearly.

Needs: torch, timm, transformers, open_clip_torch, and a checkout of facebookresearch/dinov2.
Run: python published_sizes.py --dinov2 FOLDER > published_sizes.json
"""

import argparse
import hashlib
import json
import math
import re
import sys

import open_clip
import timm
import torch
import transformers as hf
from open_clip.timm_model import TimmModel

from published_sizes_files import compact, data_bytes, file_sizes, shapes, under

arguments = argparse.ArgumentParser()
arguments.add_argument("--dinov2", required=True)
sys.path.insert(0, arguments.parse_args().dinov2)
from dinov2.hub import backbones as meta  # noqa: E402

SIZES = {
    "tiny": (192, 12, 3), "small": (384, 12, 6), "base": (768, 12, 12), "large": (1024, 24, 16), "huge": (1280, 32, 16),
    "giant": (1536, 40, 24),
}

cases = []


def case(name, file, tensors, left_out, size=None, dropped=None):
    """left_out: what no feature comes from, by the publisher's names. size: of the publisher's file, in bytes, where it is known."""
    if size is not None and file.endswith("safetensors"):
        assert size in file_sizes(tensors, dropped or {}), (name, size, file_sizes(tensors, dropped or {}))
    elif size is not None:
        assert 0 < size - data_bytes(tensors) < 1000 * len(tensors), (name, size, data_bytes(tensors))
    tower = {key: shape for key, (_, shape) in tensors.items() if not re.search(left_out, key)}
    lines = "".join(f"{key} {','.join(map(str, shape))}\n" for key, shape in sorted(tower.items()))
    written = {key: value for key, value in tensors.items() if key not in (dropped or {})}
    cases.append({
        "name": name, "file": file, **({} if size is None else {"bytes": size}), "tensors": len(tower),
        "parameters": sum(map(math.prod, tower.values())), "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "weights": compact(written),
    })
    print(name, file, "" if size is None else "fits the size of the file", file=sys.stderr)


def on_meta(make, *args, **kwargs):
    with torch.device("meta"):
        return make(*args, **kwargs)


def sized(size):
    width, depth, heads = SIZES[size]
    return dict(hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads)


# DINOv2: its own code and transformers
SHORT = {"small": "vits14", "base": "vitb14", "large": "vitl14", "giant": "vitg14"}
BYTES = {"small": 88_249_960, "base": 346_345_912, "large": 1_217_522_888, "giant": 4_546_005_432}
for registers in (False, True):
    kinds = (hf.Dinov2WithRegistersModel, hf.Dinov2WithRegistersConfig) if registers else (hf.Dinov2Model, hf.Dinov2Config)
    for size, short in SHORT.items():
        name = f"dinov2_{short}{'_reg' if registers else ''}"
        config = kinds[1](**sized(size), mlp_ratio=4, image_size=518, patch_size=14, use_swiglu_ffn=size == "giant",
                          **({"num_register_tokens": 4} if registers else {}))
        known = ({"giant": 4_546_030_112} if registers else BYTES).get(size)
        repository = f"facebook/dinov2-{'with-registers-' if registers else ''}{size}"
        case(name, f"{repository}/model.safetensors", shapes(on_meta(kinds[0], config)), "mask_token", known)
        own = on_meta(getattr(meta, name), pretrained=False)
        case(name, f"dinov2_{short}_{'reg4_' if registers else ''}pretrain.pth", shapes(own), "mask_token")

rad_dino = hf.Dinov2Config(**sized("base"), mlp_ratio=4, image_size=518, patch_size=14)
case("rad_dino", "microsoft/rad-dino/model.safetensors", shapes(on_meta(hf.Dinov2Model, rad_dino)), "mask_token", 346_345_912)

# DINOv3
for short, size, hidden, gated, known in (
    ("vits16", sized("small"), 1536, False, 86_406_384),
    ("vits16plus", sized("small"), 1536, True, 114_794_096),
    ("vitb16", sized("base"), 3072, False, 342_662_192),
    ("vitl16", sized("large"), 4096, False, 1_212_559_808),
    ("vith16plus", dict(hidden_size=1280, num_hidden_layers=32, num_attention_heads=20), 5120, True, 3_362_432_800),
):
    config = hf.DINOv3ViTConfig(**size, intermediate_size=hidden, hidden_act="silu" if gated else "gelu", use_gated_mlp=gated,
                                image_size=224, patch_size=16, num_register_tokens=4)
    case(f"dinov3_{short}", f"facebook/dinov3-{short}-pretrain-lvd1689m/model.safetensors",
         shapes(on_meta(hf.DINOv3ViTModel, config)), "mask_token", known)


# ViT, DeiT, MSN, MAE
def vit(kind, config, size, patch=16, **more):
    return shapes(on_meta(kind, config(**sized(size), intermediate_size=4 * SIZES[size][0], image_size=224, patch_size=patch, **more)))


for size in ("base", "large"):
    kind = "model.safetensors" if size == "base" else "pytorch_model.bin"
    case(f"vit_{size}_patch16_224", f"google/vit-{size}-patch16-224/{kind}",
         vit(hf.ViTForImageClassification, hf.ViTConfig, size, num_labels=1000), "classifier")
    case(f"vit_{size}_patch16_224_in21k", f"google/vit-{size}-patch16-224-in21k/model.safetensors",
         vit(hf.ViTModel, hf.ViTConfig, size), "pooler")
for size in ("tiny", "small", "base"):
    case(f"deit_{size}_patch16_224", f"facebook/deit-{size}-patch16-224/pytorch_model.bin",
         vit(hf.ViTForImageClassification, hf.ViTConfig, size, num_labels=1000), "classifier",
         346_351_599 if size == "base" else None)
    case(f"deit_{size}_patch16_224", f"deit_{size}_patch16_224.pth",
         shapes(on_meta(timm.create_model, f"deit_{size}_patch16_224")), r"^head\.")
for size in ("small", "base", "large"):
    case(f"msn_{size}_patch16_224", f"facebook/vit-msn-{size}/pytorch_model.bin", vit(hf.ViTMSNModel, hf.ViTMSNConfig, size), "mask_token")
for size, patch, known in (("base", 16, 447_670_680), ("large", 16, 1_318_371_301), ("huge", 14, None)):
    decoder = dict(decoder_hidden_size=512, decoder_num_hidden_layers=8, decoder_num_attention_heads=16, decoder_intermediate_size=2048)
    kind = "model.safetensors" if size == "base" else "pytorch_model.bin"
    # The way back of transformers 5.24 takes the decoder's blocks for the encoder's; the files have the names that its own code had before.
    tensors = vit(hf.ViTMAEForPreTraining, hf.ViTMAEConfig, size, patch, **decoder)
    tensors = {name.replace("decoder_encoder.layer.", "decoder_layers."): value for name, value in tensors.items()}
    case(f"mae_{size}_patch{patch}_224", f"facebook/vit-mae-{size}/{kind}", tensors, r"^decoder\.", known)

# CLIP of OpenAI, by transformers
TEXT = {512: (512, 12, 8), 768: (768, 12, 12)}
for name, repository, file, size, patch, side, projected, known in (
    ("clip_vit_b32", "clip-vit-base-patch32", "pytorch_model.bin", "base", 32, 224, 512, None),
    ("clip_vit_b16", "clip-vit-base-patch16", "pytorch_model.bin", "base", 16, 224, 512, 598_641_023),
    ("clip_vit_l14", "clip-vit-large-patch14", "model.safetensors", "large", 14, 224, 768, 1_710_540_580),
    ("clip_vit_l14_336", "clip-vit-large-patch14-336", "pytorch_model.bin", "large", 14, 336, 768, None),
):
    width, depth, heads = TEXT[projected]
    text = dict(hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads, intermediate_size=4 * width)
    vision = dict(**sized(size), intermediate_size=4 * SIZES[size][0], image_size=side, patch_size=patch)
    tensors = shapes(on_meta(hf.CLIPModel, hf.CLIPConfig(text_config=text, vision_config=vision, projection_dim=projected)))
    # Buffers that transformers wrote to files when these were made.
    tensors["text_model.embeddings.position_ids"] = ("I64", (1, 77))
    tensors["vision_model.embeddings.position_ids"] = ("I64", (1, (side // patch) ** 2 + 1))
    case(name, f"openai/{repository}/{file}", tensors, r"^text_|^logit_scale$|position_ids$", known)

# OpenCLIP, by its own configurations
for name, model, repository, file, known in (
    ("openclip_vit_b32", "ViT-B-32", "CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_model", 605_143_316),
    ("openclip_vit_l14", "ViT-L-14", "CLIP-ViT-L-14-laion2B-s32B-b82K", "open_clip_pytorch_model", 1_710_517_748),
    ("openclip_vit_h14", "ViT-H-14", "CLIP-ViT-H-14-laion2B-s32B-b79K", "open_clip_model", 3_944_517_836),
):
    network = on_meta(open_clip.model.CLIP, **open_clip.get_model_config(model))
    case(name, f"laion/{repository}/{file}.safetensors", shapes(network), r"^(?!visual\.)", known)

# BiomedCLIP: a timm trunk beside PubMedBERT
visual = on_meta(TimmModel, "vit_base_patch16_224", embed_dim=512, image_size=224, pool="", proj="linear", pretrained=False)
bert = on_meta(hf.BertModel, hf.BertConfig(vocab_size=30522), add_pooling_layer=False)
projection = {"text.proj.0.weight": ("F32", (640, 768)), "text.proj.2.weight": ("F32", (512, 640)), "logit_scale": ("F32", ())}
case("biomedclip_vit_b16", "microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224/open_clip_pytorch_model.bin",
     {**under("visual.", shapes(visual)), **under("text.transformer.", shapes(bert)), **projection}, r"^(?!visual\.)", 783_705_670)

# Segment Anything
for letter, size, blocks, known in (
    ("b", "base", [2, 5, 8, 11], 374_979_480), ("l", "large", [5, 11, 17, 23], None), ("h", "huge", [7, 15, 23, 31], None),
):
    vision = dict(**sized(size), mlp_dim=4 * SIZES[size][0], global_attn_indexes=blocks)
    tensors = shapes(on_meta(hf.SamModel, hf.SamConfig(vision_config=vision)))
    shared = {"prompt_encoder.shared_embedding.positional_embedding": "shared_image_embedding.positional_embedding"}
    case(f"sam_vit_{letter}", f"facebook/sam-vit-{size}/model.safetensors", tensors, r"^(?!vision_encoder\.)|\.neck\.", known, shared)

versions = {"torch": torch.__version__, "timm": timm.__version__, "transformers": hf.__version__, "open_clip": open_clip.__version__}
print(json.dumps({"versions": versions, "files": cases}, separators=(",", ":")))
