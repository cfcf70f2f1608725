import { missingParts } from "../../diagnostics/catalog-protocol.ts";
import type { OpFacts } from "../../signature/signature.ts";
import type { Span } from "../../text/source.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/**
 * Patch tokens, several blocks or a named part are asked only of a backbone that can have them. A search may try them
 * all the same: a point that cannot be fitted is passed over.
 */
export const everyPartIsThere: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["backbone", "head"], subject)) {
    const { backbone, head } = combination.declarations;
    const { backbone: constructor, head: headOp } = combination.constructors;
    const parts = findFact(constructor?.facts?.parts, "backbone", combination);
    const takes = headOp?.facts?.takesParts;
    if (backbone === undefined || head === undefined || parts === null || takes === undefined) continue;
    const wanted = wantedParts(takes, combination);
    const missing = wanted.filter(({ part }) => !parts.includes(part));
    const [first] = missing;
    if (first === undefined) continue;
    const names = { backbone: backbone.label, op: backbone.op, head: head.label, at: backbone.span };
    report(missingParts(first.span, { ...names, missing: missing.map(({ part }) => part), known: parts }));
  }
};

interface WantedPart {
  readonly part: string;
  /** What asks for it. */
  readonly span: Span;
}

/** The parts that a head asks for by what the program writes; its defaults fit every backbone. */
function wantedParts(
  { named, blocks, patches }: NonNullable<OpFacts["takesParts"]>,
  { valueOf, search }: Combination,
): readonly WantedPart[] {
  const over = search?.over ?? {};
  const read = (param: string | undefined) =>
    param === undefined || Object.hasOwn(over, param) ? null : valueOf("head", param);
  const part = read(named);
  // While a search chooses the part, the others may mean nothing.
  if (Object.hasOwn(over, named)) return [];
  if (typeof part?.value === "string") return part.span === null ? [] : [{ part: part.value, span: part.span }];
  const [count, mean] = [read(blocks), read(patches)];
  const tokens: readonly WantedPart[] =
    typeof count?.value === "number" && count.value > 1 && count.span !== null
      ? [{ part: `cls_${count.value}`, span: count.span }]
      : [];
  return mean?.value === true && mean.span !== null ? [...tokens, { part: "patch_mean", span: mean.span }] : tokens;
}
