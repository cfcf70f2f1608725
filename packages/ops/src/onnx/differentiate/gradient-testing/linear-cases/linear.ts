import type { Build, GraphFunction } from "../gradient-graph.ts";

/** By operator and name: functions that are linear in the inputs that are not fixed, taken together. */
export type LinearCases = Readonly<Record<string, Readonly<Record<string, GraphFunction>>>>;

type Shapes = readonly (readonly number[])[];

/** Linear in all of its inputs. */
export function inAll(shapes: Shapes, build: Build): GraphFunction {
  return { shapes, build };
}

/** A product of two inputs, to which a third may be added. */
export type ProductCase = readonly [shapes: Shapes, build: Build];

/** Linear in the first input, where nothing is added; and linear in the second together with what is added. */
export function inEach(
  cases: Readonly<Record<string, ProductCase>>,
  [first, others]: readonly [string, string],
): Readonly<Record<string, GraphFunction>> {
  const named = Object.entries(cases).flatMap(([name, [shapes, build]]): readonly [string, GraphFunction][] => [
    [`${name}, in ${first}`, { shapes: shapes.slice(0, 2), build, isFixed: [false, true] }],
    [`${name}, in ${others}`, { shapes, build, isFixed: shapes.map((_, place) => place === 0) }],
  ]);
  return Object.fromEntries(named);
}
