import type { CallNode, NumberNode, ReferenceNode, StringNode, ValueNode } from "../2-ast/ast.ts";
import {
  notSupportedYet,
  outOfRange,
  splitIsWired,
  unknownChoice,
  unknownParam,
  wrongCall,
  notAscending,
  wrongLength,
  wrongType,
} from "../diagnostics/catalog-check.ts";
import type { ChoiceSpec, ListSpec, ListValue, ParamSpec, ParamValue, WeightsSpec } from "../signature/signature.ts";
import { normalisePath, resolvePath } from "../text/program-path.ts";
import type { CheckContext } from "./check-context.ts";
import { checkWeights, type WeightsTarget } from "./check-weights.ts";
import { describeRange, describeSpec, describeValue } from "./describe.ts";
import { expandBoundedValues } from "./expand-values.ts";
import { fillString, type FilledText } from "./fill-string.ts";
import { namesOfKind } from "./program-names.ts";
import { pathText } from "./value-text.ts";

/** The parameter that a value is for. */
export interface ValueTarget {
  readonly name: string;
  readonly spec: ParamSpec;
}

/** The value that a node means for a parameter; undefined after reporting what is wrong with it. */
export function checkValue(written: ValueNode, target: ValueTarget, context: CheckContext): ParamValue | undefined {
  const { name, spec } = target;
  const node = replaceParam(written, spec, context);
  if (node === null) return undefined;
  if (node.kind === "null" && "default" in spec && spec.default === null) return null;
  switch (spec.type) {
    case "number":
    case "integer":
    case "seed":
      if (node.kind === "number") return checkNumber(node, target, context);
      if (node.kind === "reference" && wordsOf(spec) !== null) return checkWord(node, target, context);
      break;
    case "boolean":
      if (node.kind === "boolean") return node.value;
      break;
    case "string":
      if (node.kind === "string") return interpolate(node, context)?.value;
      break;
    case "choice":
      if (node.kind === "string" || node.kind === "reference") return checkChoice(node, { name, spec }, context);
      break;
    case "file":
    case "directory":
      if (spec.remote === true && (isCallOf(node, "hf") || isCallOf(node, "url"))) {
        const remote = { type: "weights", sources: ["hf", "url"], summary: spec.summary } as const;
        return checkWeights(node, weightsTarget({ name, spec: remote }, context));
      }
      if (node.kind === "string" || isCallOf(node, "file")) return checkPath(node, name, context);
      break;
    case "list":
      if (node.kind === "list" || node.kind === "range" || isCallOf(node, "log_range")) {
        return checkList(node, { name, spec }, context);
      }
      break;
    case "weights":
      return checkWeights(node, weightsTarget({ name, spec }, context));
    case "split":
    case "wired":
      context.report(splitIsWired(node.span, name));
      return undefined;
  }
  reportMismatch(node, target, context);
  return undefined;
}

function weightsTarget(target: Target<WeightsSpec>, context: CheckContext): WeightsTarget {
  return { ...target, context, interpolate: (text) => interpolate(text, context), resolvePath: resolveText };
}

/** A string with its `${}` filled in; null after reporting a name that is no param. */
function interpolate(node: StringNode, context: CheckContext): FilledText | null {
  return fillString(node, (name) => valueOfParam(name, context));
}

function valueOfParam(name: { readonly text: string; readonly span: StringNode["span"] }, context: CheckContext) {
  const value = context.params.get(name.text);
  context.used.add(name.text);
  if (value !== undefined) return value;
  const known = namesOfKind(context.names, "param");
  context.report(unknownParam({ span: name.span, word: name.text, known }));
  return null;
}

/** A bare word that names a `param` stands for its value, unless it is one of the parameter's own choices. */
function replaceParam(node: ValueNode, spec: ParamSpec, context: CheckContext): ValueNode | null {
  if (node.kind !== "reference" || node.path.parts.length !== 1) return node;
  const word = node.path.parts[0]?.text ?? "";
  const value = context.params.get(word);
  if (value === undefined || (spec.type === "choice" && spec.choices.includes(word))) return node;
  context.used.add(word);
  if (value === null) return null;
  const { span } = node;
  if (typeof value.value === "number") return { kind: "number", value: value.value, text: String(value.value), span };
  if (typeof value.value === "boolean") return { kind: "boolean", value: value.value, span };
  return { kind: "string", parts: [{ kind: "name", name: { text: word, span } }], raw: value.value, span };
}

/** The words that stand for numbers of a parameter; null where it has none. */
function wordsOf(spec: ParamSpec): Readonly<Record<string, number | null>> | null {
  return spec.type === "integer" || spec.type === "number" ? (spec.words ?? null) : null;
}

