"""Features of small vision transformers by their publishers' code, for backbones/networks/transformer/published.test.ts.

Every network has the depth, heads, patches and parts of a published one and small widths. Weights and images come from an integer hash of
the name that the tensor has in the publisher's file, which the test repeats: only names and outputs are stored, the names of
the first block standing for those of all of them.

Needs: torch, timm, transformers, open_clip_torch, safetensors, numpy, and a checkout of facebookresearch/dinov2.
Run: python vit_backbones.py --dinov2 FOLDER > vit_backbones.json
"""

import argparse
import json
import re
import sys
import tempfile

import numpy as np
import open_clip
import safetensors.torch
import timm
import torch
import transformers as hf
from open_clip.timm_model import TimmModel
from timm.models.vision_transformer import VisionTransformer

from hashed_weights import uniform, weight

arguments = argparse.ArgumentParser()
arguments.add_argument("--dinov2", required=True)
sys.path.insert(0, arguments.parse_args().dinov2)
from dinov2.models.vision_transformer import DinoVisionTransformer  # noqa: E402
from dinov2.layers import MemEffAttention, NestedTensorBlock  # noqa: E402,F401

torch.set_num_threads(1)
COUNTED = re.compile(r"(\.(?:blocks|layer|layers|resblocks)\.|^(?:blocks|layer|layers)\.)\d+\.")
KEPT = 5


def hashed(state: dict) -> dict:
    return {name: torch.from_numpy(np.asarray(weight(name, tuple(value.shape)))) for name, value in state.items()}


def pattern(state: dict) -> list:
    """Names and shapes, `{}` in place of a block's number where all blocks have the same shape."""
    groups = {}
    for name, value in state.items():
        groups.setdefault(COUNTED.sub(lambda match: match.group(1) + "{}.", name), {})[name] = list(value.shape)
    short = []
    for key, members in sorted(groups.items()):
        shapes = list(members.values())
        alike = all(shape == shapes[0] for shape in shapes)
        short.extend([[key, shapes[0]]] if alike else members.items())
    return short


def image(side: int) -> torch.Tensor:
    return torch.from_numpy((2 * uniform("images", 3 * side * side)).astype(np.float32).reshape(1, 3, side, side))


def rounded(values: torch.Tensor) -> list:
    return [float(f"{value:.7g}") for value in values.flatten().tolist()]


def hooked(blocks, run):
    """What every block gives, in order."""
    found = []
    handles = [
        block.register_forward_hook(lambda _m, _i, out: found.append(out[0] if isinstance(out, tuple) else out))
        for block in blocks
    ]
    with torch.no_grad():
        run()
    for handle in handles:
        handle.remove()
    return found


def tokens_to_features(blocks, norm, prefix):
    with torch.no_grad():
        features = {f"cls_{place + 1}": norm(tokens)[:, 0] for place, tokens in enumerate(reversed(blocks[-KEPT:]))}
        features["patch_mean"] = norm(blocks[-1])[:, prefix:].mean(dim=1)
    return features


