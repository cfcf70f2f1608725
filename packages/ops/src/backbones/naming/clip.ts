import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";
import { vitNames } from "./vit-names.ts";

/** transformers' CLIP: the vision tower of e.g. `openai/clip-vit-large-patch14` or `laion/CLIP-ViT-H-14-laion2B-s32B-b79K`. */
export const transformersClip: Naming = {
  name: "transformers clip",
  fits: (names) => names.has("vision_model.embeddings.class_embedding"),
  rename: renameByRules({
    rules: [
      { from: /^vision_model\.embeddings\.class_embedding$/, to: "cls_token" },
      { from: /^vision_model\.embeddings\.position_embedding\.weight$/, to: "pos_embed" },
      { from: /^vision_model\.embeddings\.patch_embedding\./, to: "patch_embed.proj." },
      // The publisher's own spelling.
      { from: /^vision_model\.pre_layrnorm\./, to: "norm_pre." },
      { from: /^vision_model\.post_layernorm\./, to: "norm." },
      { from: /^vision_model\.encoder\.layers\.(\d+)\./, to: "blocks.$1." },
      { from: /^(blocks\.\d+)\.self_attn\.([qkv])_proj\./, to: "$1.attn.$2." },
      { from: /^(blocks\.\d+)\.self_attn\.out_proj\./, to: "$1.attn.proj." },
      { from: /^(blocks\.\d+)\.layer_norm([12])\./, to: "$1.norm$2." },
      { from: /^visual_projection\.weight$/, to: "projection.weight" },
    ],
    architecture: vitNames,
  }),
  reshapes: (name) => /\.class_embedding$|\.position_embedding\.weight$/.test(name),
};

/** OpenCLIP's own files, under `visual.`; its projection is a matrix [width, projected] that tokens are multiplied by. */
export const openClip: Naming = {
  name: "open_clip",
  fits: (names) => names.has("class_embedding") && names.has("conv1.weight") && names.has("ln_pre.weight"),
  rename: renameByRules({
    rules: [
      { from: /^class_embedding$/, to: "cls_token" },
      { from: /^positional_embedding$/, to: "pos_embed" },
      { from: /^conv1\./, to: "patch_embed.proj." },
      { from: /^ln_pre\./, to: "norm_pre." },
      { from: /^ln_post\./, to: "norm." },
      { from: /^proj$/, to: "projection.matrix" },
      { from: /^transformer\.resblocks\.(\d+)\./, to: "blocks.$1." },
      { from: /\.attn\.in_proj_(weight|bias)$/, to: ".attn.qkv.$1" },
      { from: /\.attn\.out_proj\./, to: ".attn.proj." },
      { from: /\.ln_([12])\./, to: ".norm$1." },
      { from: /\.ls_([12])\.gamma$/, to: ".ls$1.gamma" },
      { from: /\.mlp\.c_fc\./, to: ".mlp.fc1." },
      { from: /\.mlp\.c_proj\./, to: ".mlp.fc2." },
    ],
    architecture: vitNames,
  }),
  reshapes: (name) => name === "class_embedding" || name === "positional_embedding",
};
