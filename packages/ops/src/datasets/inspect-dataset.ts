import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { OpContext } from "../op-context.ts";
import type { OpError } from "../op-error.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { findFormat } from "./dataset-readers.ts";
import { comparePublished, countClasses, countDistinct, countImages, findLacking } from "./inspect-counts.ts";
import { findIdentical } from "./inspect-identical.ts";
import { inspectFiles, inspectThroughReader, type InspectedImage } from "./inspect-images.ts";
import { inspectLeaks } from "./inspect-leaks.ts";
import { summariseSizes } from "./inspect-sizes.ts";
import type { DatasetFault, DatasetInspection, ImageFault } from "./inspection.ts";

export interface InspectOptions {
  readonly signal: AbortSignal;
  /** How far listing is, where the op has to go through everything for that (in its own units), then how many images are read. */
  readonly progress: (step: "listing" | "reading", done: number, total: number) => void;
}

/**
 * Reads and decodes every image of a data set and says what the set holds. What is wrong with one image keeps nothing from
 * the others.
 * @param op the name of the data set's constructor
 * @param params complete with defaults
 * @throws OpError where it cannot be said what the set holds, e.g. its file is missing; the signal's reason
 */
export async function inspectDataset(
  op: string,
  params: Readonly<Record<string, unknown>>,
  options: InspectOptions,
): Promise<DatasetInspection> {
  const format = findFormat(op);
  const { index, problems, leftOut = [], images } = await readAll(format, params, options);
  const digests = images.map(({ digest }) => digest);
  const [counts, classes] = [countImages(index), countClasses(index)];
  const identical = findIdentical(index, digests);
  const faults = images.flatMap(({ fault }, row) => (fault === null ? [] : [describeImage(index, row, fault)]));
  const patients = countDistinct(
    index.examples.map(({ group }) => group),
    index.splits,
  );
  return {
    problem: index.problem,
    images: counts,
    classes,
    patients,
    bags: countDistinct(
      index.examples.map(({ bag }) => bag),
      index.splits,
    ),
    problems: problems.map(describeFault),
    leftOut: leftOut.map(describeFault),
    notes: index.notes ?? [],
    missing: faults.filter(({ code }) => code === "file-missing"),
    unreadable: faults.filter(({ code }) => code !== "file-missing"),
    sizes: summariseSizes(images.flatMap(({ shape }) => (shape === null ? [] : [shape]))),
    identical,
    ...inspectLeaks(index, digests),
    lacking: findLacking(classes, counts),
    published: comparePublished(format.published?.(params, counts) ?? null, { images: counts, classes, patients }),
  };
}

interface ReadDataset {
  readonly index: DatasetIndex;
  readonly problems: readonly OpError[];
  readonly leftOut?: readonly OpError[];
  /** One for each example. */
  readonly images: readonly InspectedImage[];
}

async function readAll(
  { op, open, list }: DatasetFormat,
  params: Readonly<Record<string, unknown>>,
  { signal, progress }: InspectOptions,
): Promise<ReadDataset> {
  const pseudonym = createNumbering();
  const tellOf = (step: "listing" | "reading") => (done: number, total: number) => progress(step, done, total);
  const reading = { signal, progress: tellOf("reading") };
  const throughReader = async (index: DatasetIndex): Promise<readonly InspectedImage[]> => {
    const reader = await open(params);
    try {
      return await inspectThroughReader(index.examples, reader, reading);
    } finally {
      await reader.close();
    }
  };
  if (list !== undefined) {
    const listed = await list(params, { pseudonym, signal, progress: tellOf("listing") });
    const { index, problems, leftOut = [] } = listed;
    const images = "decode" in listed ? inspectFiles(index.examples, listed, reading) : throughReader(index);
    return { index, problems, leftOut, images: await images };
  }
  const context: OpContext = {
    ...{ params, inputs: {}, fileDigests: {}, threads: 1, device: "cpu" },
    ...{ pseudonym, signal, progress: tellOf("listing") },
  };
  const index = (await op.run(context)) as DatasetIndex;
  return { index, problems: [], images: await throughReader(index) };
}

/** Stands in for the store's keyed hashes: here patients are only told apart. */
function createNumbering(): OpContext["pseudonym"] {
  const numbers = new Map<string, string>();
  return (identifier) => {
    const number = numbers.get(identifier) ?? String(numbers.size + 1);
    numbers.set(identifier, number);
    return number;
  };
}

function describeImage({ examples, splits }: DatasetIndex, row: number, fault: OpError): ImageFault {
  return { id: examples[row]!.id, split: splits[row]!, ...describeFault(fault) };
}

function describeFault({ code, message, hint }: OpError): DatasetFault {
  return { code, message, hint };
}
