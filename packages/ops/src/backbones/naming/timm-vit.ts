import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";
import { vitNames } from "./vit-names.ts";

/**
 * timm's vision transformers, and who names as they do: the original checkpoints of DeiT, MAE and MSN, and of DINO, DINOv2 and DINOv3,
 * which differ in single words. DINOv2's training writes its blocks in chunks (`blocks.1.7.`), the second number counting through.
 */
export const timmVit: Naming = {
  name: "timm vit",
  fits: (names) => names.has("patch_embed.proj.weight") && !names.has("blocks.0.attn.rel_pos_h"),
  rename: renameByRules({
    rules: [
      { from: /^blocks\.\d+\.(\d+)\./, to: "blocks.$1." },
      { from: /^(?:register_tokens|storage_tokens)$/, to: "reg_token" },
      { from: /\.mlp\.w12\./, to: ".mlp.fc1." },
      { from: /\.mlp\.w3\./, to: ".mlp.fc2." },
    ],
    architecture: vitNames,
  }),
};

/** A timm trunk inside an OpenCLIP model, as BiomedCLIP has it: `trunk.` and the projection `head.proj`. */
export const timmTrunk: Naming = {
  name: "open_clip with a timm trunk",
  fits: (names) => names.has("trunk.patch_embed.proj.weight"),
  rename: renameByRules({
    rules: [
      { from: /^trunk\./, to: "" },
      { from: /^head\.proj\.weight$/, to: "projection.weight" },
    ],
    architecture: vitNames,
  }),
};
