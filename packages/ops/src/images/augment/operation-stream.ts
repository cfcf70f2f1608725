import type { ExampleView } from "../../artifacts/example-view.ts";
import { randomStream, type RandomStream } from "../../runtime/random.ts";

/**
 * What an operation of a view draws from, by its place in the list. Each has a stream of its own, so that what one of them draws
 * is known without carrying out the others.
 */
export function operationStream({ of, drawnBy, index, recipe }: ExampleView, place: number): RandomStream {
  const { operations, seed } = recipe;
  return randomStream(seed, "view", drawnBy ?? of, operations.join(" "), index, place, operations[place] ?? "");
}
