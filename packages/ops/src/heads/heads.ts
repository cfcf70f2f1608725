import type { Op } from "../op.ts";
import { predictionsFromFile } from "../own/predictions-from-file.ts";
import { attention } from "./attention/attention.ts";
import { predictBags } from "./attention/predict-bags.ts";
import { knn } from "./knn.ts";
import { linear } from "./linear/linear.ts";
import { logistic } from "./logistic.ts";
import { mlknn } from "./mlknn.ts";
import { knnOrMlknn } from "./knn-or-mlknn.ts";
import { predict } from "./predict.ts";
import { chosen } from "./search/chosen.ts";
import { pool } from "./search/pool.ts";
import { scoreEpochs } from "./search/score-epochs.ts";
import { select } from "./search/select.ts";

/** Every op of the role `head`: one line per op. */
export const heads: readonly Op[] = [
  knn,
  mlknn,
  knnOrMlknn,
  logistic,
  linear,
  attention,
  predict,
  predictBags,
  predictionsFromFile,
  select,
  chosen,
  scoreEpochs,
  pool,
];
