import type { InputValue, OpContext } from "../op-context.ts";

/** What a reader of a score must know of the search that chose the head's settings; nothing where there was none. */
export function notesOfChoice({ inputs }: Pick<OpContext, "inputs">): readonly string[] {
  const choice = inputs["choice"] as InputValue<"chosen"> | undefined;
  return choice?.value.notes ?? [];
}
