import type { Dropped } from "./drop-leaks.ts";
import type { IdPair, Leak, RepeatedImages } from "./find-leaks.ts";

/** `8 images of train are in val too, byte for byte`: what is wrong, without a full stop. */
export function describeLeak({ kind, earlier, later, inEarlier, contradictions }: Leak): string {
  const are = inEarlier === 1 ? "is" : "are";
  const what =
    kind === "image"
      ? `${are} in ${later} too, byte for byte`
      : `${are} of ${inEarlier === 1 ? "a patient" : "patients"} that ${later} has too`;
  return `${images(inEarlier)} of ${earlier} ${what}${labelledDifferently(contradictions)}`;
}

/** What left a split, as a note. */
export function describeDropped({ from, reason, later, images: count }: Dropped): string {
  const what = {
    image: `that ${later} has too, byte for byte,`,
    patient: `of patients that ${later} has too`,
    bag: `in bags with images that ${later} has too`,
  }[reason];
  return `Leaks: ${images(count)} of ${from} ${what} ${count === 1 ? "was" : "were"} left out of ${from} (leaks: drop).`;
}

/** What stays for a reason, as a note. */
export function describeAllowed(leak: Leak, reason: string): string {
  return `Leaks: ${describeLeak(leak)}, which was allowed (leaks: allow): ${reason}.`;
}

/** Copies that are labelled differently, as a note; none where there are none. */
export function describeContradictions({ split, contradictions, examples }: RepeatedImages): readonly string[] {
  if (contradictions === 0) return [];
  const stand = contradictions === 1 ? "1 image stands" : `${String(contradictions)} images stand`;
  return [`${stand} in ${split} more than once, with different labels (e.g. ${idPair(examples)}).`];
}

/** `a.png and b.png`. */
export function idPair([pair]: readonly IdPair[]): string {
  return pair === undefined ? "" : pair.join(" and ");
}

function images(count: number): string {
  return `${String(count)} ${count === 1 ? "image" : "images"}`;
}

function labelledDifferently(contradictions: number): string {
  return contradictions === 0 ? "" : ` (${String(contradictions)} of them labelled differently there)`;
}
