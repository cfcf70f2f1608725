import { backbones } from "./backbones/backbones.ts";
import { datasets } from "./datasets/dataset-readers.ts";
import { extract } from "./extraction/extract.ts";
import { heads } from "./heads/heads.ts";
import { metrics } from "./metrics/metrics.ts";
import type { Op } from "./op.ts";
import { audit } from "./splits/audit.ts";
import { split } from "./splits/split.ts";
import { statistics } from "./statistics/statistics.ts";

/** Every op of this build. The lists behind it grow by one line per op. */
export const builtinOps: readonly Op[] = [
  ...datasets,
  audit,
  split,
  ...backbones,
  extract,
  ...heads,
  ...metrics,
  ...statistics,
];
