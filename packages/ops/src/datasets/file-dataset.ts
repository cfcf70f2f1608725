import { createHash } from "node:crypto";
import { join } from "node:path";
import type { OpSignature } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { Example } from "../artifacts/examples.ts";
import { readImageFile } from "../formats/read-image-file.ts";
import type { DecodedImage } from "../images/decoded-image.ts";
import { windowTag, type Window } from "../images/window/window.ts";
import type { OpContext, SourceFile } from "../op-context.ts";
import { OpError, refuse } from "../op-error.ts";
import type { DatasetDescription } from "./dataset-description.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import { hashFiles, openFileImages, plannedDigest, readSourceFile } from "./file-images.ts";
import { describeLeftOut, keepLabels, type LeftOut } from "./leave-out.ts";
import type { ListedImage, ListedImages } from "./listed-images.ts";
import type { FindPublished } from "./published-counts.ts";
import { markUnreadable } from "./readable-files.ts";
import { decodersTried, skips, windowOf } from "./reading-params.ts";
import { tryEach } from "./try-each.ts";

/** A data set whose images are files, one image each. */
export interface FileDataset {
  /** With `readingParams` among its parameters. */
  readonly signature: OpSignature;
  /** @throws OpError where it cannot be said what the data set holds */
  readonly list: ListImages;
  /** Where it is known without the list what files it is made from: they are then listed without reading any. */
  readonly sourceFiles?: (params: Readonly<Record<string, unknown>>) => Promise<readonly SourceFile[]>;
  /** The folder that names are relative to. */
  readonly root: (params: Readonly<Record<string, unknown>>) => string;
  /**
   * For files that are no image of a usual format. `tag` names what is made of them, and changes with it: a function where
   * parameters decide.
   */
  readonly format?: FileFormat | ((params: Readonly<Record<string, unknown>>) => FileFormat);
  readonly published?: FindPublished;
  readonly descriptions?: readonly DatasetDescription[];
}

/** @param onProblem called with what can be passed over where the data set is only looked at; it throws where it is not */
export type ListImages = (
  params: Readonly<Record<string, unknown>>,
  onProblem: (problem: OpError) => void,
) => Promise<ListedImages>;

export interface FileFormat {
  readonly tag: string;
  readonly decode: DecodeFile;
}

type DecodeFile = (bytes: Uint8Array, name: string, window: Window) => Promise<DecodedImage>;

const usualFormat: FileFormat = { tag: "", decode: readImageFile };

/** A data set's op, its reader and its listing, all from one list of its images. */
export function fileDataset(dataset: FileDataset): DatasetFormat {
  const { signature, list, root, format, published, descriptions } = dataset;
  const listWhole = (params: Readonly<Record<string, unknown>>) => list(params, refuse);
  const listedFiles = async (params: Readonly<Record<string, unknown>>): Promise<readonly SourceFile[]> => {
    const { images, lists = [] } = await listWhole(params);
    return [...lists, ...presentFiles(images, root(params), skips(params))];
  };
  const { sourceFiles = listedFiles } = dataset;
  const decodeFor = (params: Readonly<Record<string, unknown>>) => {
    const window = windowOf(params);
    const { decode, tag } = typeof format === "function" ? format(params) : (format ?? usualFormat);
    return {
      decode: (bytes: Uint8Array, name: string) => decode(bytes, name, window),
      digestOf: (fileDigest: string) => imageDigest(fileDigest, tag, window),
    };
  };
  return {
    op: {
      shape: "single",
      signature,
      deterministic: true,
      libraries: [],
      librariesFor: decodersTried,
      sourceFiles: async (params) => {
        const files = await sourceFiles(params);
        return skips(params) ? markUnreadable(files) : files;
      },
      run: async (context) => {
        const { params } = context;
        const listed = await listWhole(params);
        const { decode, digestOf } = decodeFor(params);
        const isSkipping = skips(params);
        const reading = { context, decode, isSkipping, root: root(params) };
        const { digests, leftOut } = await readFiles(listed.images, reading);
        const index = indexOf(listed, context, (row) => digestOf(digests[row] ?? ""));
        return isSkipping ? withoutFiles(index, leftOut) : index;
      },
    },
    open: (params) => {
      const { decode, digestOf } = decodeFor(params);
      return Promise.resolve(openFileImages(root(params), { decode, digestOf }));
    },
    list: async (params, context) => {
      const problems: OpError[] = [];
      const listed = await list(params, (problem) => problems.push(problem));
      const { decode } = decodeFor(params);
      return { index: indexOf(listed, context, () => ""), root: root(params), problems, decode };
    },
    ...(published !== undefined && { published }),
    ...(descriptions !== undefined && { descriptions }),
  };
}

/** A file's own digest where nothing but its bytes decides what the image is. */
function imageDigest(fileDigest: string, tag: string, window: Window): string {
  const through = windowTag(window);
  if (tag === "" && through === "") return fileDigest;
  return createHash("sha256").update(`exp.image-file.1\n${fileDigest}\n${tag}\n${through}\n`).digest("hex");
}

