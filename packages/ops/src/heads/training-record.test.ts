import { describe, expect, it } from "vitest";
import { featuresOf, labelledExamples, runSingleOp } from "../../../../tests/ops/run-single-op.ts";
import type { AttentionClassifier } from "../artifacts/attention.ts";
import type { Chosen } from "../artifacts/choice.ts";
import type { Classifier } from "../artifacts/classifier.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import type { FeatureMatrix } from "../artifacts/features.ts";
import type { KindName } from "../artifacts/kinds.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import type { InputValue } from "../op-context.ts";
import type { Op } from "../op.ts";
import { predictBags } from "./attention/predict-bags.ts";
import { heads } from "./heads.ts";
import { predict } from "./predict.ts";
import { noteOfSearch } from "./to-predictions.ts";

const short = "The split train has fewer than 16 images of these classes to draw: class 0 (3).";
const shared = "Features of both splits come from a file.";
const ofTest = "Something about the split test.";
const ofSearch = "The search chose lr 1, the largest value of its grid.";

/** All that learn from training examples: a head that comes later is among them by itself. */
const learners = heads.filter(({ signature }) =>
  Object.values(signature.inputs).some(({ kind, split }) => kind === "examples" && split === "train"),
);

describe.each(learners.map((op) => ({ op, name: op.signature.name })))("$name", ({ op, name }) => {
  it("says of its training examples what they say of themselves, once, beside what is scored", async () => {
    const { notes } = await learnAndPredict(op, name === "mlknn");
    expect(notes.slice(0, 2)).toEqual([ofTest, shared]);
    for (const note of [short, ofSearch, shared]) expect(notes.filter((each) => each === note)).toEqual([note]);
    // What the search had to say of the same training examples is said already.
    expect(notes).not.toContain(noteOfSearch(short));
  });
});

it("is held to by every head that learns", () => {
  const names = learners.map(({ signature }) => signature.name);
  expect(names).toEqual(["knn", "mlknn", "knn_or_mlknn", "logistic", "linear", "attention"]);
});

async function learnAndPredict(op: Op, severalLabels: boolean): Promise<Predictions> {
  const training = dataOf("train", severalLabels, [short]);
  const asked = dataOf("test", severalLabels, [ofTest]);
  const choice: Chosen = { settings: {}, notes: [ofSearch, noteOfSearch(short)] };
  const answer = await run(op, {
    trainFeatures: training.features,
    trainExamples: training.examples,
    ...(op.signature.inputs["trainExamples"] === undefined ? training : asked),
    choice,
  });
  switch (op.signature.output) {
    case "classifier":
      return runSingleOp(predict, "predictions", { inputs: { ...asked, classifier: answer as Classifier } });
    case "attention":
      return runSingleOp(predictBags, "predictions", {
        inputs: { ...asked, attention: answer as AttentionClassifier },
      });
    default:
      return answer as Predictions;
  }
}

interface Data {
  readonly examples: ExampleSet;
  readonly features: FeatureMatrix;
}

function dataOf(split: string, severalLabels: boolean, notes: readonly string[]): Data {
  const labels = severalLabels ? [0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0] : [0, 1, 0, 1, 0, 1];
  const examples = labelledExamples(split, severalLabels ? "multi-label" : "binary", 2, labels);
  const features = featuresOf(examples, 1, [1, 5, 2, 6, 3, 7]);
  return { examples: { ...examples, notes }, features: { ...features, notes: [shared] } };
}

/** A head as the runner calls it: small enough to be quick, whatever it is. */
async function run(op: Op, given: Readonly<Record<string, InputValue["value"]>>): Promise<unknown> {
  const { params: specs, inputs: wanted } = op.signature;
  const defaults = Object.entries(specs).map(([name, spec]) => [name, "default" in spec ? spec.default : null]);
  const small = { k: 2, epochs: 2 };
  const params = {
    ...(Object.fromEntries(defaults) as Readonly<Record<string, null>>),
    ...Object.fromEntries(Object.entries(small).filter(([name]) => name in specs)),
  };
  const named = Object.entries(given).flatMap(([name, value]): (readonly [string, InputValue])[] => {
    const kind = name === "choice" ? "chosen" : (wanted[name]?.kind as KindName | undefined);
    return kind === undefined ? [] : [[name, { kind, value, origin: { op: "test", params: {} } }]];
  });
  const context = {
    params,
    inputs: Object.fromEntries(named),
    fileDigests: {},
    threads: 1,
    device: "cpu" as const,
    pseudonym: (identifier: string) => identifier,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  if (op.shape === "single") return op.run(context);
  if (op.shape !== "fused") throw new Error(`${op.signature.name} learns one example at a time.`);
  const [answer] = await op.run({ ...context, members: [params] });
  if (answer === undefined || !("value" in answer)) throw new Error("The head gave no answer.");
  return answer.value;
}
