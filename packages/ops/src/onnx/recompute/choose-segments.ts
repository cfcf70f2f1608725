import type { GraphNode, GraphTensor } from "../graph-builder.ts";
import { views } from "../memory/memory-bound.ts";
import { bytesOf } from "../tensor-bytes.ts";

/** Nodes one after the other in a forward pass. */
export interface Segment {
  readonly nodes: readonly GraphNode[];
  /** Whether what it gives is kept until the way back; otherwise its nodes are worked out once more then. */
  readonly isKept: boolean;
}

/**
 * Cuts a forward pass such that what has to be kept at the same time (what crosses the cuts, and one segment while its gradients
 * are worked out) is at most a share of what all of it gives; where that cannot be, as little as can be. The last segment is kept:
 * the way back begins with it. Cuts lie where little crosses: between the blocks of a network.
 *
 * Source: Chen et al., Training Deep Nets with Sublinear Memory Cost (2016), with sizes in place of counts.
 */
export function chooseSegments(nodes: readonly GraphNode[], share: number): readonly Segment[] {
  const profile = profileOf(nodes);
  const budget = share * profile.total;
  // A segment of the whole is no cut at all; from there on to ever smaller ones.
  const plans = Array.from({ length: 60 }, (_, at) => planWith(profile, profile.total * 0.93 ** at));
  const fitting = plans.find(({ peak }) => peak <= budget);
  const least = plans.reduce((best, plan) => (plan.peak < best.peak ? plan : best));
  const { cuts } = fitting ?? least;
  const ends = [...cuts, nodes.length];
  return ends.map((end, place) => {
    return { nodes: nodes.slice(place === 0 ? 0 : ends[place - 1], end), isKept: place === ends.length - 1 };
  });
}

interface Profile {
  /** What each node gives, bytes. */
  readonly given: readonly number[];
  /** What was given before a node and is read by it or after it, bytes. */
  readonly crossing: readonly number[];
  readonly total: number;
}

function profileOf(nodes: readonly GraphNode[]): Profile {
  const given = nodes.map(({ operator, outputs }) =>
    views.has(operator) ? 0 : outputs.reduce((sum, output) => sum + bytesOf(output), 0),
  );
  const lastUse = new Map<string, number>();
  nodes.forEach(({ inputs }, at) => {
    for (const input of inputs) if (input !== null) lastUse.set(input.name, at);
  });
  const crossing = nodes.map(() => 0);
  nodes.forEach(({ outputs }, made) => {
    for (const output of outputs) addCrossing(crossing, output, { made, last: lastUse.get(output.name) ?? made });
  });
  return { given, crossing, total: given.reduce((sum, bytes) => sum + bytes, 0) };
}

function addCrossing(
  crossing: number[],
  tensor: GraphTensor,
  { made, last }: { readonly made: number; readonly last: number },
): void {
  const bytes = bytesOf(tensor);
  for (let at = made + 1; at <= last; at += 1) crossing[at]! += bytes;
}

interface Plan {
  /** Before which nodes. */
  readonly cuts: readonly number[];
  readonly peak: number;
}

/** Backwards from the end: each segment is cut off where least crosses for what it spares. */
function planWith({ given, crossing }: Profile, mostInSegment: number): Plan {
  const cuts: number[] = [];
  let end = given.length;
  let largest = 0;
  while (end > 0) {
    let [inSegment, start] = [0, end];
    let best = { cut: 0, bytes: 0, cost: Infinity };
    while (start > 0 && (inSegment + given[start - 1]! <= mostInSegment || start === end)) {
      start -= 1;
      inSegment += given[start]!;
      const cost = crossing[start]! / inSegment;
      if (start === 0 || cost <= best.cost) best = { cut: start, bytes: inSegment, cost };
    }
    largest = Math.max(largest, best.bytes);
    if (best.cut > 0) cuts.unshift(best.cut);
    end = best.cut;
  }
  return { cuts, peak: largest + cuts.reduce((sum, cut) => sum + crossing[cut]!, 0) };
}
