import type { Preset } from "../signature/preset.ts";
import type { OpSignature, ParamValue } from "../signature/signature.ts";
import type { CheckedSearch } from "./checked-program.ts";

interface HeadScope {
  readonly search: CheckedSearch | null;
  readonly constructor: OpSignature | undefined;
  readonly hasShots: boolean;
  readonly preset: Preset | null;
  /** The value of a parameter of the head. */
  readonly valueOf: (param: string) => ParamValue;
}

/** What the fit that is scored learns from: the last one of a search, or the only one of a head without. */
export function lastFitSplits({ search, constructor, valueOf, ...scope }: HeadScope): "train" | "train+val" {
  if (search !== null) return refitOf(search, scope);
  const param = constructor?.joinsVal;
  return param !== undefined && valueOf(param) === true ? "train+val" : "train";
}

/** What the program says; with few shots what a published protocol does; else all there is. */
function refitOf(
  { refit, folds }: CheckedSearch,
  { hasShots, preset }: Pick<HeadScope, "hasShots" | "preset">,
): "train" | "train+val" {
  if (refit !== null) return refit;
  return (hasShots ? preset?.refitOfShots : null) ?? (folds === null ? "train+val" : "train");
}
