import type { ExampleSet } from "../artifacts/examples.ts";

/**
 * How many stored views each image has: 1 where the rows are the images as they are. Row i · views + k is view k of image i.
 * @throws Error where the rows lie otherwise
 */
export function viewsPerImage({ examples }: ExampleSet): number {
  if (examples.every(({ view }) => view === undefined)) return 1;
  const views = 1 + examples.reduce((most, { view }) => Math.max(most, view?.index ?? -1), 0);
  examples.forEach(({ id, view }, row) => {
    const first = examples[row - (row % views)]?.view;
    if (view?.index === row % views && view.of === first?.of) return;
    throw new Error(`Example ${id} in row ${String(row)} is not view ${String(row % views)} of its image.`);
  });
  if (examples.length % views !== 0) throw new Error("The last image lacks some of its views.");
  return views;
}