function presentFiles(images: readonly ListedImage[], root: string, isSkipping: boolean): readonly SourceFile[] {
  return images.flatMap((image): SourceFile[] => {
    const { locator } = image;
    // By their places, which the index holds: where they moved, it is another one.
    if (locator !== null) return [{ name: locator, path: `${root}/${locator}` }];
    if (!isSkipping) throw missingImage(image, root);
    return [{ name: image.name, path: `${root}/${image.name}`, isUnreadable: true as const }];
  });
}

function missingImage({ name, place }: ListedImage, root: string): OpError {
  return new OpError(
    "file-missing",
    `${place === undefined ? "" : `${place}: `}the image ${name} is missing or unreadable.`,
    `Looked for it below the root ${root}. \`on_error: skip\` leaves out what cannot be read, and says so under every table.`,
  );
}

interface Reading {
  readonly context: OpContext;
  readonly decode: (bytes: Uint8Array, name: string) => Promise<DecodedImage>;
  readonly isSkipping: boolean;
  readonly root: string;
}

interface ReadFiles {
  /** By row; absent for what is left out. */
  readonly digests: readonly (string | undefined)[];
  readonly leftOut: ReadonlyMap<number, OpError>;
}

/** Files decoded at once where all of them are tried: as many as a decoder's threads. */
const decodedAtOnce = 4;

async function readFiles(
  images: readonly ListedImage[],
  { context, decode, isSkipping, root }: Reading,
): Promise<ReadFiles> {
  if (!isSkipping) {
    const known = knownDigests(images, context);
    return { digests: known ?? (await hashFiles(presentFiles(images, root, false), context)), leftOut: new Map() };
  }
  const { sourceDigests, signal, progress } = context;
  const tryOne = async (image: ListedImage): Promise<string> => {
    if (image.locator === null) throw missingImage(image, root);
    const bytes = await readSourceFile({ name: image.name, path: join(root, image.locator) });
    if (sourceDigests !== undefined) plannedDigest(image.locator, sourceDigests);
    await decode(bytes, image.name);
    return createHash("sha256").update(bytes).digest("hex");
  };
  const wasRead = ({ locator }: ListedImage): boolean => locator !== null && sourceDigests?.has(locator) === true;
  const tried = await tryEach(images, tryOne, { limit: decodedAtOnce, signal, progress, wasRead });
  const leftOut = new Map(tried.flatMap((result, row) => (result instanceof OpError ? [[row, result]] : [])));
  return { digests: tried.map((result) => (result instanceof OpError ? undefined : result)), leftOut };
}

/** Where all files have been read already, as where a run has planned them: nothing is made of a hundred thousand paths. */
function knownDigests(
  images: readonly ListedImage[],
  { sourceDigests }: Pick<OpContext, "sourceDigests">,
): readonly string[] | null {
  if (sourceDigests === undefined) return null;
  const digests: string[] = [];
  for (const image of images) {
    if (image.locator === null) return null;
    digests.push(plannedDigest(image.locator, sourceDigests));
  }
  return digests;
}

function indexOf(
  { problem, classNames, labels, images, notes = [] }: ListedImages,
  { pseudonym }: Pick<OpContext, "pseudonym">,
  digestOf: (row: number) => string,
): DatasetIndex {
  const hashOf = remembering(pseudonym);
  const examples = images.map(({ name, locator, patient = null, bag = null }, row): Example => {
    const group = patient === null ? null : hashOf(patient);
    const example = { id: name, digest: digestOf(row), locator: locator ?? name, group };
    return bag === null ? example : { ...example, bag: hashOf(bag) };
  });
  const index = { problem, classNames, labels, examples, splits: images.map(({ split }) => split) };
  return notes.length === 0 ? index : { ...index, notes };
}

/** A patient has several images, which share one text too. */
function remembering(hash: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? hash(name);
    known.set(name, found);
    return found;
  };
}

/** @throws OpError `dataset-empty` where nothing is left */
function withoutFiles(index: DatasetIndex, leftOut: ReadonlyMap<number, OpError>): DatasetIndex {
  if (leftOut.size === 0) return index;
  const kept = index.examples.flatMap((_, row) => (leftOut.has(row) ? [] : [row]));
  const [[, first] = []] = leftOut;
  if (kept.length === 0) {
    const reason = first === undefined ? "" : ` The first: ${first.message}`;
    throw new OpError("dataset-empty", `None of the data set's images can be read.${reason}`, first?.hint ?? null);
  }
  const files = [...leftOut].map(([row, error]): LeftOut => ({ split: index.splits[row]!, error }));
  return {
    ...index,
    examples: kept.map((row) => index.examples[row]!),
    labels: keepLabels(index.labels, kept),
    splits: kept.map((row) => index.splits[row]!),
    notes: [...(index.notes ?? []), ...describeLeftOut(files)],
  };
}
