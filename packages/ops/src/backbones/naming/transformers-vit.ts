import type { Naming } from "./naming.ts";
import { renameByRules, type RenamingRule } from "./rename-by-rules.ts";
import { vitNames } from "./vit-names.ts";

const embeddings: readonly RenamingRule[] = [
  { from: /^embeddings\.cls_token$/, to: "cls_token" },
  { from: /^embeddings\.register_tokens$/, to: "reg_token" },
  { from: /^embeddings\.position_embeddings$/, to: "pos_embed" },
  { from: /^embeddings\.patch_embeddings\.projection\./, to: "patch_embed.proj." },
];

const attention: readonly RenamingRule[] = [
  { from: /^encoder\.layer\.(\d+)\./, to: "blocks.$1." },
  { from: /\.attention\.attention\.query\./, to: ".attn.q." },
  { from: /\.attention\.attention\.key\./, to: ".attn.k." },
  { from: /\.attention\.attention\.value\./, to: ".attn.v." },
  { from: /\.attention\.output\.dense\./, to: ".attn.proj." },
];

/** transformers' ViT, DeiT, ViT-MSN and ViT-MAE, e.g. `google/vit-large-patch16-224`; most of their files have a prefix (`vit.`). */
export const transformersVit: Naming = {
  name: "transformers vit",
  fits: (names) => names.has("embeddings.position_embeddings") && names.has("encoder.layer.0.layernorm_before.weight"),
  rename: renameByRules({
    rules: [
      ...embeddings,
      ...attention,
      { from: /\.layernorm_before\./, to: ".norm1." },
      { from: /\.layernorm_after\./, to: ".norm2." },
      { from: /\.intermediate\.dense\./, to: ".mlp.fc1." },
      { from: /^(blocks\.\d+)\.output\.dense\./, to: "$1.mlp.fc2." },
      { from: /^layernorm\./, to: "norm." },
    ],
    architecture: vitNames,
  }),
};

/** transformers' DINOv2, with registers or without, e.g. `facebook/dinov2-large`, `microsoft/rad-dino`. */
export const transformersDinov2: Naming = {
  name: "transformers dinov2",
  fits: (names) => names.has("embeddings.position_embeddings") && names.has("encoder.layer.0.layer_scale1.lambda1"),
  rename: renameByRules({
    rules: [
      ...embeddings,
      ...attention,
      { from: /\.layer_scale([12])\.lambda1$/, to: ".ls$1.gamma" },
      { from: /\.mlp\.weights_in\./, to: ".mlp.fc1." },
      { from: /\.mlp\.weights_out\./, to: ".mlp.fc2." },
      { from: /^layernorm\./, to: "norm." },
    ],
    architecture: vitNames,
  }),
};

/** transformers' DINOv3, e.g. `facebook/dinov3-vitl16-pretrain-lvd1689m`; where there is a gate, `up_proj` is what it lets through. */
export const transformersDinov3: Naming = {
  name: "transformers dinov3",
  fits: (names) => names.has("embeddings.patch_embeddings.weight") && names.has("layer.0.attention.q_proj.weight"),
  rename: renameByRules({
    rules: [
      { from: /^embeddings\.cls_token$/, to: "cls_token" },
      { from: /^embeddings\.register_tokens$/, to: "reg_token" },
      { from: /^embeddings\.patch_embeddings\./, to: "patch_embed.proj." },
      { from: /^layer\.(\d+)\./, to: "blocks.$1." },
      { from: /\.attention\.([qkv])_proj\./, to: ".attn.$1." },
      { from: /\.attention\.o_proj\./, to: ".attn.proj." },
      { from: /\.layer_scale([12])\.lambda1$/, to: ".ls$1.gamma" },
      { from: /\.mlp\.up_proj\./, to: ".mlp.fc1." },
      { from: /\.mlp\.gate_proj\./, to: ".mlp.gate." },
      { from: /\.mlp\.down_proj\./, to: ".mlp.fc2." },
    ],
    architecture: vitNames,
  }),
};
