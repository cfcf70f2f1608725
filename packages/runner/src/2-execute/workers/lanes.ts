import type { Example } from "@exp-lab/ops";
import type { ExtractAnswer, OpenAnswer, OpenedExtractor } from "../executor.ts";

interface Lane {
  readonly extractor: OpenedExtractor;
  underWay: number;
}

/** Batches on one lane: one goes forward while the others are read and decoded. */
const batchesPerLane = 4;

/**
 * One per-example op, opened on several lanes as its batches need them, the first at once. Rows do not depend on the lane:
 * every lane has the same model and as many threads. A lane gets batches from when it is open, so that none waits for a
 * thread that starts or a model that loads; one that cannot be opened (memory ran out) is done without.
 */
export async function spreadOverLanes(openers: readonly (() => Promise<OpenAnswer>)[]): Promise<OpenAnswer> {
  const [openFirst, ...others] = openers;
  if (openFirst === undefined) throw new Error("An executor has one lane at least.");
  const first = await openFirst();
  if (!first.ok) return first;

  const lanes: Lane[] = [{ extractor: first.extractor, underWay: 0 }];
  const waiting = [...others];
  const opening: Promise<void>[] = [];
  const openNext = async (open: () => Promise<OpenAnswer>): Promise<void> => {
    const answer = await open();
    if (answer.ok) lanes.push({ extractor: answer.extractor, underWay: 0 });
  };
  const extract = async (examples: readonly Example[]): Promise<ExtractAnswer> => {
    const idlest = lanes.reduce((least, next) => (next.underWay < least.underWay ? next : least));
    const open = idlest.underWay === 0 ? undefined : waiting.shift();
    if (open !== undefined) opening.push(openNext(open));
    idlest.underWay += 1;
    try {
      return await idlest.extractor.extract(examples);
    } finally {
      idlest.underWay -= 1;
    }
  };
  const extractor: OpenedExtractor = {
    ...first.extractor,
    batchesAtOnce: openers.length * batchesPerLane,
    extract,
    close: async () => {
      await Promise.all(opening);
      await Promise.all(lanes.map((lane) => lane.extractor.close()));
    },
  };
  return { ok: true, extractor };
}
