import { resNetNames } from "./cnn-names.ts";
import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";

/**
 * transformers' ResNets, e.g. `microsoft/resnet-152`, as a classifier saves them (`resnet.embedder...`) or the bare model
 * (`embedder...`). Both count from 0 what torchvision counts from 1.
 */
export const transformersResNet: Naming = {
  name: "transformers resnet",
  fits: (names) => ["resnet.", ""].some((prefix) => names.has(`${prefix}embedder.embedder.convolution.weight`)),
  rename: renameByRules({
    rules: [
      { from: /^resnet\./, to: "" },
      { from: /^embedder\.embedder\.convolution\./, to: "conv1." },
      { from: /^embedder\.embedder\.normalization\./, to: "bn1." },
      ...[1, 2, 3, 4].map((stage) => ({
        from: new RegExp(`^encoder\\.stages\\.${stage - 1}\\.layers\\.`),
        to: `layer${stage}.`,
      })),
      ...[1, 2, 3].flatMap((layer) => [
        { from: new RegExp(`\\.layer\\.${layer - 1}\\.convolution\\.`), to: `.conv${layer}.` },
        { from: new RegExp(`\\.layer\\.${layer - 1}\\.normalization\\.`), to: `.bn${layer}.` },
      ]),
      { from: /\.shortcut\.convolution\./, to: ".downsample.0." },
      { from: /\.shortcut\.normalization\./, to: ".downsample.1." },
    ],
    architecture: resNetNames,
  }),
};
