import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import { listNames, requireArrays, type OwnFile } from "./own-file.ts";

export interface ClassColumnsWanted {
  readonly own: OwnFile;
  readonly examples: ExampleSet;
  /** Columns of the file's scores. */
  readonly width: number;
  /** The array that names their classes; null: `classes`, where there is one. */
  readonly wanted: string | null;
}

/**
 * The columns of the scores in the order of the data set's classes; one column where a binary score is of the second class.
 * @throws OpError `own-classes-differ`, `own-class-count` or `own-array-unknown`
 */
export async function classColumns({ own, examples, width, wanted }: ClassColumnsWanted): Promise<readonly number[]> {
  const { problem, classNames } = examples;
  if (width === 1 && problem === "binary") return [0];
  if (width !== classNames.length) {
    const expected = problem === "binary" ? "2 (or 1, that of the second class)" : String(classNames.length);
    throw new OpError(
      "own-class-count",
      `The scores of ${own.file} have ${String(width)} columns; expected are ${expected} for the classes ${listNames(classNames)}.`,
    );
  }
  const named = await readClasses(own, wanted);
  if (named === null) return classNames.map((_, column) => column);
  requireSameClasses({ own, named, classNames });
  return classNames.map((name) => named.indexOf(name));
}

async function readClasses(own: OwnFile, wanted: string | null): Promise<readonly string[] | null> {
  if (wanted === null && !own.names.includes(usualName)) return null;
  const name = wanted ?? usualName;
  requireArrays(own, [name]);
  const array = await own.load(name);
  if (array.holds === "strings" && array.shape.length === 1) return array.values;
  throw new OpError(
    "own-array-unexpected",
    `The array ${name} of ${own.file} is of shape (${array.shape.join(", ")}) and holds ${array.holds}; expected are the names of the classes.`,
  );
}

const usualName = "classes";

interface NamedClasses {
  readonly own: OwnFile;
  readonly named: readonly string[];
  readonly classNames: readonly string[];
}

function requireSameClasses({ own, named, classNames }: NamedClasses): void {
  const isSame = named.length === classNames.length && classNames.every((name) => named.includes(name));
  if (isSame) return;
  throw new OpError(
    "own-classes-differ",
    `${own.file} has scores of the classes ${listNames(named)}, but the data set has ${listNames(classNames)}.`,
    "Name each class of the data set once, in the order of the columns.",
  );
}
