import type { GraphBuilder, GraphTensor } from "../../graph-builder.ts";
import { broadcastShapes, elementCount, fixedSizeAt } from "../../shapes.ts";

/** What a node of a random graph is drawn by: numbers below a bound, things of a list, tensors that there are. */
export interface Draw {
  readonly below: (bound: number) => number;
  readonly of: <Item>(items: readonly Item[]) => Item;
  /** One of the graph so far, of floats. */
  readonly tensor: () => GraphTensor;
  /** Numbers that are written in the graph. */
  readonly weight: (...shape: readonly number[]) => GraphTensor;
}

/** Adds an operator or a few on a tensor of floats; nothing where there is none for such a one. */
export type RandomOperator = (graph: GraphBuilder, x: GraphTensor, draw: Draw) => readonly GraphTensor[];

/** One that goes along an axis. */
export type AxisOperator = (graph: GraphBuilder, x: GraphTensor, draw: AxisDraw) => readonly GraphTensor[];

export interface AxisDraw extends Draw {
  readonly axis: number;
  /** Of the axis. */
  readonly size: number;
}

export function alongAxis(add: AxisOperator): RandomOperator {
  return (graph, x, draw) => {
    if (x.shape.length === 0) return [];
    const axis = draw.below(x.shape.length);
    return add(graph, x, { ...draw, axis, size: sizeAt(x, axis) });
  };
}

/** Of tensors of so many axes alone. */
export function ofRank(rank: number, add: RandomOperator): RandomOperator {
  return (graph, x, draw) => (x.shape.length === rank ? add(graph, x, draw) : []);
}

export function sizeAt({ shape }: GraphTensor, axis: number): number {
  return fixedSizeAt(shape, axis);
}

export function countOf({ shape }: GraphTensor): number {
  return Number(elementCount(shape));
}

export function canBroadcast(a: GraphTensor, b: GraphTensor): boolean {
  try {
    return broadcastShapes(a.shape, b.shape).length > 0;
  } catch {
    return false;
  }
}
