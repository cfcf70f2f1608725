import { openClip, transformersClip } from "./clip.ts";
import type { Naming } from "./naming.ts";
import { metaSam, transformersSam } from "./sam.ts";
import { timmTrunk, timmVit } from "./timm-vit.ts";
import { transformersDinov2, transformersDinov3, transformersVit } from "./transformers-vit.ts";

/** For each family of vision transformers, the namings that its published files have. At most one fits a file. */
export const vitNamings = {
  vit: [timmVit, transformersVit],
  dinov2: [timmVit, transformersDinov2],
  dinov3: [timmVit, transformersDinov3],
  clip: [transformersClip, openClip],
  biomedclip: [timmTrunk],
  sam: [metaSam, transformersSam],
} as const satisfies Readonly<Record<string, readonly Naming[]>>;
