import { join } from "node:path";
import type { OpSignature, PathValue } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { separatorFile } from "./csv-table.ts";
import type { DatasetFormat } from "./dataset-format.ts";
import type { LabelsTableParams, SplitFolderParams } from "./labels-table-params.ts";
import { readLabelsTable } from "./labels-table.ts";
import { markUnreadable } from "./readable-files.ts";
import { decodersTried, skips } from "./reading-params.ts";
import { collectFaults, leaveOutFaults, stopAtFaults, type SliceFaults } from "./slice-faults.ts";
import { listFilesBelow, type FilesBelow } from "./slice-files.ts";
import { classesAsLabels, takeClassFolders } from "./slice-folders.ts";
import type { SliceFormat } from "./slice-format.ts";
import { indexSlices, type SliceContext } from "./slice-index.ts";
import { labelsOfFolders, labelsOfTable, type SliceLabels } from "./slice-labels.ts";
import { openSliceReader } from "./slice-reader.ts";

/** A data set of files that hold several images each, or say in their headers whose they are. */
export interface SlicedDataset {
  /** With the parameters of `SlicedParams`, and `readingParams`. */
  readonly signature: OpSignature;
  /** @throws OpError where parameters contradict each other */
  readonly format: (params: Readonly<Record<string, unknown>>) => SliceFormat;
  /** A file's name as a table writes it whose key is `name`. */
  readonly nameOf: (file: string) => string;
}

export interface SlicedParams extends LabelsTableParams, SplitFolderParams {
  readonly root: PathValue;
  readonly on_error: "stop" | "skip";
}

/**
 * A data set's op, its reader and its listing. Every file is read whole for the index; with `on_error: skip` every slice is
 * decoded too, and a file that has a bad one is left out with all of its slices.
 */
export function slicedDataset({ signature, format, nameOf }: SlicedDataset): DatasetFormat {
  const index = async (
    given: Readonly<Record<string, unknown>>,
    context: SliceContext,
    faults: SliceFaults,
  ): Promise<DatasetIndex> => {
    const params = slicedParams(given);
    const reading = format(given);
    const below = await listBelow(params, reading, faults);
    const { names, labels } =
      params.table === null
        ? labelByFolders(below, params, faults)
        : { names: below.files, labels: await labelByTable({ ...params, table: params.table }, nameOf, context) };
    return indexSlices(names, { root: params.root.path, format: reading, labels, faults, context });
  };
  return {
    op: {
      shape: "single",
      signature,
      deterministic: true,
      libraries: [],
      librariesFor: decodersTried,
      sourceFiles: async (given) => {
        const params = slicedParams(given);
        const below = await listBelow(params, format(given), stopAtFaults());
        const names = params.table === null ? labelByFolders(below, params, stopAtFaults()).names : below.files;
        const files = names.map((name) => ({ name, path: join(params.root.path, name) }));
        const table = params.table === null ? [] : separatorFile(params.table.path);
        return [...table, ...(skips(given) ? await markUnreadable(files) : files)];
      },
      run: async (context) => {
        return index(context.params, context, skips(context.params) ? leaveOutFaults() : stopAtFaults());
      },
    },
    open: async (params) => openSliceReader(slicedParams(params).root.path, format(params)),
    list: async (params, context) => {
      const faults = collectFaults(skips(params));
      return { index: await index(params, context, faults), problems: faults.problems(), leftOut: faults.leftOut() };
    },
  };
}

function slicedParams(params: Readonly<Record<string, unknown>>): SlicedParams {
  return params as unknown as SlicedParams;
}

async function listBelow({ root }: SlicedParams, { isFile }: SliceFormat, faults: SliceFaults): Promise<FilesBelow> {
  const { folders, files } = await listFilesBelow(root.path, faults.problem);
  return { folders, files: files.filter(isFile) };
}

function labelByFolders(
  below: FilesBelow,
  params: SlicedParams,
  faults: SliceFaults,
): { readonly names: readonly string[]; readonly labels: SliceLabels } {
  const folders = takeClassFolders(below, params, faults.problem);
  const classes = classesAsLabels(folders, params.classes);
  return { names: folders.files.map(({ name }) => name), labels: labelsOfFolders(folders, classes) };
}

async function labelByTable(
  params: SlicedParams & { readonly table: PathValue },
  nameOf: SlicedDataset["nameOf"],
  { pseudonym }: SliceContext,
): Promise<SliceLabels> {
  return labelsOfTable(await readLabelsTable(params.table, params, pseudonym), nameOf);
}
