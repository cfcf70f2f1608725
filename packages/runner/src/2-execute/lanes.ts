import type { Example } from "@exp-lab/ops";
import type { ExtractAnswer, OpenAnswer, OpenedExtractor } from "./executor.ts";

interface Lane {
  readonly opened: Promise<OpenAnswer>;
  underWay: number;
}

/** Batches on one lane: one goes forward while the others are read and decoded. */
const batchesPerLane = 4;

/**
 * One per-example op, opened on several lanes as its batches need them, the first at once. Rows do not depend on the lane:
 * every lane has the same model and as many threads. A lane that cannot be opened (memory ran out) is done without.
 */
export async function spreadOverLanes(openers: readonly (() => Promise<OpenAnswer>)[]): Promise<OpenAnswer> {
  const [openFirst, ...others] = openers;
  if (openFirst === undefined) throw new Error("An executor has one lane at least.");
  const first = await openFirst();
  if (!first.ok) return first;

  const lanes: Lane[] = [{ opened: Promise.resolve(first), underWay: 0 }];
  const waiting = [...others];
  const chooseLane = (): Lane => {
    const idlest = lanes.reduce((least, next) => (next.underWay < least.underWay ? next : least));
    const open = idlest.underWay === 0 ? undefined : waiting.shift();
    if (open === undefined) return idlest;
    const lane = { opened: open(), underWay: 0 };
    lanes.push(lane);
    return lane;
  };
  const extract = async (examples: readonly Example[]): Promise<ExtractAnswer> => {
    const lane = chooseLane();
    lane.underWay += 1;
    try {
      const opened = await lane.opened;
      return await (opened.ok ? opened.extractor : first.extractor).extract(examples);
    } finally {
      lane.underWay -= 1;
    }
  };
  const extractor: OpenedExtractor = {
    ...first.extractor,
    batchesAtOnce: openers.length * batchesPerLane,
    extract,
    close: async () => {
      const opened = await Promise.all(lanes.map((lane) => lane.opened));
      await Promise.all(opened.flatMap((answer) => (answer.ok ? [answer.extractor.close()] : [])));
    },
  };
  return { ok: true, extractor };
}
