import { join } from "node:path";
import { encodeNpz, examplesCodec, predictionsCodec, type Example, type ExampleSet, type NpyArray } from "@exp-lab/ops";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { gatherInputs } from "../../2-execute/gather-inputs.ts";
import type { Store } from "../../store/store.ts";
import type { CommandDefinition } from "../command.ts";
import { keptForLater } from "../command-line.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { writeFile } from "../files.ts";
import { withPlan, type PlannedProgram } from "../with-plan.ts";

/** `exp export features|predictions FILE`: hands what is stored to other programs, as NumPy archives. */
export const exportCommand: CommandDefinition = {
  name: "export",
  summary: "write stored features or predictions as NumPy archives",
  arguments: [
    { name: "what", summary: "features or predictions" },
    { name: "file", summary: "the program" },
  ],
  options: [
    { flags: "--out <folder>", summary: "where to write", default: "exports" },
    {
      flags: "--include-identifiers",
      summary: "add the data set's own ids (file names) to the digests",
    },
  ],
  run: ({ arguments: [what = "", file = ""], options }, terminal) => {
    if (what === "splits") throw keptForLater("exp export splits");
    if (what !== "features" && what !== "predictions") {
      throw new CommandError(
        exitCodes.wrong,
        `\`exp export\` knows "features" and "predictions", but was given "${what}".`,
      );
    }
    const hasIds = options.own["includeIdentifiers"] === true;
    const folder = String(options.own["out"]);
    return withPlan({ file, options, terminal }, async (program) => {
      const files: string[] = [];
      const byId = new Map(program.plan.tasks.map((planned) => [planned.task.id, planned]));
      for (const planned of storedTasks(what, file, program)) {
        const write = what === "features" ? features : predictions;
        const arrays = await write(planned, byId, program.store, hasIds);
        const path = freePath(join(folder, fileName(planned.task.label)), files);
        writeFile(path, encodeNpz(arrays), terminal.watch);
        files.push(path);
        if (!options.json) terminal.out(`${path}\n`);
      }
      if (options.json) terminal.out(`${JSON.stringify({ version: 1, files })}\n`);
      return exitCodes.done;
    });
  },
};

function storedTasks(
  what: "features" | "predictions",
  file: string,
  { plan, hasStore, storeFolder }: PlannedProgram,
): readonly PlannedTask[] {
  const hint = `Run the program first: exp run ${file}`;
  if (!hasStore) throw new CommandError(exitCodes.wrong, `There is no store at ${storeFolder} yet.`, hint);
  const stored = plan.tasks.filter(({ answer, op }) => answer !== null && op.signature.output === what);
  if (stored.length > 0) return stored;
  throw new CommandError(exitCodes.wrong, `No ${what} of ${file} are stored yet.`, hint);
}

type Arrays = Readonly<Record<string, NpyArray>>;
type ById = ReadonlyMap<string, PlannedTask>;

/** features [n, width] with one array per part of the row, labels, digests. */
async function features(planned: PlannedTask, byId: ById, store: Store, hasIds: boolean): Promise<Arrays> {
  const { features: rows } = await gatherInputs({ features: upstream(planned) }, store);
  if (rows?.form !== "rows") throw new Error("Features should be rows.");
  const set = examplesOf(planned, byId, store);
  const count = rows.digests.length;
  const width = rows.layout.parts.reduce((sum, part) => sum + part.width, 0);
  const arrays: Record<string, NpyArray> = {};
  let offset = 0;
  for (const part of rows.layout.parts) {
    const data = new Float32Array(count * part.width);
    for (let row = 0; row < count; row += 1) {
      data.set(rows.data.subarray(row * width + offset, row * width + offset + part.width), row * part.width);
    }
    arrays[part.name] = { shape: [count, part.width], data };
    offset += part.width;
  }
  return { ...arrays, ...labels(set), ...names(set.examples, hasIds) };
}

/** scores [n, classes], labels, digests, class names. */
function predictions(planned: PlannedTask, byId: ById, store: Store, hasIds: boolean): Arrays {
  const bytes = store.readArtifact(upstream(planned).answer.artifact)?.bytes;
  if (bytes === undefined) throw lost(planned);
  const found = predictionsCodec.decode(bytes);
  const set = examplesOf(planned, byId, store);
  if (set.examples.some(({ id }, index) => id !== found.ids[index])) {
    throw new Error(`The predictions of "${planned.task.label}" are not of the examples that it names.`);
  }
  return {
    scores: { shape: [found.ids.length, found.classNames.length], data: found.scores },
    classes: { strings: found.classNames },
    ...labels(found),
    ...names(set.examples, hasIds),
  };
}

function upstream(planned: PlannedTask): { planned: PlannedTask; answer: NonNullable<PlannedTask["answer"]> } {
  if (planned.answer === null) throw lost(planned);
  return { planned, answer: planned.answer };
}

/** The examples of the split that the task was asked for: not those that a head was fitted on. */
function examplesOf(planned: PlannedTask, byId: ById, store: Store): ExampleSet {
  const inputs = Object.entries(planned.op.signature.inputs);
  const asked = inputs.find(([, input]) => input.kind === "examples" && input.split === undefined);
  const source = byId.get(planned.task.inputs[asked?.[0] ?? ""] ?? "");
  const bytes = source?.answer == null ? undefined : store.readArtifact(source.answer.artifact)?.bytes;
  if (bytes === undefined) throw lost(source ?? planned);
  return examplesCodec.decode(bytes);
}

function labels({ labels: { values, width } }: Pick<ExampleSet, "labels">): Arrays {
  const count = values.length / width;
  return { labels: { shape: width === 1 ? [count] : [count, width], data: values } };
}

function names(examples: readonly Example[], hasIds: boolean): Arrays {
  const digests: NpyArray = { strings: examples.map((example) => example.digest) };
  return hasIds ? { digests, ids: { strings: examples.map((example) => example.id) } } : { digests };
}

function lost({ task }: PlannedTask): CommandError {
  return new CommandError(
    exitCodes.environment,
    `The stored answer of "${task.label}" is damaged or gone.`,
    "Run the program again.",
  );
}

/** A label as a file name: `extract · deit · pneumonia · test` -> `extract-deit-pneumonia-test`. */
function fileName(label: string): string {
  return label.replace(/[^A-Za-z0-9._=-]+/g, "-").replace(/^-+|-+$/g, "");
}

/** Labels that differ in punctuation alone would share a file name; the later ones are numbered. */
function freePath(stem: string, taken: readonly string[]): string {
  for (let copy = 1; ; copy += 1) {
    const path = copy === 1 ? `${stem}.npz` : `${stem}-${String(copy)}.npz`;
    if (!taken.includes(path)) return path;
  }
}
