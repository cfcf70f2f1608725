import { compareCodeUnits } from "./class-names.ts";
import type { SliceFacts } from "./slice-format.ts";

interface OrderedFile {
  readonly name: string;
  readonly facts: SliceFacts;
}

/**
 * Bags in the order of their first files, and the files of a bag as they lie in the body: series after series, each by
 * position along its normal where all of its files have one, else by instance number, else by name. Files without a bag
 * stay where they are.
 */
export function orderByBag<File extends OrderedFile>(files: readonly File[]): readonly File[] {
  const groups = groupBy(files, ({ name, facts }) => (facts.bag === null ? `file ${name}` : `bag ${facts.bag}`));
  return groups.flatMap((bag) => groupBy(bag, ({ facts }) => facts.series ?? "").flatMap(orderSeries));
}

function orderSeries<File extends OrderedFile>(series: readonly File[]): readonly File[] {
  const compare = [
    ...(["position", "instanceNumber"] as const)
      .filter((fact) => series.every(({ facts }) => facts[fact] !== null))
      .map((fact) => (a: File, b: File) => a.facts[fact]! - b.facts[fact]!),
    (a: File, b: File) => compareCodeUnits(a.name, b.name),
  ];
  return [...series].sort((a, b) => {
    for (const each of compare) {
      const order = each(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
