import type { ExampleSet } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import type { OpContext } from "../op-context.ts";
import { prepareRows, type ComparedRows, type RowSettings } from "./compared-rows.ts";
import { toPredictions } from "./to-predictions.ts";
import { trainingRecord } from "./training-record.ts";

/** How the nearest training examples are asked. */
export interface NeighbourVote<Settings> {
  /** Scores [examples, classes], row-major. */
  readonly predict: (rows: ComparedRows, settings: Settings) => Promise<Float64Array>;
  /** One note per class that no training example has. */
  readonly describeAbsent: (training: ExampleSet) => readonly string[];
  /** What has to be said of how the vote came out. */
  readonly describeVote?: (rows: ComparedRows, settings: Settings) => readonly string[];
  /** What else a reader must know, e.g. which vote was taken. */
  readonly notes?: readonly string[];
}

/** What every head that compares rows does; nothing is fitted. @throws OpError of `prepareRows` and of the vote */
export async function predictByNeighbours<Settings extends RowSettings>(
  context: OpContext,
  settings: Settings,
  { predict, describeAbsent, describeVote = () => [], notes = [] }: NeighbourVote<Settings>,
): Promise<Predictions> {
  const rows = prepareRows(context, settings);
  const scores = await predict(rows, settings);
  const { trainExamples } = rows;
  const own = [...notes, ...describeVote(rows, settings), ...describeAbsent(trainExamples)];
  const record = trainingRecord(context, trainExamples, own);
  return toPredictions(rows.examples, scores, record);
}
