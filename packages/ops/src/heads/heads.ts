import type { Op } from "../op.ts";
import { knn } from "./knn.ts";
import { linear } from "./linear/linear.ts";
import { logistic } from "./logistic.ts";
import { predict } from "./predict.ts";
import { chosen } from "./search/chosen.ts";
import { pool } from "./search/pool.ts";
import { scoreEpochs } from "./search/score-epochs.ts";
import { select } from "./search/select.ts";

/** Every op of the role `head`: one line per op. */
export const heads: readonly Op[] = [knn, logistic, linear, predict, select, chosen, scoreEpochs, pool];
