import { OpError } from "../op-error.ts";

export function unexpectedArray(name: string, found: string, expected: string): OpError {
  return new OpError("array-unexpected", `The array ${name} has ${found}; expected ${expected}.`);
}
