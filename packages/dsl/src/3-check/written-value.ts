import type { ParamSpec, ParamValue, WeightsValue } from "../signature/signature.ts";

/** A value as a program writes it: `all` where that is the word for it, and no quotes around a choice. */
export function writtenValue(value: ParamValue, spec: ParamSpec): string {
  if (isWeights(value)) return writtenWeights(value);
  const words = spec.type === "integer" || spec.type === "number" ? (spec.words ?? {}) : {};
  const word = Object.entries(words).find(([, meaning]) => meaning === value)?.[0];
  return word ?? (typeof value === "string" ? value : JSON.stringify(value));
}

function isWeights(value: ParamValue): value is WeightsValue {
  return typeof value === "object" && value !== null && "weights" in value && typeof value.weights === "string";
}

/** `hf("org/name", "x.bin")`, as a program would name them. */
function writtenWeights(value: WeightsValue): string {
  switch (value.weights) {
    case "random":
      return `random(${String(value.seed)})`;
    case "file":
      return `file(${JSON.stringify(value.path)})`;
    case "url":
      return `url(${[value.url, value.sha256].map((text) => JSON.stringify(text)).join(", ")})`;
    case "hf": {
      // A revision stands behind a file, which then has to be written too.
      const texts = [value.repository, value.file ?? (value.revision === null ? null : ""), value.revision];
      return `hf(${texts.flatMap((text) => (text === null ? [] : [JSON.stringify(text)])).join(", ")})`;
    }
  }
}
