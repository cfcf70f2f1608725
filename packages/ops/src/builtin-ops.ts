import { backbones } from "./backbones/backbones.ts";
import { datasets } from "./datasets/dataset-readers.ts";
import { extract } from "./extraction/extract.ts";
import { heads } from "./heads/heads.ts";
import { metrics } from "./metrics/metrics.ts";
import type { Op } from "./op.ts";
import { split } from "./splits/split.ts";

/** Every op of this build. The lists behind it grow by one line per op. */
export const builtinOps: readonly Op[] = [...datasets, split, ...backbones, extract, ...heads, ...metrics];
