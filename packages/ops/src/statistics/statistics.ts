import { metricDefinitions } from "../metrics/metrics.ts";
import type { SingleOp } from "../op.ts";
import { compare } from "./compare.ts";
import { compareByDelong } from "./compare-by-delong.ts";
import { rank } from "./rank.ts";
import { createResampleOp } from "./resample.ts";

/** The ops behind the intervals, tests and ranks of a table. */
export const statistics: readonly SingleOp[] = [createResampleOp(metricDefinitions), compare, compareByDelong, rank];
