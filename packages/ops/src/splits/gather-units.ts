import type { LabelledExamples } from "../artifacts/examples.ts";

/** What a few-shot draw takes as one. */
export interface Unit {
  /** Rows, ascending. */
  readonly rows: readonly number[];
  /** Class indices that one of the rows has. Multi-label: the number of classes stands for a row that has none. */
  readonly inAny: readonly number[];
  /** Class indices that all of the rows have. */
  readonly inAll: readonly number[];
}

/**
 * The units of the examples, in the order of their first rows: images, where a bag is one; or patients, where an image or a bag
 * without a patient is one of its own.
 */
export function gatherUnits(set: LabelledExamples, of: "images" | "patients"): readonly Unit[] {
  const rowsOf = new Map<string, number[]>();
  set.examples.forEach(({ group, bag }, row) => {
    const patient = of === "patients" && group !== null ? `patient ${group}` : null;
    const key = patient ?? (bag === undefined ? `row ${String(row)}` : `bag ${bag}`);
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [row]);
    else rows.push(row);
  });
  return [...rowsOf.values()].map((rows) => {
    const classes = rows.map((row) => classesOf(set, row));
    const [first = [], ...others] = classes;
    return {
      rows,
      inAny: [...new Set(classes.flat())].sort((a, b) => a - b),
      inAll: first.filter((label) => others.every((other) => other.includes(label))),
    };
  });
}

/** Unknown flags are no classes; nor does a row with one count as free of all. */
function classesOf(
  { problem, classNames, labels: { width, values } }: LabelledExamples,
  row: number,
): readonly number[] {
  if (problem !== "multi-label") return [values[row]!];
  const flags = values.subarray(row * width, (row + 1) * width);
  const labels = classNames.flatMap((_, label) => (flags[label] === 1 ? [label] : []));
  return flags.every((flag) => flag === 0) ? [classNames.length] : labels;
}
