import type { CnnFamily } from "../networks/published-cnns.ts";
import type { Naming } from "./naming.ts";
import { timmVgg } from "./timm-cnn.ts";
import { dottedDenseNet, torchvisionDenseNet, torchvisionResNet, torchvisionVgg } from "./torchvision-cnn.ts";
import { transformersResNet } from "./transformers-cnn.ts";

/** For each family of convolutional networks, the namings that its published files have. At most one fits a file. */
export const cnnNamings: Readonly<Record<CnnFamily, readonly Naming[]>> = {
  resnet: [torchvisionResNet, transformersResNet],
  vgg: [torchvisionVgg, timmVgg],
  densenet: [torchvisionDenseNet, dottedDenseNet],
};
