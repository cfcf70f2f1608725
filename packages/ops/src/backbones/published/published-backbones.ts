import { biomedClip, clipFamily } from "./families/clip.ts";
import { dinov2Family, radDino } from "./families/dinov2.ts";
import { dinov3Family } from "./families/dinov3.ts";
import { samFamily } from "./families/sam.ts";
import { torchvisionFamily } from "./families/torchvision.ts";
import { vitFamily } from "./families/vit.ts";
import type { PublishedBackbone } from "./published-backbone.ts";

/** Every published backbone that has a constructor: one line per family. */
export const publishedBackbones: readonly PublishedBackbone[] = [
  ...dinov2Family,
  radDino,
  ...dinov3Family,
  ...vitFamily,
  ...clipFamily,
  biomedClip,
  ...samFamily,
  ...torchvisionFamily,
];
