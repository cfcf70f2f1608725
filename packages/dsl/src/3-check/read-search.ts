import type { BlockNode, EntryNode, FieldNode, NameNode } from "../2-ast/ast.ts";
import { duplicateField, misplaced, nothingToSearch } from "../diagnostics/catalog-check.ts";
import type { Span } from "../text/source.ts";
import type { CheckContext } from "./check-context.ts";
import { pathText } from "./value-text.ts";

/** What a declaration writes of its search, unjudged: the fields by name, and those of `over { ... }`. */
export interface WrittenSearch {
  readonly fields: ReadonlyMap<string, FieldNode>;
  readonly over: ReadonlyMap<string, FieldNode>;
  /** The word `search` where it is first written. */
  readonly span: Span;
}

/** Whether an entry of a declaration's block belongs to its search: `search { ... }` or `search.refit: train`. */
export function isOfSearch(entry: EntryNode): boolean {
  return firstWord(entry)?.text === "search";
}

/** Gathers `search { over { lr: [...] } }`, `search.over { lr: [...] }` and `search.over.lr: [...]` alike; null where there is none. */
export function readSearch(block: BlockNode | null, context: CheckContext): WrittenSearch | null {
  const search = { fields: new Map<string, FieldNode>(), over: new Map<string, FieldNode>() };
  const entries = (block?.entries ?? []).filter(isOfSearch);
  const [first] = entries;
  if (first === undefined) return null;

  const add = (field: FieldNode, words: readonly NameNode[]): void => {
    const [word, inner, ...rest] = words;
    const isOver = word?.text === "over" && inner !== undefined;
    const name = isOver ? inner : word;
    if (name === undefined || (isOver ? rest.length : words.length - 1) > 0) {
      context.report(misplaced(field.key.span, `\`${pathText(field.key)}\``, "a search"));
      return;
    }
    const fields = isOver ? search.over : search.fields;
    const earlier = fields.get(name.text);
    if (earlier === undefined) fields.set(name.text, field);
    else context.report(duplicateField(name.span, name.text, earlier.key.span));
  };

  const addEntry = (entry: EntryNode, outer: readonly NameNode[]): void => {
    if (entry.kind === "field") {
      add(entry, [...outer, ...entry.key.parts].slice(1));
    } else if (entry.kind === "section" && isBlockOfSearch([...outer, entry.name])) {
      const isEmptyOver = entry.name.text === "over" && entry.block.entries.length === 0;
      if (isEmptyOver) context.report(nothingToSearch(entry.name.span, "over"));
      for (const inner of entry.block.entries) addEntry(inner, [...outer, entry.name]);
    } else {
      const word = entry.kind === "section" ? entry.name.text : entry.kind;
      context.report(misplaced(entry.span, `the block \`${word} { ... }\``, "a search"));
    }
  };
  for (const entry of entries) addEntry(entry, []);
  return { ...search, span: firstWord(first)?.span ?? first.span };
}

/** `search` itself, and `over` inside it. */
function isBlockOfSearch(words: readonly NameNode[]): boolean {
  const path = words.map((word) => word.text).join(".");
  return path === "search" || path === "search.over";
}

function firstWord(entry: EntryNode): NameNode | null {
  if (entry.kind === "section") return entry.name;
  return entry.kind === "field" ? (entry.key.parts[0] ?? null) : null;
}
