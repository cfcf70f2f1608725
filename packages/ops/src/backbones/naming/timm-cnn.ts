import { vggNames } from "./cnn-names.ts";
import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";

/**
 * timm's VGGs, e.g. `vgg19.tv_in1k`. Their dense layers are convolutions: `fc1` [4096, 512, 7, 7] over the whole map and `fc2`
 * [4096, 4096, 1, 1]. Row-major, the bytes are those of torchvision's [4096, 25088] and [4096, 4096], as torch flattens channel by channel.
 */
export const timmVgg: Naming = {
  name: "timm vgg",
  fits: (names) => names.has("features.0.weight") && names.has("pre_logits.fc1.weight"),
  rename: renameByRules({
    rules: [
      { from: /^pre_logits\.fc1\./, to: "classifier.0." },
      { from: /^pre_logits\.fc2\./, to: "classifier.3." },
    ],
    architecture: vggNames,
  }),
  reshapes: (name) => /^pre_logits\.fc[12]\.weight$/.test(name),
};
