import { denseNetNames, resNetNames, vggNames } from "./cnn-names.ts";
import type { Naming } from "./naming.ts";
import { renameByRules } from "./rename-by-rules.ts";

/** `torchvision.models.resnet*`, and timm's ResNets with torchvision's stem, e.g. `resnet152.tv2_in1k`. */
export const torchvisionResNet: Naming = {
  name: "torchvision resnet",
  fits: (names) => names.has("conv1.weight") && names.has("layer1.0.conv1.weight"),
  rename: renameByRules({ rules: [], architecture: resNetNames }),
};

/** `torchvision.models.vgg*`, with its dense layers or without. */
export const torchvisionVgg: Naming = {
  name: "torchvision vgg",
  fits: (names) => names.has("features.0.weight") && !names.has("pre_logits.fc1.weight"),
  rename: renameByRules({ rules: [], architecture: vggNames }),
};

/** The state of `torchvision.models.densenet*` as it is saved today, and timm's DenseNets, e.g. `densenet201.tv_in1k`. */
export const torchvisionDenseNet: Naming = {
  name: "torchvision densenet",
  fits: (names) => names.has("features.denseblock1.denselayer1.norm1.weight"),
  rename: renameByRules({ rules: [], architecture: denseNetNames }),
};

/**
 * The files that torchvision publishes for its DenseNets (`densenet121-a639ec97.pth`): they are older than torch's ban on dots in the names
 * of modules, and torchvision's loader renames them as is done here.
 */
export const dottedDenseNet: Naming = {
  name: "torchvision densenet, dotted",
  fits: (names) => names.has("features.denseblock1.denselayer1.norm.1.weight"),
  rename: renameByRules({
    rules: [{ from: /^(features\.denseblock\d+\.denselayer\d+\.(?:conv|norm))\.([12]\.)/, to: "$1$2" }],
    architecture: denseNetNames,
  }),
};
