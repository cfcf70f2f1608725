import type { ValueNode } from "../2-ast/ast.ts";
import type { ParamSpec } from "../signature/signature.ts";
import { listWords } from "../diagnostics/wording.ts";

/** What was found, for "expected ..., found ...": short, and never longer than a line. */
export function describeValue(node: ValueNode): string {
  switch (node.kind) {
    case "number":
      return `the number ${node.text}`;
    case "string":
      return `the string "${shorten(node.raw)}"`;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
    case "reference":
      return `the word \`${node.path.parts.map((part) => part.text).join(".")}\``;
    case "list":
      return "a list";
    case "range":
      return `the range ${node.from.text}..${node.to.text}`;
    case "call":
      return `\`${node.name.text}(...)\``;
    case "construct":
      return `\`${node.name.text} { ... }\``;
    case "measure":
      return `\`${node.path.parts.map((part) => part.text).join(".")} { ... }\``;
    case "block":
      return "a block";
    case "sum":
      return "a sum";
    case "choose":
      return `\`${node.want.text} ...\``;
  }
  return node satisfies never;
}

/** What a parameter takes, for "`k` is ..., found ...". */
export function describeSpec(spec: ParamSpec): string {
  const base = describeType(spec);
  return "default" in spec && spec.default === null ? `${base} or null` : base;
}

function describeType(spec: ParamSpec): string {
  switch (spec.type) {
    case "number":
    case "integer": {
      const words = Object.keys(spec.words ?? {});
      const number = spec.type === "number" ? "a number" : "a whole number";
      return words.length === 0 ? number : `${number} or ${listWords(words, "or")}`;
    }
    case "seed":
      return "a seed (a whole number from 0)";
    case "boolean":
      return "true or false";
    case "string":
      return "a string in quotes";
    case "choice":
      return `one of ${listWords(spec.choices, "or")}`;
    case "split":
    case "wired":
      return "a split";
    case "file":
      return spec.remote === true
        ? `a file, such as "data/x.npz", or \`${weightsUsage.hf}\` or \`${weightsUsage.url}\``
        : 'a file, such as "data/x.npz"';
    case "directory":
      return 'a folder, such as "data/x"';
    case "list":
      return spec.items.type === "list"
        ? `a list of lists, each value of those ${describeType(spec.items.items)}`
        : `a list, each value of it ${describeType(spec.items)}`;
    case "weights":
      return listWords(
        [...Object.keys(spec.published ?? {}), ...spec.sources.map((source) => weightsUsage[source])],
        "or",
      );
  }
  return spec satisfies never;
}

/** How each source of weights is written. */
export const weightsUsage = {
  random: "random(7)",
  file: 'file("weights/x.safetensors")',
  hf: 'hf("organisation/name")',
  url: 'url("https://example.org/x.pth", "SHA-256")',
} as const;

/** "from 1 to 9", "at least 1", "at most 9"; null where there is no bound. */
export function describeRange(min: number | undefined, max: number | undefined): string | null {
  if (min !== undefined && max !== undefined)
    return min === max ? String(min) : `from ${String(min)} to ${String(max)}`;
  if (min !== undefined) return `at least ${String(min)}`;
  return max === undefined ? null : `at most ${String(max)}`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
