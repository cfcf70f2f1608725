import type { BlockNode, EntryNode, ValueNode } from "./ast.ts";

/** The canonical text of a value on one line. */
export function flatValue(value: ValueNode): string {
  switch (value.kind) {
    case "number":
      return value.text;
    case "string":
      return `"${value.raw}"`;
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
    case "reference":
      return value.path.parts.map(({ text }) => text).join(".");
    case "list":
      return `[${flatValues(value.items)}]`;
    case "range":
      return `${value.from.text}..${value.to.text}`;
    case "call":
      return `${value.name.text}(${flatValues(value.arguments)})`;
    case "construct":
      return `${value.name.text} ${flatBlock(value.block)}`;
    case "measure":
      return `${value.path.parts.map(({ text }) => text).join(".")} ${flatBlock(value.block)}`;
    case "block":
      return flatBlock(value);
    case "sum":
      return value.terms.map(flatValue).join(" + ");
    case "choose":
      return [
        value.want.text,
        ...(value.of === null ? [] : [value.of.parts.map(({ text }) => text).join(".")]),
        ...(value.per === null ? [] : ["per", value.per.text]),
      ].join(" ");
  }
}

function flatValues(values: readonly ValueNode[]): string {
  return values.map(flatValue).join(", ");
}

/** `{ a: 1, b: 2 }`; commas only between fields, since a section after a comma would read as one more value. */
export function flatBlock({ entries }: BlockNode): string {
  if (entries.length === 0) return "{}";
  const text = entries.map((entry, index) => {
    const next = entries[index + 1];
    const separator = next === undefined ? "" : entry.kind === "field" && next.kind === "field" ? ", " : " ";
    return flatEntry(entry) + separator;
  });
  return `{ ${text.join("")} }`;
}

function flatEntry(entry: EntryNode): string {
  switch (entry.kind) {
    case "field":
      return `${flatKey(entry)}: ${flatValues(entry.values)}`;
    case "section":
      return `${entry.name.text} ${flatBlock(entry.block)}`;
    case "where":
      return `where ${flatBlock(entry.condition)} ${flatBlock(entry.settings)}`;
    case "except":
      return `except ${flatBlock(entry.condition)}`;
  }
}

export function flatKey({ key }: Extract<EntryNode, { kind: "field" }>): string {
  if (key.quoted !== true) return key.parts.map(({ text }) => text).join(".");
  const text = key.parts[0]?.text ?? "";
  const escaped = text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t").replaceAll("${", "\\${");
  return `"${escaped}"`;
}
