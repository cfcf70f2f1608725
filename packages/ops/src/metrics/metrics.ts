import type { SingleOp } from "../op.ts";
import { accuracy } from "./accuracy.ts";
import { auroc } from "./auroc.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { f1 } from "./f1.ts";

/** Every metric: one line per metric. */
export const metrics: readonly SingleOp[] = [accuracy, auroc, balancedAccuracy, f1];
