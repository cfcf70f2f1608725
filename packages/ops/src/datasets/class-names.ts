import type { ProblemKind } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";

/**
 * The distinct names in the order of their class indices: whole numbers by value, anything else by code unit. Class 1
 * of a binary problem is the positive one, so "0" < "1" and "NORMAL" < "PNEUMONIA" come out as one expects.
 */
export function sortedClassNames(names: Iterable<string>): readonly string[] {
  const distinct = [...new Set(names)];
  const areNumbers = distinct.every((name) => /^(0|[1-9]\d{0,8})$/.test(name));
  return areNumbers ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct.sort(compareCodeUnits);
}

/**
 * What is predicted where each example has one label.
 * @throws OpError `too-few-classes` where there is nothing to tell apart
 */
export function singleLabelProblem(classNames: readonly string[], source: string): ProblemKind {
  if (classNames.length < 2) {
    const found = classNames.length === 0 ? "no class" : `only the class ${JSON.stringify(classNames[0])}`;
    throw new OpError("too-few-classes", `${source} has ${found}; a classification needs two at least.`);
  }
  return classNames.length === 2 ? "binary" : "multi-class";
}

export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
