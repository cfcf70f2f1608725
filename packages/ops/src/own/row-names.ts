import { OpError } from "../op-error.ts";
import { listNames, requireArrays, type OwnFile } from "./own-file.ts";

/** What tells the rows of a file apart. */
export interface RowNames {
  /** `id`: the data set's own; `digest`: SHA-256 (hex) of an example's bytes. */
  readonly key: "id" | "digest";
  readonly names: readonly string[];
  /** The array that they were read from. */
  readonly array: string;
}

export interface RowNamesWanted {
  /** The array that names the rows; null: by its usual name. */
  readonly ids: string | null;
  readonly key: "auto" | "id" | "digest";
}

/**
 * Digests are taken before ids where a file has both: they tell the very image that a row was made of.
 * @throws OpError `own-array-unknown`, or `own-ids-missing` where no array names the rows
 */
export async function readRowNames(own: OwnFile, { ids, key }: RowNamesWanted): Promise<RowNames> {
  const array = ids ?? usualArray(own, key);
  requireArrays(own, [array]);
  const found = await own.load(array);
  if (found.shape.length !== 1 || found.holds === "floats") {
    throw new OpError(
      "own-ids-unexpected",
      `The array ${array} of ${own.file} does not name rows: it is of shape (${found.shape.join(", ")}) and holds ${found.holds}.`,
      "It should hold one text or whole number per row.",
    );
  }
  // A table's ids are often numbers, e.g. those of patients.
  const names = Array.from<number | string, string>(found.values, String);
  if (names.length === 0) throw new OpError("own-ids-missing", `The array ${array} of ${own.file} is empty.`);
  const isDigests = key === "digest" || (key === "auto" && names.every(isDigest));
  // Some write hexadecimal digits in capitals.
  if (isDigests) return { key: "digest", names: names.map((name) => name.toLowerCase()), array };
  return { key: "id", names, array };
}

const usualNames = { digest: ["digests", "digest"], id: ["ids", "id"] } as const;

function usualArray(own: OwnFile, key: RowNamesWanted["key"]): string {
  const candidates = key === "auto" ? [...usualNames.digest, ...usualNames.id] : usualNames[key];
  const found = candidates.find((name) => own.names.includes(name));
  if (found !== undefined) return found;
  throw new OpError(
    "own-ids-missing",
    `${own.file} does not say whose rows it holds: it has no array ${candidates.join(" or ")}, but ${listNames(own.names)}.`,
    "Save the examples' ids or digests beside the rows, or name the array that has them by `ids`.",
  );
}

function isDigest(name: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(name);
}
