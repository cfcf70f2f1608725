import type { ParamSpec, ParamValue } from "../signature/signature.ts";

/** A value as a program writes it: `all` where that is the word for it, and no quotes around a choice. */
export function writtenValue(value: ParamValue, spec: ParamSpec): string {
  const words = spec.type === "integer" || spec.type === "number" ? (spec.words ?? {}) : {};
  const word = Object.entries(words).find(([, meaning]) => meaning === value)?.[0];
  return word ?? (typeof value === "string" ? value : JSON.stringify(value));
}
