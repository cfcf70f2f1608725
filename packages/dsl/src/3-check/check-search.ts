import type { FieldNode, ValueNode } from "../2-ast/ast.ts";
import {
  badSearchField,
  badSelect,
  choiceOnTest,
  noCheckpoints,
  notSearchable,
  nothingToSearch,
  outOfRange,
  searchTooLarge,
  severalValues,
  unknownChoice,
  unknownField,
  worstChosen,
  writtenAndSearched,
} from "../diagnostics/catalog-check.ts";
import { unknownMetric } from "../diagnostics/catalog-table.ts";
import type { OpSignature, ParamSpec } from "../signature/signature.ts";
import { findParam, isWiredParam } from "../signature/signature-index.ts";
import type { Span } from "../text/source.ts";
import type { CheckContext } from "./check-context.ts";
import { checkSetting } from "./check-setting.ts";
import type { CheckedSearch, SelectSpec, Setting } from "./checked-program.ts";
import { expandBoundedValues } from "./expand-values.ts";
import type { WrittenSearch } from "./read-search.ts";
import { gridPoints } from "./search-under.ts";

interface SearchOwner {
  readonly constructor: OpSignature;
  /** The search of the declaration that this one derives from. */
  readonly base: CheckedSearch | null;
  readonly name: string;
}

/** A search with what the declaration writes laid over that of its base; null after reporting that it cannot be one. */
export function checkSearch(written: WrittenSearch, owner: SearchOwner, context: CheckContext): CheckedSearch | null {
  const { base, constructor } = owner;
  reportSeveral(written, context);
  const field = (name: string): FieldNode | undefined => written.fields.get(name);
  const over = checkOver(written, owner, context);
  if (Object.keys(over).length === 0 && written.over.size === 0) {
    context.report(nothingToSearch(written.span, owner.name));
    return null;
  }
  const points = Object.values(over).reduce((count, values) => count * values.length, 1);
  if (points > mostPoints) {
    context.report(searchTooLarge(written.span, owner.name, { points, most: mostPoints }));
    return null;
  }
  const checkpoint = checkWord(field("checkpoint"), ["last", "best"], context) ?? base?.checkpoint ?? "last";
  if (checkpoint === "best" && constructor.searching?.epochs === undefined) {
    context.report(noCheckpoints(field("checkpoint")?.key.span ?? written.span, constructor.name));
  }
  const folds = checkFolds(field("folds"), context) ?? base?.folds ?? null;
  if (checkpoint === "best" && folds !== null) {
    context.report(badSearchField(written.span, "checkpoint", "`last` where points are scored by folds"));
  }
  return {
    over,
    isOfUsualGrid: namesNoValues(written, base),
    settings: { ...base?.settings, ...checkSettings(written, owner, context) },
    select: checkSelect(field("select"), context) ?? base?.select ?? defaultSelect(written.span),
    refit: checkRefit(field("refit"), context) ?? base?.refit ?? null,
    checkpoint,
    folds,
    span: written.span,
  };
}

/** The most points of one search: beyond, no validation split can tell them apart, and the graph would be mostly search. */
const mostPoints = 10_000;

/** Every word of a search that is no parameter of the head. */
const searchFields = ["grid", "select", "refit", "checkpoint", "folds"];

/** A named grid first, then what `over` writes; with neither, that of the base or the constructor's own. */
function checkOver(
  written: WrittenSearch,
  { constructor, base }: SearchOwner,
  context: CheckContext,
): Readonly<Record<string, readonly Setting[]>> {
  const grids = constructor.grids ?? {};
  const node = written.fields.get("grid");
  const named = node === undefined ? null : checkWord(node, Object.keys(grids), context);
  const isBare = base === null && namesNoValues(written, base);
  const grid = grids[named ?? (isBare ? "default" : "")];
  const span = node?.values[0]?.span ?? written.span;
  const over: Record<string, readonly Setting[]> =
    grid === undefined ? { ...base?.over } : { ...gridPoints(grid, span) };
  for (const [name, field] of written.over) {
    const values = checkPoints(name, field, { constructor, context });
    if (values !== null) over[name] = values;
  }
  return over;
}

function namesNoValues({ over, fields }: WrittenSearch, base: CheckedSearch | null): boolean {
  return over.size === 0 && !fields.has("grid") && (base?.isOfUsualGrid ?? true);
}

function checkPoints(
  name: string,
  field: FieldNode,
  { constructor, context }: { readonly constructor: OpSignature; readonly context: CheckContext },
): readonly Setting[] | null {
  const { span } = field.key;
  const spec = findParam(constructor, name);
  if (spec === null) {
    context.report(unknownField({ span, word: name, known: searchableParams(constructor) }, constructor.name));
    return null;
  }
  const reason = name === constructor.joinsVal ? "`refit` says it" : reasonAgainst(spec);
  if (reason !== null) {
    context.report(notSearchable(span, name, reason));
    return null;
  }
  if (field.values.every((value) => value.kind === "list" && value.items.length === 0)) {
    context.report(nothingToSearch(span, name));
    return null;
  }
  // A list is the values to try; for a parameter that is a list itself, a list of lists.
  const nodes = field.values.flatMap((value) => expandBoundedValues(value, context.report) ?? []);
  const specs = [{ op: constructor.name, spec }];
  const settings = nodes.map((node) => checkSetting(node, { name, specs }, context));
  const whole = settings.filter((setting) => setting !== null);
  return whole.length === nodes.length && whole.length > 0 ? whole : null;
}

