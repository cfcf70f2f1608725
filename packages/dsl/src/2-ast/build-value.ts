import type { IToken } from "chevrotain";
import type {
  ArgumentsCstNode,
  BlockCstNode,
  ChooseCstNode,
  EntryCstNode,
  ExceptEntryCstNode,
  ItemsCstNode,
  ListCstNode,
  NamedCstNode,
  NumberCstNode,
  StrayCstNode,
  TermCstNode,
  ValueCstNode,
  WhereEntryCstNode,
} from "../1-parse/cst.ts";
import { describeToken, firstToken } from "../1-parse/describe-token.ts";
import { NumberLiteral, StringLiteral } from "../1-parse/tokens.ts";
import {
  blockExpected,
  colonExpected,
  colonExpectedForEquals,
  dottedConstructor,
  extraComma,
  foreignWord,
  interpolatedKey,
  loneWord,
  malformedRange,
  missingComma,
  missingTerm,
  missingValue,
  notAnEntry,
  notAValue,
} from "../diagnostics/catalog-syntax.ts";
import { splitNames } from "../signature/signature.ts";
import type { BlockNode, EntryNode, NumberNode, PathNode, ValueNode } from "./ast.ts";
import type { BuildContext } from "./build-context.ts";
import { inOrder, placeAfter, spanFromTo, spanOf, spanOfToken } from "./build-context.ts";
import { buildName, buildPath, textOf } from "./build-path.ts";
import { buildString } from "./build-string.ts";

/** A value; null where nothing can be made of it, which has been reported then. */
export function buildValue(node: ValueCstNode, context: BuildContext): ValueNode | null {
  const terms = node.children.term ?? [];
  const pluses = node.children.Plus ?? [];
  const values = terms.map((term) => buildTerm(term, context)).filter((value) => value !== null);
  const lastPlus = pluses.at(-1);
  if (lastPlus !== undefined && terms.length <= pluses.length) {
    context.report(missingTerm(spanOfToken(lastPlus, context), "nothing more"));
  }
  const first = values[0];
  if (first === undefined) return null;
  return pluses.length === 0 ? first : { kind: "sum", terms: values, span: spanOf(node, context) };
}

function buildTerm(node: TermCstNode, context: BuildContext): ValueNode | null {
  const { number, StringLiteral: text, True, False, Null, list, block, choose, named } = node.children;
  const span = spanOf(node, context);
  if (number?.[0] !== undefined) return buildNumber(number[0], context);
  if (text?.[0] !== undefined) return buildString(text[0], context);
  if (True !== undefined) return { kind: "boolean", value: true, span };
  if (False !== undefined) return { kind: "boolean", value: false, span };
  if (Null !== undefined) return { kind: "null", span };
  if (list?.[0] !== undefined) return buildList(list[0], context);
  if (block?.[0] !== undefined) return buildBlock(block[0], context);
  if (choose?.[0] !== undefined) return buildChoose(choose[0], context);
  return named?.[0] === undefined ? null : buildNamed(named[0], context);
}

function buildNumber(node: NumberCstNode, context: BuildContext): ValueNode | null {
  const [from, to] = node.children.NumberLiteral ?? [];
  if (from === undefined) return null;
  const start = readNumber(from, context);
  if (node.children.DotDot === undefined) return start;
  const end = to === undefined ? null : readNumber(to, context);
  const isWhole = Number.isInteger(start?.value) && Number.isInteger(end?.value);
  if (start !== null && end !== null && isWhole) {
    return { kind: "range", from: start, to: end, span: spanOf(node, context) };
  }
  const isReported = start === null || (to !== undefined && end === null);
  if (!isReported) context.report(malformedRange(spanOf(node, context)));
  return null;
}

/** Null for a number that the lexer has already reported as malformed or too large. */
function readNumber(token: IToken, context: BuildContext): NumberNode | null {
  const value = Number(token.image);
  if (!Number.isFinite(value) || !/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(token.image)) return null;
  return { kind: "number", value, text: token.image, span: spanOfToken(token, context) };
}

function buildList(node: ListCstNode, context: BuildContext): ValueNode {
  return { kind: "list", items: buildItems(node.children.items?.[0], context), span: spanOf(node, context) };
}

/** `max val.auroc per row` */
function buildChoose(node: ChooseCstNode, context: BuildContext): ValueNode | null {
  const { Want, path, Name } = node.children;
  if (Want?.[0] === undefined) return null;
  return {
    kind: "choose",
    want: buildName(Want[0], context),
    of: path?.[0] === undefined ? null : buildPath(path[0], context),
    per: Name?.[0] === undefined ? null : buildName(Name[0], context),
    span: spanOf(node, context),
  };
}

