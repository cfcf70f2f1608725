import type { ExampleSet } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import { gatherBags } from "../heads/bags.ts";
import { toPredictions } from "../heads/to-predictions.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { classColumns } from "./class-columns.ts";
import { matchRows } from "./match-rows.ts";
import { findFloatArrays, joinRows, loadRows, sameIn, type NumericRows } from "./numeric-rows.ts";
import { listNames, openOwnFile, requireArrays, type OwnFile } from "./own-file.ts";
import { noteOfFile, ownInputs, ownParams } from "./own-params.ts";
import { checkProbabilities, toProbabilities } from "./probabilities.ts";
import { readRowNames, type RowNames } from "./row-names.ts";

const signature = {
  name: "predictions",
  version: 1,
  summary: "Predictions that were made elsewhere, from a file: scores per class for each example. Needs no backbone.",
  use: "constructor",
  role: "head",
  params: {
    ...ownParams,
    scores: {
      type: "list",
      items: { type: "string", summary: "The name of an array." },
      summary:
        "The array [examples, classes], or an array (column) for each class in the order of the classes; by default scores.",
      minLength: 1,
      default: null,
    },
    classes: {
      type: "string",
      summary: "The array that names the class of each column; by default classes, where the file has it.",
      default: null,
    },
    logits: {
      type: "boolean",
      summary: "The scores are logits: a softmax (one label per example) or a sigmoid (several labels) is applied.",
      default: false,
    },
  },
  inputs: ownInputs,
  output: "predictions",
} as const;

/**
 * In place of a head, its backbone and all that lies between. A binary score of one column is that of the second class. Of
 * images in bags it is the bags that are scored, by their names or by the digest that an export gives them.
 */
export const predictionsFromFile: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Predictions> => {
    const params = paramsOf(signature, context);
    const examples = gatherBags(inputOf(context, "examples", "examples")).examples;
    const own = await openOwnFile(params.file.path);
    try {
      const rows = await readRowNames(own, params);
      const scores = await loadScores({ own, rows, examples, wanted: params.scores });
      const columns = await classColumns({ own, examples, width: scores.width, wanted: params.classes });
      const places = matchRows({
        own,
        rows,
        examples,
        dataset: gatherBags({ ...inputOf(context, "dataset", "dataset"), notes: [] }).examples,
        extra: params.extra,
        isSame: sameIn([scores]),
      });
      const raw = { own, examples, columns, values: gatherColumns(scores, places, columns) };
      const probabilities = params.logits ? toProbabilities(raw) : checkProbabilities(raw);
      const notes = [noteOfFile("Predictions", context.fileDigests), ...probabilities.notes];
      return toPredictions(examples, probabilities.values, { notes });
    } finally {
      await own.close();
    }
  },
};

interface ScoresWanted {
  readonly own: OwnFile;
  readonly rows: RowNames;
  readonly examples: ExampleSet;
  /** Null: by their usual name, else by their looks. */
  readonly wanted: readonly string[] | null;
}

async function loadScores({ own, rows, examples, wanted }: ScoresWanted): Promise<NumericRows> {
  requireArrays(own, wanted ?? []);
  const names = wanted ?? (await findScores(own, rows, examples));
  const columns: NumericRows[] = [];
  for (const name of names) columns.push(await loadRows(own, name, rows));
  return joinRows(names.join(", "), columns, rows.names.length);
}

async function findScores(own: OwnFile, rows: RowNames, { classNames }: ExampleSet): Promise<readonly string[]> {
  const usual = usualNames.find((name) => own.names.includes(name));
  if (usual !== undefined) return [usual];
  if (classNames.every((name) => own.names.includes(name))) return classNames;
  const matrices = await findFloatArrays(own, rows, 2);
  if (matrices.length === 1) return matrices;
  const columns = await findFloatArrays(own, rows, 1);
  if (matrices.length === 0 && columns.length === 1) return columns;
  throw new OpError(
    "own-array-unknown",
    `${own.file} has no array ${usualNames.join(" or ")}; it holds ${listNames(own.names)}.`,
    "Name the array of the scores by `scores`, or one array (column) for each class in the order of the classes.",
  );
}

const usualNames = ["scores", "probabilities"];

/** The columns wanted of the rows wanted, row-major. */
function gatherColumns(
  { width, values }: NumericRows,
  places: readonly number[],
  columns: readonly number[],
): Float64Array {
  const gathered = new Float64Array(places.length * columns.length);
  places.forEach((place, row) => {
    columns.forEach((column, at) => {
      gathered[row * columns.length + at] = values[place * width + column]!;
    });
  });
  return gathered;
}
