import type { FeatureMatrix } from "../artifacts/features.ts";
import type { ExampleSet } from "../artifacts/examples.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { rowWidth, type RowLayout } from "../rows.ts";
import { matchRows } from "./match-rows.ts";
import { findFloatArrays, joinRows, loadRows, sameIn, type NumericRows } from "./numeric-rows.ts";
import { listNames, openOwnFile, requireArrays, type OwnFile } from "./own-file.ts";
import { noteOfFile, ownInputs, ownParams } from "./own-params.ts";
import { readRowNames, type RowNames } from "./row-names.ts";

const signature = {
  name: "features",
  version: 1,
  summary: "Features that were computed elsewhere, from a file: a row for each example.",
  use: "constructor",
  role: "backbone",
  params: {
    ...ownParams,
    parts: {
      type: "list",
      items: { type: "string", summary: "The name of an array." },
      summary:
        "The arrays (columns) to take, each a part of the features; by default features, or all arrays of floats.",
      minLength: 1,
      default: null,
    },
  },
  inputs: ownInputs,
  output: "features",
  facts: { ofFiles: true },
} as const;

/**
 * In place of a network and its extraction. Rows come in the order of the examples, as float32; a head takes the first
 * part unless the file's array `default_part` or the head names another.
 */
export const featuresFromFile: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<FeatureMatrix> => {
    const params = paramsOf(signature, context);
    const examples = inputOf(context, "examples", "examples");
    const own = await openOwnFile(params.file.path);
    try {
      const rows = await readRowNames(own, params);
      const parts = await loadParts(own, rows, params.parts);
      const places = matchRows({
        own,
        rows,
        examples,
        dataset: inputOf(context, "dataset", "dataset"),
        extra: params.extra,
        isSame: sameIn(parts),
      });
      const layout = {
        parts: parts.map(({ name, width }) => ({ name, width })),
        defaultPart: await defaultPart(own, parts),
      };
      return {
        layout,
        digests: examples.examples.map(({ digest }) => digest),
        data: gatherRows({ own, parts, places, layout, examples }),
        notes: [noteOfFile("Features", context.fileDigests)],
      };
    } finally {
      await own.close();
    }
  },
};

async function loadParts(
  own: OwnFile,
  rows: RowNames,
  wanted: readonly string[] | null,
): Promise<readonly NumericRows[]> {
  requireArrays(own, wanted ?? []);
  const names = wanted ?? (own.names.includes(usualName) ? [usualName] : await findFloatArrays(own, rows, 2));
  if (names.length > 0) return loadAll(own, names, rows);
  const columns = await findFloatArrays(own, rows, 1);
  if (columns.length > 0) return [joinRows(usualName, await loadAll(own, columns, rows), rows.names.length)];
  throw new OpError(
    "own-array-unknown",
    `${own.file} has no array of floats with ${String(rows.names.length)} rows, one for each name in ${rows.array}; it holds ${listNames(own.names)}.`,
    "Save the features as an array [examples, features], or name the arrays by `parts`.",
  );
}

const usualName = "features";

async function loadAll(own: OwnFile, names: readonly string[], rows: RowNames): Promise<readonly NumericRows[]> {
  const all: NumericRows[] = [];
  for (const name of names) all.push(await loadRows(own, name, rows));
  return all;
}

/** Our own exports say which one the backbone has by default. */
async function defaultPart(own: OwnFile, parts: readonly NumericRows[]): Promise<string> {
  const said = own.names.includes("default_part") ? await own.load("default_part") : null;
  const name = said?.holds === "strings" ? said.values[0] : undefined;
  return (parts.find((part) => part.name === name) ?? parts[0]!).name;
}

interface Gathering {
  readonly own: OwnFile;
  readonly parts: readonly NumericRows[];
  /** The row of the file for each example. */
  readonly places: readonly number[];
  readonly layout: RowLayout;
  readonly examples: ExampleSet;
}

function gatherRows({ own, parts, places, layout, examples }: Gathering): Float32Array {
  const stride = rowWidth(layout);
  const data = new Float32Array(places.length * stride);
  let start = 0;
  for (const { name, width, values } of parts) {
    places.forEach((place, row) => {
      for (let at = 0; at < width; at += 1) {
        const value = values[place * width + at]!;
        const slot = row * stride + start + at;
        data[slot] = value;
        if (!Number.isFinite(data[slot])) {
          const where = `Feature ${String(at)} of ${name} in ${own.file}`;
          throw new OpError(
            "own-value-not-finite",
            `${where} is ${String(value)} for example ${examples.examples[row]?.id ?? ""}.`,
            "A head needs finite numbers within float32.",
          );
        }
      }
    });
    start += width;
  }
  return data;
}