/** A reference, a call, a construct or a measure. */
function buildNamed(node: NamedCstNode, context: BuildContext): ValueNode | null {
  const { path: pathNode, block: blockNode, arguments: argumentsNode } = node.children;
  const path = pathNode?.[0] === undefined ? null : buildPath(pathNode[0], context);
  const name = path?.parts[0];
  if (path === null || name === undefined) return null;
  const span = spanOf(node, context);
  if (blockNode?.[0] === undefined && argumentsNode?.[0] === undefined) return buildReference(path, context);
  if (blockNode?.[0] !== undefined && path.parts.length > 1 && isSplitName(name.text)) {
    return { kind: "measure", path, block: buildBlock(blockNode[0], context), span };
  }
  if (path.parts.length > 1) context.report(dottedConstructor(path.span, textOf(path)));
  if (blockNode?.[0] !== undefined) return { kind: "construct", name, block: buildBlock(blockNode[0], context), span };
  return { kind: "call", name, arguments: buildArguments(argumentsNode?.[0], context), span };
}

function isSplitName(text: string): boolean {
  return (splitNames as readonly string[]).includes(text);
}

function buildArguments(node: ArgumentsCstNode | undefined, context: BuildContext): readonly ValueNode[] {
  return buildItems(node?.children.items?.[0], context);
}

/** A bare name; the words of other languages for true, false and null are explained and understood. */
function buildReference(path: PathNode, context: BuildContext): ValueNode {
  const text = textOf(path);
  const ours = foreignWords.get(text);
  if (ours === undefined) return { kind: "reference", path, span: path.span };
  context.report(foreignWord(path.span, text, ours));
  return ours === "null"
    ? { kind: "null", span: path.span }
    : { kind: "boolean", value: ours === "true", span: path.span };
}

const foreignWords: ReadonlyMap<string, "true" | "false" | "null"> = new Map([
  ["True", "true"],
  ["TRUE", "true"],
  ["False", "false"],
  ["FALSE", "false"],
  ["None", "null"],
  ["NULL", "null"],
  ["Null", "null"],
  ["nil", "null"],
]);

/** What stands between brackets: values with one comma between any two, and maybe one after the last. */
function buildItems(node: ItemsCstNode | undefined, context: BuildContext): readonly ValueNode[] {
  const { value = [], Comma = [], stray = [] } = node?.children ?? {};
  const items: ValueNode[] = [];
  let previous: "comma" | "value" | "stray" | "start" = "start";
  for (const child of inOrder([...value, ...Comma, ...stray], startOfChild)) {
    if ("image" in child) {
      if (previous === "comma" || previous === "start") context.report(extraComma(spanOfToken(child, context)));
      previous = "comma";
    } else if (child.name === "stray") {
      const token = firstToken(child);
      if (token !== undefined) context.report(notAValue(spanOfToken(token, context), describeToken(token)));
      previous = "stray";
    } else {
      if (previous === "value") {
        const token = firstToken(child);
        const place = token === undefined ? spanOf(child, context) : spanOfToken(token, context);
        context.report(missingComma(place, describeToken(token)));
      }
      const item = buildValue(child, context);
      if (item !== null) items.push(item);
      previous = "value";
    }
  }
  return items;
}

function startOfChild(child: IToken | { readonly location?: { readonly startOffset: number } }): number {
  return "image" in child ? child.startOffset : (child.location?.startOffset ?? 0);
}

type BlockChild = EntryCstNode | WhereEntryCstNode | ExceptEntryCstNode | StrayCstNode | IToken;

/** `{ ... }`: a value by itself, and the body of most declarations. */
export function buildBlock(node: BlockCstNode, context: BuildContext): BlockNode {
  const { entry = [], whereEntry = [], exceptEntry = [], stray = [], Comma = [], RightCurly = [] } = node.children;
  const children = inOrder<BlockChild>([...entry, ...whereEntry, ...exceptEntry, ...stray, ...Comma], startOfChild);
  const entries: EntryNode[] = [];
  let previous: BlockChild | undefined;
  children.forEach((child, index) => {
    if ("image" in child) {
      if (previous === undefined || "image" in previous) context.report(extraComma(spanOfToken(child, context)));
    } else {
      const next = children[index + 1];
      const built = buildChild(child, () => (next === undefined ? RightCurly[0] : tokenAt(next)), context);
      if (built !== null) entries.push(built);
    }
    previous = child;
  });
  return { kind: "block", entries, span: spanOf(node, context) };
}

