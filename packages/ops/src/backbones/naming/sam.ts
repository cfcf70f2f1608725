import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";
import { vitNames } from "./vit-names.ts";

/** Segment Anything's own files (`sam_vit_l_0b3195.pth`), under `image_encoder.`. The neck is left out: features are taken before it. */
export const metaSam: Naming = {
  name: "segment anything",
  fits: (names) => names.has("patch_embed.proj.weight") && names.has("blocks.0.attn.rel_pos_h"),
  rename: renameByRules({ rules: [{ from: /\.mlp\.lin([12])\./, to: ".mlp.fc$1." }], architecture: vitNames }),
};

/** transformers' SAM, e.g. `facebook/sam-vit-large`, under `vision_encoder.`. */
export const transformersSam: Naming = {
  name: "transformers sam",
  fits: (names) => names.has("patch_embed.projection.weight") && names.has("layers.0.attn.rel_pos_h"),
  rename: renameByRules({
    rules: [
      { from: /^patch_embed\.projection\./, to: "patch_embed.proj." },
      { from: /^layers\.(\d+)\./, to: "blocks.$1." },
      { from: /\.layer_norm([12])\./, to: ".norm$1." },
      { from: /\.mlp\.lin([12])\./, to: ".mlp.fc$1." },
    ],
    architecture: vitNames,
  }),
};