function searchableParams(constructor: OpSignature): readonly string[] {
  const entries = Object.entries(constructor.params).filter(([name]) => name !== constructor.joinsVal);
  return entries.flatMap(([name, spec]) => (reasonAgainst(spec) === null ? [name] : []));
}

function reasonAgainst(spec: ParamSpec): string | null {
  if (spec.type === "seed") return "a seed is chance, and the best of several says nothing of the next";
  if (isWiredParam(spec)) return "it is set by the wiring of tasks";
  if (spec.type === "file" || spec.type === "directory" || spec.type === "weights") return "it is a file";
  return spec.semantic === false ? "it changes no number" : null;
}

/** What the fits of the search have otherwise than the head itself. */
function checkSettings(
  written: WrittenSearch,
  { constructor }: SearchOwner,
  context: CheckContext,
): Readonly<Record<string, Setting>> {
  const settings: Record<string, Setting> = {};
  for (const [name, field] of written.fields) {
    if (searchFields.includes(name)) continue;
    const tried = written.over.get(name);
    if (tried !== undefined) context.report(writtenAndSearched(field.key.span, name, tried.key.span));
    const spec = findParam(constructor, name);
    const [value] = field.values;
    if (spec === null || isWiredParam(spec) || name === constructor.joinsVal) {
      const known = [...searchFields, "over", ...searchableParams(constructor)];
      context.report(unknownField({ span: field.key.span, word: name, known }, "search"));
    } else if (value !== undefined) {
      const setting = checkSetting(value, { name, specs: [{ op: constructor.name, spec }] }, context);
      if (setting !== null) settings[name] = setting;
    }
  }
  return settings;
}

/** Only the values to try are a list of several. */
function reportSeveral({ fields }: WrittenSearch, context: CheckContext): void {
  for (const [name, field] of fields) {
    if (field.values.length > 1 && name !== "select") context.report(severalValues(field.span, name));
  }
}

function defaultSelect(span: Span): SelectSpec {
  return { want: "max", metric: "auroc", span };
}

function checkSelect(field: FieldNode | undefined, context: CheckContext): SelectSpec | null {
  const [value, ...more] = field?.values ?? [];
  if (value === undefined) return null;
  const path = value.kind === "choose" ? value.of : value.kind === "reference" ? value.path : null;
  const [split, metric, ...inner] = path?.parts ?? [];
  if (split?.text === "test") {
    context.report(choiceOnTest(path?.span ?? value.span));
    return null;
  }
  const want = value.kind === "choose" ? value.want.text : "";
  const isWhole = value.kind === "choose" && value.per === null && more.length === 0 && inner.length === 0;
  if (!isWhole || split?.text !== "val" || metric === undefined || (want !== "max" && want !== "min")) {
    context.report(badSelect(value.span));
    return null;
  }
  const known = [...context.signatures.metrics.keys()];
  const { better } = context.signatures.metrics.get(metric.text) ?? {};
  if (better !== undefined && (better === "higher") !== (want === "max")) {
    context.report(worstChosen(value.span, metric.text, better));
    return null;
  }
  if (known.includes(metric.text)) return { want, metric: metric.text, span: value.span };
  context.report(unknownMetric({ span: metric.span, word: metric.text, known }));
  return null;
}

/** `train`, or `train + val` in either order. */
function checkRefit(field: FieldNode | undefined, context: CheckContext): CheckedSearch["refit"] | null {
  const [value, ...more] = field?.values ?? [];
  if (value === undefined || field === undefined) return null;
  const words = (value.kind === "sum" ? value.terms : [value]).map(wordOf).sort().join("+");
  if (more.length === 0 && (words === "train" || words === "train+val")) return words;
  if (words.split("+").includes("test")) context.report(choiceOnTest(value.span));
  else context.report(badSearchField(value.span, "refit", "`train` or `train + val`"));
  return null;
}

function wordOf(node: ValueNode): string {
  return node.kind === "reference" ? node.path.parts.map((part) => part.text).join(".") : "";
}

function checkFolds(field: FieldNode | undefined, context: CheckContext): number | null {
  const [value] = field?.values ?? [];
  if (value === undefined) return null;
  if (value.kind !== "number") {
    context.report(badSearchField(value.span, "folds", "a whole number, e.g. 5"));
    return null;
  }
  if (Number.isSafeInteger(value.value) && value.value >= 2 && value.value <= mostFolds) return value.value;
  context.report(outOfRange(value.span, "folds", { range: `from 2 to ${String(mostFolds)}`, found: value.text }));
  return null;
}

const mostFolds = 100;

function checkWord<Word extends string>(
  field: FieldNode | undefined,
  known: readonly Word[],
  context: CheckContext,
): Word | null {
  const [value] = field?.values ?? [];
  if (field === undefined || value === undefined) return null;
  const word = wordOf(value);
  const found = known.find((candidate) => candidate === word);
  if (found === undefined)
    context.report(unknownChoice({ span: value.span, word, known }, field.key.parts[0]?.text ?? ""));
  return found ?? null;
}
