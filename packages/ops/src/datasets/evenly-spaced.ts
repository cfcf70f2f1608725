import type { SplitName } from "@exp-lab/dsl";
import { roundHalfToEven } from "../images/round-half-to-even.ts";

/** Picks places, ascending and each once, from 0 to `total - 1`. */
export type PickPlaces = (total: number) => readonly number[];

/** `count` of `total` places at even steps from the first on, as `numpy.arange(0, total, total / count).round()` gives them. */
export function evenlySpaced(total: number, count: number): readonly number[] {
  const step = total / count;
  return Array.from({ length: count }, (_, index) => roundHalfToEven(index * step));
}

/** As great a share as `part` of `of` places, at even steps. */
export function share(part: number, of: number): PickPlaces {
  return (total) => evenlySpaced(total, roundHalfToEven((total * part) / of));
}

/** The first place, and then one in so many. */
export function everyNth(step: number): PickPlaces {
  return (total) => Array.from({ length: Math.ceil(total / step) }, (_, index) => index * step);
}

/** Which of an ordered list go into which split. */
export interface SplitRule {
  readonly test: PickPlaces;
  /** Of those that test leaves. */
  readonly val: PickPlaces;
}

/** The split of each of so many, in order: first test takes its share, then val of the rest. */
export function splitByPlace(total: number, { test, val }: SplitRule): readonly SplitName[] {
  const splits = new Array<SplitName>(total).fill("train");
  for (const place of test(total)) splits[place] = "test";
  const rest = [...splits.keys()].filter((place) => splits[place] === "train");
  for (const place of val(rest.length)) splits[rest[place]!] = "val";
  return splits;
}
