import { OpError } from "../../op-error.ts";
import type { NamedWeights } from "./name-weights.ts";

/** Parts of checkpoints that no feature comes from: tokens of a pretext task, and projections that a program may leave out. */
const neverUsed = /^(?:mask_token|projection\.(?:weight|matrix))$/;

/**
 * A weight of the network that its graph has no place for would make features of another network than the one that was trained, without
 * any sign of it. @throws OpError `weights-unused`
 */
export function requireAllUsed({ file, weights, strangers }: NamedWeights, used: ReadonlySet<string>): void {
  const unused = [...weights].flatMap(([name, { original }]) =>
    used.has(name) || neverUsed.test(name) ? [] : [original],
  );
  const all = [...unused, ...strangers];
  if (all.length === 0) return;
  const shown = all.slice(0, 3).map((name) => `"${name}"`);
  const more = all.length > 3 ? ` and ${String(all.length - 3)} more` : "";
  throw new OpError(
    "weights-unused",
    `${file} holds weights that this backbone has no place for: ${shown.join(", ")}${more}.`,
    "Name the constructor that has them (with registers, with batch normalisation, of more blocks), or one of the same size.",
  );
}
