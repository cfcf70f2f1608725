import { createHash } from "node:crypto";
import type { SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { Example } from "../artifacts/examples.ts";
import type { OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import { plannedDigest } from "./file-images.ts";
import { keepLabels } from "./leave-out.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { readFileBelow } from "./slice-bytes.ts";
import type { SliceFaults } from "./slice-faults.ts";
import { sliceDigest, sliceLocator, type SliceFile, type SliceFormat } from "./slice-format.ts";
import type { FoundLabels, SliceLabels } from "./slice-labels.ts";
import { orderByBag } from "./slice-order.ts";
import { splitByPatient } from "./slice-splits.ts";
import { reportUnmatched } from "./slice-unmatched.ts";
import { tryEach } from "./try-each.ts";

export interface SliceIndexing {
  readonly root: string;
  readonly format: SliceFormat;
  readonly labels: SliceLabels;
  readonly faults: SliceFaults;
  readonly context: SliceContext;
}

export type SliceContext = Pick<OpContext, "pseudonym"> &
  Partial<Pick<OpContext, "signal" | "progress" | "sourceDigests">>;

/**
 * Reads the files and indexes their slices.
 * @param names relative to the root, in order
 * @throws OpError `dataset-empty`, and what faults are stopped at
 */
export async function indexSlices(names: readonly string[], indexing: SliceIndexing): Promise<DatasetIndex> {
  const { format, labels, faults } = indexing;
  const opened = await openAll(names, indexing);
  const found = opened.flatMap((file): LabelledFile[] => {
    const labelled = labels.find(file.name, file.facts);
    return labelled === null ? [] : [{ ...file, ...labelled }];
  });
  reportUnmatched(opened, found, indexing);
  if (found.length === 0) throw emptySet(names, indexing);

  const { splits, notes } = splitsOf(found, format);
  const placed = found.map((file, index) => ({ ...file, patient: patientOf(file), split: splits[index]! }));
  const ordered = orderByBag(placed);
  const rows = ordered.flatMap((file) => file.slices.map(() => file));
  return {
    problem: labels.problem,
    classNames: labels.classNames,
    labels: keepLabels(
      labels.labels,
      rows.map(({ row }) => row),
    ),
    examples: requireDistinct(ordered.flatMap((file) => examplesOf(file, format))),
    splits: rows.map(({ split }) => split),
    ...withNotes([...notes, ...describeStandIns(found), ...describeDoubts(found), ...faults.notes()]),
  };
}

/** What is kept of a file: nothing of its pixels. */
interface IndexedFile extends Pick<SliceFile, "slices" | "facts" | "doubt"> {
  readonly name: string;
  readonly digest: string;
}

type LabelledFile = IndexedFile & FoundLabels;

/** The files that can be read, in order. */
async function openAll(names: readonly string[], indexing: SliceIndexing): Promise<readonly IndexedFile[]> {
  const { format, labels, faults, context } = indexing;
  const { signal, progress, sourceDigests } = context;
  const open = (name: string): Promise<IndexedFile> => openOne(name, indexing);
  const given = { ...(signal !== undefined && { signal }), ...(progress !== undefined && { progress }) };
  const options = { limit: format.filesAtOnce, ...given };
  const wasRead = (name: string): boolean => sourceDigests?.has(name) === true;
  const results = await (faults.isStrict
    ? mapConcurrently(names, open, options)
    : tryEach(names, open, { ...options, wasRead }));
  return results.flatMap((result, index) => {
    if (!(result instanceof OpError)) return [result];
    faults.file(result, labels.splitOf(names[index]!));
    return [];
  });
}

async function openOne(name: string, { root, format, faults, context }: SliceIndexing): Promise<IndexedFile> {
  const bytes = await readFileBelow(root, name);
  const { sourceDigests } = context;
  const planned = sourceDigests === undefined ? null : plannedDigest(name, sourceDigests);
  const { slices, facts, doubt, read } = await format.open(bytes, name, context.pseudonym);
  if (faults.isTrying) {
    for (const { key } of slices) {
      context.signal?.throwIfAborted();
      await read(key, name);
    }
  }
  const digest = planned ?? createHash("sha256").update(bytes).digest("hex");
  return { name, digest, slices, facts, ...(doubt !== undefined && { doubt }) };
}

/** Those that table or folders say, else by patients. */
function splitsOf(
  files: readonly LabelledFile[],
  { guessesPatients = false }: SliceFormat,
): {
  readonly splits: readonly SplitName[];
  readonly notes: readonly string[];
} {
  const stated = files.flatMap(({ split }) => (split === null ? [] : [split]));
  if (stated.length === files.length) return { splits: stated, notes: [] };
  if (guessesPatients) {
    throw new OpError(
      "patients-unknown",
      "No column or folder says the splits, and to draw them by patients it has to be known whose each file is.",
      "Name the table's column of patients by `group`, or write `patient: folder`, or `patient: file` where each file is another patient's.",
    );
  }
  const { splits, note } = splitByPatient(files);
  return { splits, notes: [note] };
}

function examplesOf({ name, digest, slices, facts, patient }: LabelledFile, format: SliceFormat): readonly Example[] {
  return slices.map(({ key, label }) => {
    const id = label === null ? name : `${name}#${label}`;
    const image = { id, digest: sliceDigest(format, digest, key), locator: sliceLocator(name, key), group: patient };
    return facts.bag === null ? image : { ...image, bag: facts.bag };
  });
}

/** A file may be called as a slice of another one is. */
function requireDistinct(examples: readonly Example[]): readonly Example[] {
  const ids = new Set<string>();
  for (const { id } of examples) {
    if (ids.has(id)) throw new OpError("name-twice", `Two images are called ${id}.`, "Rename the file without a `#`.");
    ids.add(id);
  }
  return examples;
}

/** Files that say no patient, as those do that names were taken from: images of one study are of one person, whoever it is. */
function patientOf({ patient, facts }: LabelledFile): string | null {
  return patient ?? facts.study ?? facts.series;
}

function describeStandIns(files: readonly LabelledFile[]): readonly string[] {
  const nameless = files.filter(({ patient }) => patient === null);
  const alone = nameless.filter((file) => patientOf(file) === null).length;
  const counted = (count: number): string => (count === 1 ? "1 file" : `${String(count)} files`);
  return [
    ...(nameless.length > alone
      ? [`Without a patient, so that its study or series stands for one: ${counted(nameless.length - alone)}.`]
      : []),
    ...(alone > 0
      ? [`Without patient, study and series, so that each is counted as a patient: ${counted(alone)}.`]
      : []),
  ];
}

function describeDoubts(files: readonly IndexedFile[]): readonly string[] {
  const doubts = files.flatMap(({ doubt }) => doubt ?? []);
  return [...new Set(doubts)].map((doubt) => {
    const count = doubts.filter((other) => other === doubt).length;
    return `${doubt}: ${count === 1 ? "1 file" : `${String(count)} files`}.`;
  });
}

function withNotes(notes: readonly string[]): Pick<DatasetIndex, "notes"> {
  return notes.length === 0 ? {} : { notes };
}

function emptySet(names: readonly string[], { faults }: SliceIndexing): OpError {
  const what = names.length === 0 ? "There is no file to be read below the root" : "No file is left of the data set";
  const problems = [...faults.problems(), ...faults.leftOut()];
  const reasons = [...faults.notes(), ...problems.map(({ message }) => `The first problem: ${message}`)];
  const [first] = reasons;
  return new OpError(
    "dataset-empty",
    `${what}.${first === undefined ? "" : ` ${first}`}`,
    "Check what `root` and `table` name.",
  );
}
