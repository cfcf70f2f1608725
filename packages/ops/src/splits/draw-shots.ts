import type { LabelledExamples } from "../artifacts/examples.ts";
import { randomStream } from "../runtime/random.ts";
import { gatherUnits, type Unit } from "./gather-units.ts";

export interface ShotsPlan {
  /** How many units of each class. */
  readonly shots: number;
  /** What is drawn: images (a bag is one), or patients with all their images. */
  readonly of: "images" | "patients";
  /**
   * `random`: by the draw. `first`: as the DINOv2 radiology study took them (Baharoon et al., 2023), of each class the first in
   * the order of the source; the draw then means nothing.
   */
  readonly order: "random" | "first";
  /** The seed of the draw. */
  readonly draw: number;
  /** What the draw is for; draws for other ends are independent. */
  readonly purpose: string;
}

export interface DrawnShots {
  /** In the order of the source. */
  readonly rows: readonly number[];
  /** The classes of which fewer were drawn than asked, since there are no more. */
  readonly short: readonly ShortClass[];
}

export interface ShortClass {
  readonly className: string;
  readonly drawn: number;
}

/**
 * Some units of every class. The draw goes in rounds: in round t each class, from the rarest to the commonest, is filled up to t
 * units in the order of its own shuffle, counting those that came with other classes. So a larger draw contains every smaller
 * one. Multi-label: a unit counts for all classes that one of its images has (an unknown flag is none), and units with an
 * image that has no class at all are drawn last, t of them too, so that there are negatives. What is drawn hangs on the places
 * of images and patients in the source, never on their names.
 */
export function drawShots(set: LabelledExamples, plan: ShotsPlan): DrawnShots {
  const units = gatherUnits(set, plan.of);
  const taken = plan.order === "first" ? takeFirst(units, set, plan) : drawInRounds(units, set, plan);
  const counts = set.classNames.map((_, label) => {
    const has = (unit: Unit): boolean => (plan.order === "first" ? unit.inAll : unit.inAny).includes(label);
    return units.filter((unit, number) => taken.has(number) && has(unit)).length;
  });
  return {
    rows: units.flatMap((unit, number) => (taken.has(number) ? unit.rows : [])).sort((a, b) => a - b),
    short: set.classNames.flatMap((className, label) => {
      const drawn = counts[label]!;
      return drawn < plan.shots ? [{ className, drawn }] : [];
    }),
  };
}

function drawInRounds(units: readonly Unit[], set: LabelledExamples, plan: ShotsPlan): ReadonlySet<number> {
  const members = membersOf(units, set);
  const orders = members.map((numbers, label) => shuffled(numbers, label, { set, plan }));
  const rarity = set.classNames
    .map((_, label) => label)
    .sort((a, b) => members[a]!.length - members[b]!.length || a - b);
  const sequence = members.length > rarity.length ? [...rarity, rarity.length] : rarity;

  const taken = new Set<number>();
  const drawn = members.map(() => 0);
  const next = members.map(() => 0);
  for (let round = 1; round <= plan.shots && taken.size < units.length; round++) {
    for (const label of sequence) {
      const order = orders[label]!;
      while (drawn[label]! < round && next[label]! < order.length) {
        const number = order[next[label]!++]!;
        if (taken.has(number)) continue;
        taken.add(number);
        for (const other of units[number]!.inAny) drawn[other]! += 1;
      }
    }
  }
  return taken;
}

/** The study's way: the first units of each class all of whose images have it, be they of another class too. */
function takeFirst(
  units: readonly Unit[],
  { classNames }: LabelledExamples,
  { shots }: ShotsPlan,
): ReadonlySet<number> {
  const taken = new Set<number>();
  classNames.forEach((_, label) => {
    const numbers = units.flatMap(({ inAll }, number) => (inAll.includes(label) ? [number] : []));
    for (const number of numbers.slice(0, shots)) taken.add(number);
  });
  return taken;
}

/** The units of each class, in the order of the source; multi-label: last those with an image without any. */
function membersOf(units: readonly Unit[], { problem, classNames }: LabelledExamples): readonly (readonly number[])[] {
  const members: number[][] = classNames.map(() => []);
  if (problem === "multi-label") members.push([]);
  units.forEach(({ inAny }, number) => {
    for (const label of inAny) members[label]?.push(number);
  });
  return members;
}

function shuffled(
  numbers: readonly number[],
  label: number,
  { set, plan }: { readonly set: LabelledExamples; readonly plan: ShotsPlan },
): readonly number[] {
  const className = set.classNames[label];
  const random =
    className === undefined ? randomStream(plan.draw, plan.purpose) : randomStream(plan.draw, plan.purpose, className);
  const order = [...numbers];
  for (let place = order.length - 1; place > 0; place--) {
    const other = random.integer(place + 1);
    [order[place], order[other]] = [order[other]!, order[place]!];
  }
  return order;
}
