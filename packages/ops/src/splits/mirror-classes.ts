import { unpairedSides } from "@exp-lab/dsl";
import { mirroringOperation } from "../images/augment/is-mirrored.ts";
import { nearestName } from "../onnx/nearest-name.ts";
import { OpError } from "../op-error.ts";

export interface MirrorSettings {
  readonly operations: readonly string[];
  /** Pairs of classes that a mirror turns into one another, by name. */
  readonly pairs: readonly (readonly string[])[];
}

/**
 * The class that each class is in the mirror, by number; null where there are no pairs.
 * @throws OpError `mirror-class-unknown`, `mirror-class-alone`, `mirror-class-twice` or `mirror-class-unpaired`
 */
export function mirrorClasses(
  classNames: readonly string[],
  { operations, pairs }: MirrorSettings,
): readonly number[] | null {
  const mirrored = classNames.map((_, number) => number);
  for (const pair of pairs) {
    const [one, other] = pair.map((name) => findClass(name, classNames));
    if (one === undefined || other === undefined) throw new Error("A pair is of two classes.");
    if (one === other) throw wrongPair(classNames[one]!, "alone");
    for (const number of [one, other]) if (mirrored[number] !== number) throw wrongPair(classNames[number]!, "twice");
    mirrored[one] = other;
    mirrored[other] = one;
  }
  if (operations.includes(mirroringOperation)) requirePairs(unpairedSides(classNames, pairs));
  return pairs.length === 0 ? null : mirrored;
}

function findClass(name: string, classNames: readonly string[]): number {
  const number = classNames.indexOf(name);
  if (number >= 0) return number;
  const nearest = nearestName(name, classNames);
  throw new OpError(
    "mirror-class-unknown",
    `mirror_pairs names "${name}", which is no class of the data set${nearest === null ? "" : `: did you mean "${nearest}"?`}`,
    `The classes are ${listNames(classNames)}.`,
  );
}

function wrongPair(name: string, how: "alone" | "twice"): OpError {
  return how === "twice"
    ? new OpError(
        "mirror-class-twice",
        `mirror_pairs has the class "${name}" in two pairs.`,
        "A class turns into one other in the mirror: name it once.",
      )
    : new OpError(
        "mirror-class-alone",
        `mirror_pairs pairs the class "${name}" with itself.`,
        "Leave the pair out: a class that is in no pair stays what it is.",
      );
}

function requirePairs(sided: readonly string[]): void {
  if (sided.length === 0) return;
  throw new OpError(
    "mirror-class-unpaired",
    `A horizontal flip turns left into right, and no pair of mirror_pairs has ${listNames(sided)}.`,
    'Say by `mirror_pairs` which classes it swaps, e.g. [["left lung", "right lung"]], or leave `horizontal_flip` out of `view_ops`.',
  );
}

function listNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
