import type { BlockNode, CallNode, PathNode, ValueNode } from "../2-ast/ast.ts";
import {
  innerRank,
  notAMetric,
  unknownCellFunction,
  unknownMetric,
  unknownSplit,
  wrongArity,
} from "../diagnostics/catalog-table.ts";
import { splitNames, type OpSignature } from "../signature/signature.ts";
import { betterDirection } from "./better-direction.ts";
import type { CheckContext } from "./check-context.ts";
import { checkPlainFields } from "./check-fields.ts";
import {
  cellFunctions,
  type CellFunction,
  type CheckedCell,
  type MetricExpression,
  type Setting,
} from "./checked-program.ts";
import { valueText } from "./value-text.ts";

/** One cell expression of a table; null after reporting what is wrong with it. */
export function checkCell(node: ValueNode, context: CheckContext): CheckedCell | null {
  const expression = checkExpression(node, context);
  return expression === null ? null : { text: valueText(node), expression, span: node.span };
}

function checkExpression(node: ValueNode, context: CheckContext): MetricExpression | null {
  if (node.kind === "reference") return checkMetric(node.path, null, context);
  if (node.kind === "measure") return checkMetric(node.path, node.block, context);
  if (node.kind === "call") return checkApplication(node, context);
  context.report(notAMetric(node.span));
  return null;
}

/** `test.auroc`, `test.auroc { average: weighted }` */
function checkMetric(path: PathNode, block: BlockNode | null, context: CheckContext): MetricExpression | null {
  const [split, metric, ...inner] = path.parts;
  if (split === undefined || metric === undefined || inner.length > 0) {
    context.report(notAMetric(path.span));
    return null;
  }
  const known = splitNames.find((name) => name === split.text);
  if (known === undefined) context.report(unknownSplit({ span: split.span, word: split.text, known: splitNames }));
  const signature = context.signatures.metrics.get(metric.text);
  if (signature === undefined) {
    const metrics = [...context.signatures.metrics.keys()];
    context.report(unknownMetric({ span: metric.span, word: metric.text, known: metrics }));
  }
  if (known === undefined || signature === undefined) return null;
  const settings = checkMetricSettings(block, signature, context);
  return { kind: "metric", split: known, metric: metric.text, settings, span: path.span };
}

function checkMetricSettings(
  block: BlockNode | null,
  metric: OpSignature,
  context: CheckContext,
): Readonly<Record<string, Setting>> {
  return Object.fromEntries(checkPlainFields(block, { ops: [metric], name: metric.name }, context).settings);
}

function checkApplication(node: CallNode, context: CheckContext): MetricExpression | null {
  const word = node.name.text;
  const name = cellFunctions.find((known) => known === word);
  if (name === undefined) {
    context.report(unknownCellFunction({ span: node.name.span, word, known: cellFunctions }));
    return null;
  }
  const { least, most, text } = arities[name];
  const count = node.arguments.length;
  const isRightCount = count >= least && count <= most;
  if (!isRightCount) context.report(wrongArity(node.span, name, { expected: text, found: count }));
  const checked = node.arguments.map((argument) => {
    if (argument.kind === "call" && argument.name.text === "rank") context.report(innerRank(argument.name.span));
    return checkExpression(argument, context);
  });
  const whole = checked.filter((argument) => argument !== null);
  if (!isRightCount || whole.length < count) return null;
  const expression: MetricExpression = { kind: "apply", function: name, arguments: whole };
  const isFromLowest = name === "rank" && betterDirection(expression, context.signatures.metrics) === "lower";
  return isFromLowest ? { ...expression, lowerIsBetter: true } : expression;
}

interface Arity {
  readonly least: number;
  readonly most: number;
  readonly text: string;
}

const several: Arity = { least: 2, most: Infinity, text: "two or more metrics" };
const pair: Arity = { least: 2, most: 2, text: "two metrics" };

const arities: Readonly<Record<CellFunction, Arity>> = {
  mean: several,
  min: several,
  max: several,
  difference: pair,
  ratio: pair,
  rank: { least: 1, most: 1, text: "one metric" },
};
