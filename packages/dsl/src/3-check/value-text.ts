import type { BlockNode, EntryNode, FieldNode, PathNode, ValueNode } from "../2-ast/ast.ts";

/** A value on one line, as people would write it: the name of an inline declaration and the label of a list or path. */
export function valueText(node: ValueNode): string {
  switch (node.kind) {
    case "number":
      return node.text;
    case "string":
      return `"${node.raw}"`;
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
    case "reference":
      return pathText(node.path);
    case "list":
      return `[${node.items.map(valueText).join(", ")}]`;
    case "range":
      return `${node.from.text}..${node.to.text}`;
    case "call":
      return `${node.name.text}(${node.arguments.map(valueText).join(", ")})`;
    case "construct":
      return `${node.name.text} ${blockText(node.block)}`;
    case "measure":
      return `${pathText(node.path)} ${blockText(node.block)}`;
    case "block":
      return blockText(node);
    case "sum":
      return node.terms.map(valueText).join(" + ");
    case "choose": {
      const of = node.of === null ? "" : ` ${pathText(node.of)}`;
      return `${node.want.text}${of}${node.per === null ? "" : ` per ${node.per.text}`}`;
    }
  }
  return node satisfies never;
}

/** `test.auroc` */
export function pathText(path: PathNode): string {
  return path.parts.map((part) => part.text).join(".");
}

function blockText(block: BlockNode): string {
  return block.entries.length === 0 ? "{}" : `{ ${block.entries.map(entryText).join(", ")} }`;
}

function entryText(entry: EntryNode): string {
  switch (entry.kind) {
    case "field":
      return fieldText(entry);
    case "section":
      return `${entry.name.text} ${blockText(entry.block)}`;
    case "where":
      return `where ${blockText(entry.condition)} ${blockText(entry.settings)}`;
    case "except":
      return `except ${blockText(entry.condition)}`;
  }
  return entry satisfies never;
}

function fieldText(field: FieldNode): string {
  return `${pathText(field.key)}: ${field.values.map(valueText).join(", ")}`;
}
