import type { SplitName } from "@exp-lab/dsl";
import { basename } from "node:path";
import { OpError } from "../op-error.ts";
import { nihImageName, nihPatient, type NihRow } from "./nih-labels.ts";

/** How the validation split is taken from NIH's list of training and validation images; never an image of the test list. */
export type NihVal = "baharoon2023" | "patients" | "none";

/** One of NIH's lists of images: `train_val_list.txt` or `test_list.txt`. */
export interface NihList {
  /** Its name, for messages. */
  readonly file: string;
  /** Images in the list's order, each with its line (from 1). */
  readonly lines: ReadonlyMap<string, number>;
}

/** @throws OpError naming file and line: no image's name, one that stands there already, or no line at all */
export function readNihList(path: string, bytes: Uint8Array): NihList {
  const file = basename(path);
  const lines = new Map<string, number>();
  // Names are ASCII: any other byte is refused with its line.
  for (const [index, text] of new TextDecoder("latin1").decode(bytes).split("\n").entries()) {
    const name = text.trim();
    if (name === "") continue;
    const place = `${file} line ${String(index + 1)}`;
    if (!nihImageName.test(name)) {
      throw new OpError(
        "list-bad-line",
        `${place} is no image's name: ${JSON.stringify(name.slice(0, 40))}.`,
        "Expected one name a line, such as 00000001_000.png; fetch NIH's list again.",
      );
    }
    const earlier = lines.get(name);
    if (earlier !== undefined) throw listedTwice(place, name, `line ${String(earlier)}`);
    lines.set(name, index + 1);
  }
  if (lines.size > 0) return { file, lines };
  throw new OpError("list-empty", `${file} names no image.`, "Fetch NIH's list again.");
}

export interface NihLists {
  readonly trainVal: NihList;
  readonly test: NihList;
}

/** The first patient of the study's validation split: its images and those of later patients are the last 10,002 of NIH's list. */
const firstValPatient = 25_513;

/** With `val: patients`, every so many patients one is of the validation split. */
const patientsPerVal = 8;

/**
 * Every row's split, by NIH's own lists. All images of a patient of `train_val_list.txt` are in one split.
 * @param onProblem called with lists that name images without a row: these are left out where the set is only looked at
 * @throws OpError where a row is in no list or in both, or nothing is left to train on or to validate with
 */
export function nihSplits(
  rows: readonly NihRow[],
  { trainVal, test }: NihLists,
  { val, onProblem }: { readonly val: NihVal; readonly onProblem: (problem: OpError) => void },
): readonly SplitName[] {
  const isVal = valRule(trainVal, val);
  const unlisted: string[] = [];
  const splits = rows.map(({ name }): SplitName => {
    const inTest = test.lines.get(name);
    if (!trainVal.lines.has(name)) {
      if (inTest === undefined) unlisted.push(name);
      return "test";
    }
    if (inTest !== undefined) throw listedTwice(`${test.file} line ${String(inTest)}`, name, trainVal.file);
    return isVal(nihPatient(name)) ? "val" : "train";
  });
  if (unlisted.length > 0) {
    throw new OpError(
      "image-unlisted",
      `Neither ${trainVal.file} nor ${test.file} names ${someOf(unlisted)}, so that no split is known.`,
      "Fetch NIH's lists again; `csv` reads a set with splits of its own.",
    );
  }
  const named = new Set(rows.map(({ name }) => name));
  for (const list of [trainVal, test]) {
    const unknown = [...list.lines.keys()].filter((name) => !named.has(name));
    if (unknown.length > 0) onProblem(unlabelled(list, unknown));
  }
  return splits;
}

/** Of a patient of the list, by number. */
function valRule({ file, lines }: NihList, val: NihVal): (patient: number) => boolean {
  if (val === "none") return () => false;
  const patients = [...new Set([...lines.keys()].map(nihPatient))].sort((a, b) => a - b);
  const ofVal = new Set(
    patients.filter((patient, index) =>
      val === "baharoon2023" ? patient >= firstValPatient : index % patientsPerVal === patientsPerVal - 1,
    ),
  );
  if (ofVal.size > 0 && ofVal.size < patients.length) return (patient) => ofVal.has(patient);
  throw new OpError(
    "split-empty",
    `With \`val: ${val}\` the ${String(patients.length)} patients of ${file} leave nothing ${ofVal.size === 0 ? "to validate with" : "to train on"}.`,
    "That list is a part of NIH's alone; with eight patients at least `val: patients` finds a share, `val: none` takes none.",
  );
}

function unlabelled({ file, lines }: NihList, names: readonly string[]): OpError {
  const line = lines.get(names[0] ?? "") ?? 0;
  return new OpError(
    "image-unlabelled",
    `${file} names ${someOf(names)} (line ${String(line)}), of which the labels say nothing.`,
    "The file of labels may be cut short: fetch it again.",
  );
}

function listedTwice(place: string, name: string, earlier: string): OpError {
  return new OpError(
    "image-listed-twice",
    `${place}: ${name} stands in ${earlier} already.`,
    "Each image is named once, in one list: fetch NIH's lists again.",
  );
}

/** `00000001_000.png`, or `3 images, 00000001_000.png first`. */
function someOf(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `${String(names.length)} images, ${names[0] ?? ""} first`;
}