def saved(model) -> dict:
    """The tensors as the publisher's library writes them to a file."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return safetensors.torch.load_file(f"{folder}/model.safetensors")


def loaded(kind, model, rewrite=lambda values: values):
    """The same model with hashed weights, by way of a file; and the tensors of that file."""
    state = saved(model)
    values = rewrite(hashed(state))
    with tempfile.TemporaryDirectory() as folder:
        model.config.save_pretrained(folder)
        safetensors.torch.save_file(values, f"{folder}/model.safetensors", {"format": "pt"})
        again = kind.from_pretrained(folder, attn_implementation="eager").eval()
    return again, state


cases = []


def case(name, family, spec, state, sizes, features_at):
    features = {
        str(side): {part: rounded(value) for part, value in features_at(image(side)).items()} for side in sizes
    }
    cases.append({"name": name, "family": family, **spec, "weights": pattern(state), "features": features})
    print(name, file=sys.stderr)


def spec(patch, width, depth, heads, hidden, epsilon, **more):
    return {
        "sizes": {
            "patchSize": patch, "width": width, "depth": depth, "heads": heads, "hidden": hidden, "epsilon": epsilon,
            "activation": "gelu", "registers": 0, **more,
        }
    }


# transformers: ViT, MSN, MAE
def transformers_vit(name, kind, config, layers, norm, epsilon, **call):
    shape = dict(hidden_size=64, num_hidden_layers=24, num_attention_heads=16, intermediate_size=256)
    model, state = loaded(kind, kind(config(**shape, image_size=64, patch_size=16, layer_norm_eps=epsilon)))

    def run(pixels):
        extra = {"interpolate_pos_encoding": True, **{key: value(pixels) for key, value in call.items()}}
        return tokens_to_features(hooked(layers(model), lambda: model(pixels, **extra)), norm(model), 1)

    positions = {"kind": "learned", "grid": 4, "rule": "size"}
    case(name, "vit", spec(16, 64, 24, 16, 256, epsilon, positions=positions), state, [64, 96], run)


def layers_of(body):
    inner = getattr(body, "encoder", body)
    return getattr(inner, "layer", None) or inner.layers


transformers_vit("google/vit-large-patch16-224", hf.ViTForImageClassification, hf.ViTConfig,
                 lambda model: layers_of(model.vit), lambda model: model.vit.layernorm, 1e-12)
transformers_vit("facebook/vit-msn-large", hf.ViTMSNModel, hf.ViTMSNConfig,
                 lambda model: layers_of(model), lambda model: model.layernorm, 1e-6)


def mae_config(**shape):
    return hf.ViTMAEConfig(**shape, mask_ratio=0.0, decoder_hidden_size=16, decoder_num_hidden_layers=1,
                           decoder_num_attention_heads=2, decoder_intermediate_size=16)


transformers_vit("facebook/vit-mae-large", hf.ViTMAEForPreTraining, mae_config,
                 lambda model: layers_of(model.vit), lambda model: model.vit.layernorm, 1e-12,
                 noise=lambda pixels: torch.arange((pixels.shape[-1] // 16) ** 2)[None].float())


# timm: DeiT
def timm_state(model):
    values = hashed(model.state_dict())
    model.load_state_dict(values)
    return values


deit = VisionTransformer(img_size=64, patch_size=16, embed_dim=24, depth=12, num_heads=3, dynamic_img_size=True).eval()
case("timm deit_tiny_patch16_224", "vit",
     spec(16, 24, 12, 3, 96, 1e-6, positions={"kind": "learned", "grid": 4, "rule": "size_antialias"}),
     timm_state(deit), [64, 96, 48],
     lambda pixels: tokens_to_features(hooked(deit.blocks, lambda: deit(pixels)), deit.norm, 1))

without_class = VisionTransformer(img_size=56, patch_size=14, embed_dim=24, depth=3, num_heads=3, init_values=1e-5,
                                  reg_tokens=4, no_embed_class=True, dynamic_img_size=True).eval()
case("timm vit_small_patch14_reg4_dinov2", "dinov2",
     spec(14, 24, 3, 3, 96, 1e-6, registers=4, positions={"kind": "learned", "grid": 4, "rule": "size_antialias"}),
     timm_state(without_class), [56, 84],
     lambda pixels: tokens_to_features(hooked(without_class.blocks, lambda: without_class(pixels)), without_class.norm, 5))


# DINOv2: its own code
def dinov2(name, width, depth, heads, sizes, registers=0, ffn="mlp"):
    model = DinoVisionTransformer(
        img_size=84, patch_size=14, embed_dim=width, depth=depth, num_heads=heads, mlp_ratio=4, init_values=1.0,
        ffn_layer=ffn, block_chunks=0, num_register_tokens=registers, interpolate_antialias=registers > 0,
        interpolate_offset=0.0 if registers > 0 else 0.1,
    ).eval()
    values = timm_state(model)
    rule = "size_antialias" if registers > 0 else "meta_offset"
    hidden = (int(4 * width * 2 / 3) + 7) // 8 * 8 if ffn != "mlp" else 4 * width
    more = {"registers": registers, "activation": "gelu" if ffn == "mlp" else "swiglu",
            "positions": {"kind": "learned", "grid": 6, "rule": rule}}
    case(name, "dinov2", spec(14, width, depth, heads, hidden, 1e-6, **more), values, sizes,
         lambda pixels: tokens_to_features(hooked(model.blocks, lambda: model(pixels)), model.norm, 1 + registers))


dinov2("dinov2_vitl14", 64, 24, 16, [84, 56, 112])
dinov2("dinov2_vitg14", 48, 40, 24, [84, 56], ffn="swiglufused")
dinov2("dinov2_vitl14_reg", 64, 24, 16, [84, 56], registers=4)


# DINOv2 in transformers, and RAD-DINO
def transformers_dinov2(name, kind, config, width, depth, heads, registers=0, swiglu=False):
    extra = {"num_register_tokens": registers} if registers > 0 else {}
    model, state = loaded(kind, kind(config(hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads,
                                            mlp_ratio=4, image_size=84, patch_size=14, use_swiglu_ffn=swiglu, **extra)))
    hidden = (int(4 * width * 2 / 3) + 7) // 8 * 8 if swiglu else 4 * width
    rule = "size_antialias" if registers > 0 else "size"
    more = {"registers": registers, "activation": "swiglu" if swiglu else "gelu",
            "positions": {"kind": "learned", "grid": 6, "rule": rule}}
    case(name, "dinov2", spec(14, width, depth, heads, hidden, 1e-6, **more), state, [84, 56],
         lambda pixels: tokens_to_features(hooked(layers_of(model), lambda: model(pixels)), model.layernorm, 1 + registers))


transformers_dinov2("microsoft/rad-dino", hf.Dinov2Model, hf.Dinov2Config, 48, 12, 12)
transformers_dinov2("facebook/dinov2-giant", hf.Dinov2Model, hf.Dinov2Config, 48, 40, 24, swiglu=True)
transformers_dinov2("facebook/dinov2-with-registers-large", hf.Dinov2WithRegistersModel, hf.Dinov2WithRegistersConfig,
                    64, 24, 16, registers=4)


# DINOv3
def dinov3(name, width, depth, heads, hidden, gated):
    model, state = loaded(hf.DINOv3ViTModel, hf.DINOv3ViTModel(hf.DINOv3ViTConfig(
        hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads, intermediate_size=hidden,
        hidden_act="silu" if gated else "gelu", use_gated_mlp=gated, image_size=64, patch_size=16,
        num_register_tokens=4)))
    more = {"registers": 4, "activation": "swiglu" if gated else "gelu", "positions": {"kind": "rotary", "base": 100}}
    body = getattr(model, "model", model)
    case(name, "dinov3", spec(16, width, depth, heads, hidden, 1e-5, **more), state, [64, 96],
         lambda pixels: tokens_to_features(hooked(body.layer, lambda: model(pixels)), model.norm, 5))


dinov3("facebook/dinov3-vitl16-pretrain-lvd1689m", 64, 24, 16, 256, False)
dinov3("facebook/dinov3-vith16plus-pretrain-lvd1689m", 80, 32, 20, 320, True)


# CLIP and OpenCLIP
def transformers_clip(name, depth, heads, width, activation):
    config = hf.CLIPConfig(
        text_config=dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, vocab_size=50,
                         bos_token_id=1, eos_token_id=2, pad_token_id=0),
        vision_config=dict(hidden_size=width, num_hidden_layers=depth, num_attention_heads=heads,
                           intermediate_size=4 * width, image_size=56, patch_size=14, hidden_act=activation),
        projection_dim=24)
    model, state = loaded(hf.CLIPModel, hf.CLIPModel(config))
    tower = model.vision_model

    def run(pixels):
        blocks = hooked(tower.encoder.layers, lambda: tower(pixels, interpolate_pos_encoding=True))
        features = tokens_to_features(blocks, tower.post_layernorm, 1)
        with torch.no_grad():
            features["projected"] = model.visual_projection(features["cls_1"])
        return features

    more = {"activation": activation, "projected": 24, "positions": {"kind": "learned", "grid": 4, "rule": "size"}}
    case(name, "clip", spec(14, width, depth, heads, 4 * width, 1e-5, **more),
         {name: value for name, value in state.items() if "text" not in name}, [56, 84], run)


transformers_clip("openai/clip-vit-large-patch14", 24, 16, 64, "quick_gelu")
transformers_clip("laion/CLIP-ViT-H-14-laion2B-s32B-b79K", 32, 16, 64, "gelu")


def open_clip_huge():
    text = dict(context_length=8, vocab_size=50, width=16, heads=2, layers=1)
    vision = dict(layers=32, width=64, head_width=4, patch_size=14, image_size=56)
    model = open_clip.model.CLIP(24, vision, text).eval()
    values = hashed(model.state_dict())
    model.load_state_dict(values)
    visual = model.visual

    def run(pixels):
        blocks = hooked(visual.transformer.resblocks, lambda: visual(pixels))
        features = tokens_to_features(blocks, visual.ln_post, 1)
        with torch.no_grad():
            features["projected"] = visual(pixels)
        return features

    more = {"projected": 24, "positions": {"kind": "learned", "grid": 4, "rule": "size"}}
    state = {name: value for name, value in values.items() if name.startswith("visual.")}
    case("open_clip ViT-H-14", "clip", spec(14, 64, 32, 16, 256, 1e-5, **more), state, [56], run)


open_clip_huge()


def biomedclip():
    @timm.models.register_model
    def vit_tiny_for_test(pretrained=False, **kwargs):
        model = VisionTransformer(img_size=64, patch_size=16, embed_dim=48, depth=12, num_heads=12)
        model.default_cfg = {}
        return model

    visual = TimmModel("vit_tiny_for_test", embed_dim=24, image_size=64, pool="", proj="linear", pretrained=False).eval()
    values = {f"visual.{name}": torch.from_numpy(weight(f"visual.{name}", tuple(value.shape)))
              for name, value in visual.state_dict().items()}
    visual.load_state_dict({name.removeprefix("visual."): value for name, value in values.items()})

    def run(pixels):
        features = tokens_to_features(hooked(visual.trunk.blocks, lambda: visual(pixels)), visual.trunk.norm, 1)
        with torch.no_grad():
            projected = visual(pixels)
            features["projected"] = projected[:, 0] if projected.ndim == 3 else projected
        return features

    more = {"projected": 24, "positions": {"kind": "learned", "grid": 4, "rule": "size_antialias"}}
    case("microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224", "biomedclip",
         spec(16, 48, 12, 12, 192, 1e-6, **more), values, [64], run)


biomedclip()


# Segment Anything
def sam():
    vision = dict(hidden_size=64, num_hidden_layers=24, num_attention_heads=16, mlp_dim=256, image_size=256, patch_size=16,
                  window_size=14, global_attn_indexes=[5, 11, 17, 23], output_channels=8)
    model, state = loaded(hf.SamModel, hf.SamModel(hf.SamConfig(vision_config=vision)))
    encoder = model.vision_encoder

    def run(pixels):
        last = hooked(encoder.layers, lambda: encoder(pixels))[-1]
        return {"patch_mean": last.flatten(1, 2).mean(dim=1)}

    sizes = {"patchSize": 16, "width": 64, "depth": 24, "heads": 16, "hidden": 256, "window": 14,
             "globalBlocks": [5, 11, 17, 23], "grid": 16, "rule": "size_antialias"}
    case("facebook/sam-vit-large", "sam", {"sizes": sizes},
         {name: value for name, value in state.items() if name.startswith("vision_encoder")}, [256], run)


def timm_sam():
    from timm.models.vision_transformer_sam import VisionTransformerSAM

    model = VisionTransformerSAM(img_size=128, patch_size=16, embed_dim=24, depth=4, num_heads=3, mlp_ratio=4, neck_chans=0,
                                 num_classes=0, window_size=4, global_attn_indexes=(1, 3), use_abs_pos=True,
                                 use_rel_pos=True).eval()
    model.patch_embed.strict_img_size = False
    values = timm_state(model)
    sizes = {"patchSize": 16, "width": 24, "depth": 4, "heads": 3, "hidden": 96, "window": 4, "globalBlocks": [1, 3],
             "grid": 8, "rule": "size_antialias"}
    case("timm samvit_base_patch16", "sam", {"sizes": sizes}, values, [128, 96, 160],
         lambda pixels: {"patch_mean": hooked(model.blocks, lambda: model.forward_features(pixels))[-1].flatten(1, 2).mean(dim=1)})


sam()
timm_sam()

versions = {"torch": torch.__version__, "timm": timm.__version__, "transformers": hf.__version__,
            "open_clip": open_clip.__version__}
print(json.dumps({"versions": versions, "networks": cases}, separators=(",", ":")))