function checkWord(node: ReferenceNode, { name, spec }: ValueTarget, context: CheckContext): number | null | undefined {
  const words = wordsOf(spec) ?? {};
  const word = pathText(node.path);
  if (Object.hasOwn(words, word)) return words[word];
  context.report(wrongType(node.span, name, { expected: describeSpec(spec), found: describeValue(node) }));
  return undefined;
}

function checkNumber(node: NumberNode, { name, spec }: ValueTarget, context: CheckContext): number | undefined {
  if (spec.type !== "number" && !Number.isSafeInteger(node.value)) {
    context.report(wrongType(node.span, name, { expected: describeSpec(spec), found: `the number ${node.text}` }));
    return undefined;
  }
  const min = spec.type === "seed" ? 0 : "min" in spec ? spec.min : undefined;
  const max = "max" in spec ? spec.max : undefined;
  const range = describeRange(min, max);
  // Written so that NaN, which compares false with everything, is out of every range.
  const isInside = node.value >= (min ?? -Infinity) && node.value <= (max ?? Infinity);
  if (isInside && Number.isFinite(node.value)) return node.value;
  context.report(outOfRange(node.span, name, { range: range ?? "a finite number", found: node.text }));
  return undefined;
}

interface Target<Spec> {
  readonly name: string;
  readonly spec: Spec;
}

function checkChoice(node: ValueNode, { name, spec }: Target<ChoiceSpec>, context: CheckContext): string | undefined {
  const word =
    node.kind === "string"
      ? (interpolate(node, context)?.value ?? null)
      : node.kind === "reference"
        ? node.path.parts.map((part) => part.text).join(".")
        : null;
  if (word === null) return undefined;
  if (spec.choices.includes(word)) return word;
  context.report(unknownChoice({ span: node.span, word, known: spec.choices }, name));
  return undefined;
}

/** A string, or `file("...")`. */
function checkPath(
  node: StringNode | CallNode,
  name: string,
  context: CheckContext,
): { readonly path: string } | undefined {
  const string = node.kind === "string" ? node : onlyArgument(node, "string");
  if (string?.kind !== "string") {
    context.report(wrongCall(node.span, "file", 'file("data/x.npz")'));
    return undefined;
  }
  const written = interpolate(string, context);
  if (written === null) return undefined;
  if (written.value !== "") return { path: resolveText(written) };
  context.report(wrongType(node.span, name, { expected: "a path", found: "an empty string" }));
  return undefined;
}

/** A path is relative to the file that writes it; one that begins with a value from outside, to the working directory. */
function resolveText({ value, base }: FilledText): string {
  return base === null ? normalisePath(value) : resolvePath(base, value);
}

function checkList(
  node: ValueNode,
  target: Target<ListSpec>,
  context: CheckContext,
  isInner = false,
): ListValue | undefined {
  const { name, spec } = target;
  const items = expandBoundedValues(node, context.report);
  if (items === null) return undefined;
  const range = describeRange(spec.minLength, spec.maxLength);
  if (items.length < (spec.minLength ?? 0) || items.length > (spec.maxLength ?? Infinity)) {
    context.report(wrongLength(node.span, name, { range: range ?? "", found: items.length, isInner }));
    return undefined;
  }
  const values = items.map((item) => checkItem(item, target, context));
  if (!values.every((value) => value !== undefined)) return undefined;
  const numbers = values.filter((value) => typeof value === "number");
  if (spec.isAscending === true && numbers.some((value, index) => index > 0 && value <= numbers[index - 1]!)) {
    context.report(notAscending(node.span, name, numbers));
    return undefined;
  }
  return values;
}

/** One value of a list. */
function checkItem(
  item: ValueNode,
  { name, spec }: Target<ListSpec>,
  context: CheckContext,
): ListValue[number] | undefined {
  const { items } = spec;
  if (items.type !== "list") {
    const value = checkValue(item, { name, spec: items }, context);
    return typeof value === "number" || typeof value === "string" ? value : undefined;
  }
  if (item.kind === "list") return checkList(item, { name, spec: items }, context, true);
  // The whole list is described: what its items have to be reads like the one flat list that was written.
  reportMismatch(item, { name, spec }, context);
  return undefined;
}

function onlyArgument(node: CallNode, kind: "string" | "number"): ValueNode | null {
  const [first, ...rest] = node.arguments;
  return first?.kind === kind && rest.length === 0 ? first : null;
}

function isCallOf(node: ValueNode, name: string): node is CallNode {
  return node.kind === "call" && node.name.text === name;
}

function reportMismatch(node: ValueNode, { name, spec }: ValueTarget, context: CheckContext): void {
  const isLater = node.kind === "block" || node.kind === "construct" || node.kind === "sum" || node.kind === "choose";
  if (isLater) context.report(notSupportedYet(node.span, `${describeValue(node)} as a value`));
  else context.report(wrongType(node.span, name, { expected: describeSpec(spec), found: describeValue(node) }));
}
