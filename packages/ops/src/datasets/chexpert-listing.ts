import { splitNames, type SplitName } from "@exp-lab/dsl";
import { basename, join } from "node:path";
import type { SourceFile } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import { findChexpertFiles, listStudy, type ChexpertFiles } from "./chexpert-files.ts";
import { cellValues, readChexpertList, type ChexpertList } from "./chexpert-labels.ts";
import { uncertainClass, valueOfUncertain } from "./csv-flags.ts";
import { readSourceFile } from "./file-images.ts";
import type { ListedImage, ListedImages } from "./listed-images.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { areReadable } from "./readable-files.ts";
import { placeIn } from "./folder-entries.ts";

export interface ChexpertOptions {
  readonly root: string;
  readonly classes: readonly string[];
  readonly projections: "frontal" | "all";
  readonly uncertain: "ignore" | "zeros" | "ones" | "class";
  readonly blank: "zeros" | "ignore";
  /** True: whether each image is there is asked now, since those that are not are left out. */
  readonly isSkipping: boolean;
}

/** The images of train.csv, valid.csv and, if there is one, the list of test labels, in that order. @throws OpError */
export async function listChexpert(options: ChexpertOptions): Promise<ListedImages> {
  const { root, classes, isSkipping } = options;
  const files = await findChexpertFiles(root);
  const lists: SourceFile[] = [];
  let rows: readonly ChexpertRow[] = [];
  for (const split of splitNames) {
    const place = files.lists[split];
    if (place === null) continue;
    const source = { name: basename(place), path: join(root, place) };
    lists.push(source);
    rows = rows.concat(await readSplit(source, split, { files, options }));
  }
  refuseRepeats(rows);
  const present = isSkipping ? await areReadable(rows.map(({ image }) => join(root, image.locator ?? ""))) : null;
  return {
    problem: "multi-label",
    classNames: options.uncertain === "class" ? [...classes, uncertainClass] : classes,
    labels: labelsOf(rows, options),
    images: rows.map(({ image }, row) => (present?.[row] === false ? { ...image, locator: null } : image)),
    lists,
    ...(files.lists.test === null && { notes: [withoutTest] }),
  };
}

const withoutTest =
  "CheXpert without a test split: no labels of its 500 test patients were found (test_labels.csv or groundtruth.csv). Validation is CheXpert's own (200 patients).";

interface ChexpertRow {
  readonly image: ListedImage;
  /** One of `cellValues` for each class. */
  readonly cells: Int8Array;
}

interface Surroundings {
  readonly files: ChexpertFiles;
  readonly options: ChexpertOptions;
}

async function readSplit(
  source: SourceFile,
  split: SplitName,
  { files, options }: Surroundings,
): Promise<readonly ChexpertRow[]> {
  const { classes, root, projections } = options;
  const isKept = (name: string): boolean => projections === "all" || !name.includes("_lateral.");
  const list = readChexpertList(source.path, await readSourceFile(source), { classes, isKept });
  const rowOf = (row: number, name: string): ChexpertRow => {
    const patient = name.slice(0, name.indexOf("/"));
    const folder = files.folders.get(patient);
    const locator = folder === undefined || isStudy(name) ? null : placeIn(folder, name);
    const place = `${list.file} line ${String(list.rows[row]!.line)}`;
    return { image: { name, locator, split, patient, place }, cells: cellsOf(list, row, classes.length) };
  };
  if (list.of === "images") return list.rows.map(({ name }, row) => rowOf(row, name));
  const studies = await mapConcurrently(list.rows, ({ name }) => viewsOf(root, files, name), { limit: studiesAtOnce });
  return studies.flatMap((names, row) => names.filter(isKept).map((name) => rowOf(row, name)));
}

const studiesAtOnce = 16;

function isStudy(name: string): boolean {
  return name.split("/").length === 2;
}

/** A study without images stands for them itself: it is then told as a missing image. */
async function viewsOf(root: string, { folders }: ChexpertFiles, study: string): Promise<readonly string[]> {
  const folder = folders.get(study.slice(0, study.indexOf("/")));
  const views = folder === undefined ? [] : await listStudy(root, folder, study);
  return views.length === 0 ? [study] : views;
}

function cellsOf({ cells }: ChexpertList, row: number, width: number): Int8Array {
  return cells.subarray(row * width, (row + 1) * width);
}

function refuseRepeats(rows: readonly ChexpertRow[]): void {
  const places = new Map<string, string | undefined>();
  for (const { image } of rows) {
    if (places.has(image.name)) {
      throw new OpError(
        "csv-path-twice",
        `${image.place ?? ""}: ${image.name} stands in ${places.get(image.name) ?? ""} already.`,
        "Each image stands once, in one list.",
      );
    }
    places.set(image.name, image.place);
  }
}

function labelsOf(
  rows: readonly ChexpertRow[],
  { classes, uncertain, blank }: ChexpertOptions,
): ListedImages["labels"] {
  const hasClass = uncertain === "class";
  const width = classes.length + (hasClass ? 1 : 0);
  const values = new Int32Array(rows.length * width);
  rows.forEach(({ cells }, row) => {
    cells.forEach((cell, label) => {
      values[row * width + label] = flagOf(cell, uncertain, blank);
    });
    if (hasClass) values[(row + 1) * width - 1] = Number(cells.includes(cellValues.uncertain));
  });
  return { width, values };
}

/** 0, 1, or -1 for what is not known. */
function flagOf(cell: number, uncertain: ChexpertOptions["uncertain"], blank: ChexpertOptions["blank"]): number {
  if (cell === cellValues.blank) return blank === "ignore" ? -1 : 0;
  return cell === cellValues.uncertain ? valueOfUncertain[uncertain] : cell;
}
