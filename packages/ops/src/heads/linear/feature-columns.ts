import { OpError } from "../../op-error.ts";
import type { RowLayout } from "../../rows.ts";

export interface PartsWanted {
  /** Class tokens of so many last blocks. */
  readonly blocks: number;
  /** The mean of the patch tokens behind them. */
  readonly avgpool: boolean;
  /** One part by its name, in place of both. */
  readonly part: string | null;
}

/**
 * The parts that a linear head takes, in the study's order: the oldest block's class token first, the patch mean last. A
 * backbone without class tokens (a convolutional network) has one part, its default one.
 * @throws OpError `part-unknown` where the backbone has no such part
 */
export function choosePartNames({ parts, defaultPart }: RowLayout, wanted: PartsWanted): readonly string[] {
  const known = parts.map(({ name }) => name);
  if (wanted.part !== null) return requireParts([wanted.part], known);
  const tokens = Array.from({ length: wanted.blocks }, (_, index) => `cls_${String(wanted.blocks - index)}`);
  const hasTokens = known.includes("cls_1");
  const classTokens = wanted.blocks === 1 && !hasTokens ? [defaultPart] : tokens;
  return requireParts([...classTokens, ...(wanted.avgpool ? ["patch_mean"] : [])], known);
}

function requireParts(names: readonly string[], known: readonly string[]): readonly string[] {
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length === 0) return names;
  throw new OpError(
    "part-unknown",
    `The backbone's features have no ${missing.join(", ")}; they have ${known.join(", ")}.`,
    "Ask for fewer `blocks`, leave `avgpool` out, or name one of its parts by `part`.",
  );
}