function tokenAt(child: BlockChild): IToken | undefined {
  return "image" in child ? child : firstToken(child);
}

/** Finds the token that follows: only where a message needs it, since it takes a search. */
type FindToken = () => IToken | undefined;

function buildChild(child: Exclude<BlockChild, IToken>, after: FindToken, context: BuildContext): EntryNode | null {
  switch (child.name) {
    case "entry":
      return buildEntry(child, after, context);
    case "whereEntry":
      return buildWhere(child, after, context);
    case "exceptEntry":
      return buildExcept(child, context);
    case "stray": {
      const token = firstToken(child);
      if (token !== undefined) context.report(notAnEntry(spanOfToken(token, context), describeToken(token)));
      return null;
    }
  }
}

/** A field or a section. */
function buildEntry(node: EntryCstNode, after: FindToken, context: BuildContext): EntryNode | null {
  const { block, values, Colon, Equals } = node.children;
  const key = buildKey(node, context);
  if (key === null) return null;
  const separator = Colon?.[0] ?? Equals?.[0];
  if (Equals?.[0] !== undefined) {
    context.report(colonExpectedForEquals(spanOfToken(Equals[0], context), textOf(key)));
  }
  if (block?.[0] !== undefined) return buildSection(key, buildBlock(block[0], context), context);
  const built = (values?.[0]?.children.value ?? []).map((value) => buildValue(value, context));
  if (separator === undefined) reportMissingColon({ key, values: values?.[0], after }, context);
  else if (values === undefined) {
    context.report(missingValue(spanOfToken(separator, context), textOf(key), describeToken(after())));
  }
  const present = built.filter((value): value is ValueNode => value !== null);
  const last = present.at(-1);
  if (last === undefined || present.length < built.length) return null;
  return { kind: "field", key, values: present, span: spanFromTo(key.span, last.span) };
}

interface FieldWithoutColon {
  readonly key: PathNode;
  readonly values: Parameters<typeof firstToken>[0] | undefined;
  readonly after: FindToken;
}

function reportMissingColon({ key, values, after }: FieldWithoutColon, context: BuildContext): void {
  const found = values === undefined ? undefined : firstToken(values);
  if (found === undefined) context.report(loneWord(key.span, textOf(key), describeToken(after())));
  else {
    const isWhole = found.tokenType === NumberLiteral || found.tokenType === StringLiteral;
    const value = { found: describeToken(found), text: isWhole ? found.image : "..." };
    context.report(colonExpected(spanOfToken(found, context), textOf(key), value));
  }
}

function buildSection(key: PathNode, block: BlockNode, context: BuildContext): EntryNode | null {
  const name = key.parts[0];
  if (name === undefined) return null;
  const span = spanFromTo(key.span, block.span);
  if (key.quoted === true) {
    context.report(colonExpected(placeAfter(key.span), name.text, { found: "`{`", text: "{ ... }" }));
    return { kind: "field", key, values: [block], span };
  }
  if (key.parts.length > 1) context.report(dottedConstructor(key.span, textOf(key)));
  return { kind: "section", name, block, span };
}

function buildKey(node: EntryCstNode, context: BuildContext): PathNode | null {
  const { path, StringLiteral: text } = node.children;
  if (path?.[0] !== undefined) return buildPath(path[0], context);
  if (text?.[0] === undefined) return null;
  const { parts, span } = buildString(text[0], context);
  if (parts.some(({ kind }) => kind === "name")) context.report(interpolatedKey(span));
  const content = parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  return { parts: [{ text: content, span }], quoted: true, span };
}

function buildWhere(node: WhereEntryCstNode, after: FindToken, context: BuildContext): EntryNode | null {
  const [condition, settings] = node.children.block ?? [];
  if (condition === undefined) return null;
  const span = spanOf(node, context);
  if (settings === undefined) {
    context.report(blockExpected(placeAfter(span), "where { ... }", describeToken(after())));
    buildBlock(condition, context);
    return null;
  }
  return { kind: "where", condition: buildBlock(condition, context), settings: buildBlock(settings, context), span };
}

function buildExcept(node: ExceptEntryCstNode, context: BuildContext): EntryNode | null {
  const condition = node.children.block?.[0];
  if (condition === undefined) return null;
  return { kind: "except", condition: buildBlock(condition, context), span: spanOf(node, context) };
}
