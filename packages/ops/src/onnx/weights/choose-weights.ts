import { OpError } from "../../op-error.ts";
import { nearestName } from "../nearest-name.ts";
import type { ModelWeight } from "./list-weights.ts";

/** Which weights of a model move, and how. Patterns are names in which `*` stands for any letters, e.g. `blocks.*.bias`. */
export interface WeightChoice {
  /** What moves: a weight of which one of these is a pattern. */
  readonly train: readonly string[];
  /** What stays after all. */
  readonly freeze?: readonly string[];
  /** How some of them move; the first whose pattern fits holds. */
  readonly groups?: readonly WeightGroup[];
}

export interface WeightGroup {
  readonly pattern: string;
  /** Over the rate of the others; by default 1. */
  readonly rateFactor?: number;
  /** By default that of the others. */
  readonly weightDecay?: number;
}

/** A weight that moves. */
export interface ChosenWeight extends ModelWeight {
  readonly rateFactor: number;
  /** Null: as the others. */
  readonly weightDecay: number | null;
}

/**
 * The weights that move, in the model's order.
 * @param file the model's name, for messages
 * @throws OpError `no-such-weight` for a pattern that fits none of the model's weights: most likely it is misspelt
 */
export function chooseWeights(
  weights: readonly ModelWeight[],
  choice: WeightChoice,
  file: string,
): readonly ChosenWeight[] {
  const { train, freeze = [], groups = [] } = choice;
  // Whoever names a single number of a formula means it.
  const trainable = weights.filter(
    ({ role, name, type }) =>
      role === "weight" || (role === "constant" && type.startsWith("float") && train.includes(name)),
  );
  for (const pattern of [...train, ...freeze, ...groups.map((group) => group.pattern)]) {
    if (!trainable.some(({ name }) => fits(pattern, name))) throw noSuchWeight(pattern, trainable, file);
  }
  return trainable
    .filter(({ name }) => train.some((pattern) => fits(pattern, name)))
    .filter(({ name }) => !freeze.some((pattern) => fits(pattern, name)))
    .map((weight) => {
      const group = groups.find(({ pattern }) => fits(pattern, weight.name));
      return { ...weight, rateFactor: group?.rateFactor ?? 1, weightDecay: group?.weightDecay ?? null };
    });
}

/** Whether a name is one of those that a pattern stands for. */
export function fits(pattern: string, name: string): boolean {
  const pieces = pattern.split("*").map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`, "s").test(name);
}

/**
 * Groups of a network whose layers have names with numbers: each layer's rate is `decay` times that of the layer after it, and what
 * comes before the first is one step further down, as BEiT and DINOv2's fine-tuning have it.
 * @param prefixes of the layers' names from the first to the last, e.g. `blocks.0.`
 * @param before patterns of what comes before the first layer, e.g. `patch_embed.*`
 */
export function layerDecay(
  prefixes: readonly string[],
  before: readonly string[],
  decay: number,
): readonly WeightGroup[] {
  const count = prefixes.length;
  return [
    ...prefixes.map((prefix, layer) => ({ pattern: `${prefix}*`, rateFactor: decay ** (count - layer) })),
    ...before.map((pattern) => ({ pattern, rateFactor: decay ** (count + 1) })),
  ];
}

function noSuchWeight(pattern: string, weights: readonly ModelWeight[], file: string): OpError {
  const names = weights.map(({ name }) => name);
  const nearest = nearestName(pattern, names);
  return new OpError(
    "no-such-weight",
    `${file} has no weight that fits "${pattern}".${nearest === null ? "" : ` Did you mean "${nearest}"?`}`,
    `Weights of it that can be trained: ${someOf(names)}. A * stands for any letters.`,
  );
}

/** A few names and how many there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  if (names.length <= 5) return shown === "" ? "none" : shown;
  return `${shown}, ... (${names.length})`;
}
