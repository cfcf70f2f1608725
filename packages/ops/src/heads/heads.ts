import type { SingleOp } from "../op.ts";
import { knn } from "./knn.ts";
import { logistic } from "./logistic.ts";
import { predict } from "./predict.ts";

/** Every op of the role `head`: one line per op. */
export const heads: readonly SingleOp[] = [knn, logistic, predict];
