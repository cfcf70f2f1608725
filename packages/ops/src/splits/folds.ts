import type { LabelledExamples } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import { randomStream } from "../runtime/random.ts";

/**
 * Which fold (from 0) each example is in. A patient's examples, a bag's, and identical images share a fold; every fold has about
 * the same share of each class. The largest groups are placed first, each where its classes are rarest so far; equals go by
 * a shuffle that hangs on the number of folds alone.
 * @throws OpError `too-few-groups`
 */
export function assignFolds(examples: LabelledExamples, folds: number): Int32Array {
  const groups = shuffled(gatherGroups(examples), folds);
  if (groups.length < folds) {
    throw new OpError(
      "too-few-groups",
      `The training split has ${String(groups.length)} patients (or images without one), too few for ${String(folds)} folds.`,
      "Ask for fewer folds.",
    );
  }
  groups.sort((a, b) => b.rows.length - a.rows.length);
  const width = groups[0]?.counts.length ?? 0;
  const totals = new Float64Array(width);
  for (const { counts } of groups) counts.forEach((count, place) => (totals[place]! += count));
  const filled = Array.from({ length: folds }, () => new Float64Array(width));

  const assigned = new Int32Array(examples.examples.length);
  for (const { rows, counts } of groups) {
    const loads = filled.map((fold) => {
      return counts.reduce(
        (load, count, place) => (count === 0 ? load : load + (count * fold[place]!) / totals[place]!),
        0,
      );
    });
    const best = loads.indexOf(Math.min(...loads));
    counts.forEach((count, place) => (filled[best]![place]! += count));
    for (const row of rows) assigned[row] = best;
  }
  return assigned;
}

interface Group {
  readonly rows: number[];
  /** Examples of each class and, last, of any. */
  readonly counts: readonly number[];
}

function gatherGroups({ problem, classNames, examples, labels }: LabelledExamples): readonly Group[] {
  const keys = mergeKeys(
    examples.map(({ group, digest, bag }) => [
      `digest:${digest}`,
      ...(group === null ? [] : [`group:${group}`]),
      ...(bag === undefined ? [] : [`bag:${bag}`]),
    ]),
  );
  const rowsOf = new Map<number, number[]>();
  keys.forEach((key, row) => {
    const rows = rowsOf.get(key);
    if (rows === undefined) rowsOf.set(key, [row]);
    else rows.push(row);
  });
  const classesOf = (row: number): readonly number[] =>
    problem === "multi-label"
      ? [...labels.values.subarray(row * labels.width, (row + 1) * labels.width).entries()].flatMap(([label, flag]) =>
          flag === 1 ? [label] : [],
        )
      : [labels.values[row]!];
  return [...rowsOf.values()].map((rows) => {
    const counts = Array.from({ length: classNames.length + 1 }, () => 0);
    for (const row of rows) for (const place of [...classesOf(row), classNames.length]) counts[place]! += 1;
    return { rows, counts };
  });
}

/** Rows that share any key, directly or through others, get one number. */
function mergeKeys(keys: readonly (readonly string[])[]): readonly number[] {
  const parents = keys.map((_, row) => row);
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root]!;
    for (let place = row; place !== root;) {
      const next = parents[place]!;
      parents[place] = root;
      place = next;
    }
    return root;
  };
  const firsts = new Map<string, number>();
  keys.forEach((names, row) => {
    for (const name of names) {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, row);
      else parents[rootOf(row)] = rootOf(first);
    }
  });
  return keys.map((_, row) => rootOf(row));
}

function shuffled(groups: readonly Group[], folds: number): Group[] {
  const random = randomStream(0, "folds", folds);
  const order = [...groups];
  for (let place = order.length - 1; place > 0; place--) {
    const other = random.integer(place + 1);
    [order[place], order[other]] = [order[other]!, order[place]!];
  }
  return order;
}
