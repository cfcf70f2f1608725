import type { CallNode, StringNode, ValueNode } from "../2-ast/ast.ts";
import { sourceNotTaken, unknownChoice, wrongCall, wrongType } from "../diagnostics/catalog-check.ts";
import type { WeightsSpec, WeightsValue } from "../signature/signature.ts";
import type { CheckContext } from "./check-context.ts";
import { describeSpec, describeValue, weightsUsage } from "./describe.ts";
import type { FilledText } from "./fill-string.ts";
import { pathText } from "./value-text.ts";

export interface WeightsTarget {
  readonly name: string;
  readonly spec: WeightsSpec;
  readonly context: CheckContext;
  /** A string with its `${}` filled in; null after reporting a name that is no param. */
  readonly interpolate: (node: StringNode) => FilledText | null;
  readonly resolvePath: (text: FilledText) => string;
}

type SourceName = keyof typeof weightsUsage;

/** `random(7)`, `file("..")`, `hf("..")`, `url("..", "..")`, or the name of weights that the constructor knows. */
export function checkWeights(node: ValueNode, target: WeightsTarget): WeightsValue | undefined {
  if (node.kind === "call") return checkSource(node, target);
  if (node.kind === "reference" || node.kind === "string") return checkName(node, target);
  reportType(node, target);
  return undefined;
}

function checkSource(node: CallNode, target: WeightsTarget): WeightsValue | undefined {
  const { spec, context } = target;
  const source = node.name.text;
  if (!isSource(source)) {
    reportType(node, target);
    return undefined;
  }
  if (!spec.sources.includes(source)) {
    context.report(sourceNotTaken(node.span, source, spec.sources));
    return undefined;
  }
  const value = source === "random" ? readSeed(node) : readTexts(node, source, target);
  if (value === null) return undefined;
  if (value === undefined) context.report(wrongCall(node.span, source, weightsUsage[source]));
  return value;
}

/** Published weights go by a name, as `imagenet1k_v1` of torchvision's; also as a string, as PyTorch users write it. */
function checkName(node: ValueNode & { kind: "reference" | "string" }, target: WeightsTarget) {
  const { name, spec, context } = target;
  const published = spec.published ?? {};
  const word = node.kind === "reference" ? pathText(node.path) : (target.interpolate(node)?.value ?? null);
  if (word === null) return undefined;
  const found = Object.hasOwn(published, word.toLowerCase()) ? published[word.toLowerCase()] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(published);
  if (known.length > 0 && node.kind === "reference")
    context.report(unknownChoice({ span: node.span, word, known }, name));
  else reportType(node, target);
  return undefined;
}

function readSeed(node: CallNode): WeightsValue | undefined {
  const [seed, ...rest] = node.arguments;
  if (seed?.kind !== "number" || rest.length > 0) return undefined;
  return Number.isSafeInteger(seed.value) && seed.value >= 0 ? { weights: "random", seed: seed.value } : undefined;
}

/** Null after reporting; undefined where the call is not how the source is written. */
function readTexts(
  node: CallNode,
  source: Exclude<SourceName, "random">,
  { interpolate, resolvePath }: WeightsTarget,
): WeightsValue | null | undefined {
  const texts = node.arguments.map((argument) => (argument.kind === "string" ? interpolate(argument) : undefined));
  if (texts.includes(null)) return null;
  const [first, second, third, ...rest] = texts.map((text) => text?.value);
  if (first === undefined || first === "" || rest.length > 0) return undefined;
  if (texts.includes(undefined)) return undefined;
  switch (source) {
    case "file":
      return second === undefined ? { weights: source, path: resolvePath(texts[0]!) } : undefined;
    case "hf":
      if (!repositoryName.test(first) || second === "" || third === "") return undefined;
      return { weights: source, repository: first, file: second ?? null, revision: third ?? null };
    case "url": {
      const isDigest = second !== undefined && digest.test(second) && third === undefined;
      return isDigest && address.test(first)
        ? { weights: source, url: first, sha256: second.toLowerCase() }
        : undefined;
    }
  }
}

function isSource(name: string): name is SourceName {
  return Object.hasOwn(weightsUsage, name);
}

function reportType(node: ValueNode, { name, spec, context }: WeightsTarget): void {
  context.report(wrongType(node.span, name, { expected: describeSpec(spec), found: describeValue(node) }));
}

const repositoryName = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
/** Whole, or the first digits that a published file's name carries. */
const digest = /^[\da-f]{8,64}$/i;
const address = /^https?:\/\/[^\s/]+\/\S+$/;
