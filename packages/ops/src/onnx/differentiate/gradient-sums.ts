import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { add } from "../operators/arithmetic.ts";
import { concatenate, padWithZeros } from "../operators/layout.ts";
import { fixedSizeAt } from "../shapes.ts";
import { zerosOf } from "../operators/filling.ts";

/** The gradient of some entries of a tensor along one axis, `start` and those after it; the others have none. */
export interface PartGradient {
  readonly part: GraphTensor;
  readonly axis: number;
  readonly start: number;
}

/** What reaches the tensors of a graph, added up. */
export interface GradientSums {
  add(tensor: GraphTensor, gradient: GraphTensor | PartGradient): void;
  /** The sum for a tensor, to which nothing may be added any more; null where nothing reached it. */
  of(tensor: GraphTensor): GraphTensor | null;
}

export function createGradientSums(graph: GraphScope): GradientSums {
  const wholes = new Map<string, GraphTensor>();
  const parts = new Map<string, readonly PartGradient[]>();
  const addWhole = ({ name }: GraphTensor, gradient: GraphTensor): void => {
    const present = wholes.get(name);
    wholes.set(name, present === undefined ? gradient : add(graph, present, gradient));
  };
  return {
    add(tensor, gradient) {
      if ("part" in gradient) parts.set(tensor.name, [...(parts.get(tensor.name) ?? []), gradient]);
      else addWhole(tensor, gradient);
    },
    of(tensor) {
      const own = parts.get(tensor.name) ?? [];
      parts.delete(tensor.name);
      for (const side of besideEachOther(own)) addWhole(tensor, joined(graph, side, tensor));
      return wholes.get(tensor.name) ?? null;
    },
  };
}

/**
 * Parts in as few lists as can be, such that no two of a list overlap. Query, key and value are three parts of one tensor:
 * to put them side by side is one copy, where three sums of padded parts would be eight.
 */
function besideEachOther(parts: readonly PartGradient[]): readonly (readonly PartGradient[])[] {
  const lists: PartGradient[][] = [];
  for (const part of parts.toSorted((a, b) => a.axis - b.axis || a.start - b.start)) {
    const list = lists.find((each) => {
      const last = each.at(-1)!;
      return last.axis === part.axis && endOf(last) <= part.start;
    });
    if (list === undefined) lists.push([part]);
    else list.push(part);
  }
  return lists;
}

function endOf({ part, axis, start }: PartGradient): number {
  return start + fixedSizeAt(part.shape, axis);
}

/** The parts along their axis, and zeros where there is none. */
function joined(graph: GraphScope, parts: readonly PartGradient[], { shape }: GraphTensor): GraphTensor {
  const { axis, part: first, start } = parts[0]!;
  const size = fixedSizeAt(shape, axis);
  if (parts.length === 1) {
    return padWithZeros(graph, first, { axis, before: start, after: size - endOf(parts[0]!) });
  }
  const pieces: GraphTensor[] = [];
  const fillTo = (end: number, next: number): void => {
    if (next > end) pieces.push(zerosOf(graph, first, resized(shape, axis, next - end)));
  };
  let end = 0;
  for (const part of parts) {
    fillTo(end, part.start);
    pieces.push(part.part);
    end = endOf(part);
  }
  fillTo(end, size);
  return concatenate(graph, pieces, axis);
}

function resized(shape: GraphTensor["shape"], axis: number, size: number): GraphTensor["shape"] {
  return shape.map((other, place) => (place === axis ? size : other));
}
