import {
  codecOf,
  gatherBags,
  predictionsCodec,
  type ArtifactKinds,
  type Example,
  type ExampleSet,
  type NpyArray,
  type RowLayout,
} from "@exp-lab/ops";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { gatherInputs } from "../../2-execute/gather-inputs.ts";
import type { Store } from "../../store/store.ts";
import { findExamples, readAnswer, readExamples, splitOf, storedAnswer } from "./stored-tasks.ts";

/** What one stored task says of the examples of one split. */
export interface StoredRows {
  readonly split: string;
  readonly examples: readonly Example[];
  readonly labels: ExampleSet["labels"];
  /** Arrays with a row for each example. */
  readonly columns: readonly RowColumn[];
  /** What holds for all rows: which part is the default one, the classes. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

export interface RowColumn {
  readonly name: string;
  readonly width: number;
  /** Row-major. */
  readonly values: Extract<NpyArray, { data: unknown }>["data"];
}

/** One array for each part of the rows. */
export async function readFeatures(
  planned: PlannedTask,
  tasks: readonly PlannedTask[],
  store: Store,
): Promise<StoredRows> {
  const { layout, data } = await gatherFeatures(planned, store);
  const source = findExamples(planned, tasks);
  const { examples, labels } = readExamples(source, store);
  return {
    split: splitOf(source),
    examples,
    labels,
    columns: takeApart(layout, data, examples.length),
    texts: { default_part: [layout.defaultPart] },
  };
}

/** Rows lie in shards, or whole in the artifact of an op that has read them from a file. */
async function gatherFeatures(
  planned: PlannedTask,
  store: Store,
): Promise<{ readonly layout: RowLayout; readonly data: Float32Array }> {
  const { features } = await gatherInputs({ features: storedAnswer(planned) }, store);
  if (features === undefined) throw new Error("The features were not gathered.");
  if (features.form === "rows") return features;
  return codecOf(features.kind).decode(features.bytes) as ArtifactKinds["features"];
}

function takeApart({ parts }: RowLayout, data: Float32Array, rows: number): readonly RowColumn[] {
  const stride = parts.reduce((sum, part) => sum + part.width, 0);
  let start = 0;
  return parts.map(({ name, width }) => {
    const values = new Float32Array(rows * width);
    for (let row = 0; row < rows; row += 1) {
      values.set(data.subarray(row * stride + start, row * stride + start + width), row * width);
    }
    start += width;
    return { name, width, values };
  });
}

/** scores [n, classes], and the names of the classes. Of images in bags the rows are of the bags. */
export function readPredictions(planned: PlannedTask, tasks: readonly PlannedTask[], store: Store): StoredRows {
  const { classNames, ids, labels, scores } = predictionsCodec.decode(readAnswer(planned, store));
  const source = findExamples(planned, tasks);
  const { examples } = gatherBags(readExamples(source, store)).examples;
  if (ids.length > 0 && examples.some(({ id }, row) => id !== ids[row])) {
    throw new Error(`The predictions of "${planned.task.label}" are not of the examples that it names.`);
  }
  const columns = [{ name: "scores", width: classNames.length, values: scores }];
  return {
    split: splitOf(source),
    examples: ids.length > 0 ? examples : [],
    labels,
    columns,
    texts: { classes: classNames },
  };
}
