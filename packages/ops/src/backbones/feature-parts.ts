import type { OutputTensor } from "../artifacts/backbone.ts";
import { OpError } from "../op-error.ts";
import type { RowLayout } from "../rows.ts";

export const reduceChoices = ["auto", "none", "class_token", "patch_mean", "spatial_mean", "tokens"] as const;

export interface FeatureRequest {
  readonly tensor: string;
  /** The tensor's shape for a batch: [B, D], [B, T, D] or [B, C, H, W]. */
  readonly dims: readonly number[];
  readonly reduce: (typeof reduceChoices)[number];
  /** Tokens before the patch tokens; null: worked out from the number of tokens. */
  readonly prefixTokens: number | null;
  /** The file's name, for messages. */
  readonly file: string;
}

export interface FeatureParts {
  readonly outputs: readonly OutputTensor[];
  readonly layout: RowLayout;
}

/**
 * How the rows are read from a tensor. Parts: `features` of [B, D]; `cls_1` (token 0, the default) and `patch_mean` of
 * [B, T, D]; `spatial_mean` of [B, C, H, W].
 * @throws OpError `features-rank`, `reduce-rank`, `map-not-square`, `tokens-unclear`, `class-token-absent`
 */
export function chooseFeatureParts(request: FeatureRequest): FeatureParts {
  const { tensor, dims, file } = request;
  const rank = dims.length;
  if (rank < 2 || rank > 4) {
    throw new OpError(
      "features-rank",
      `The tensor "${tensor}" of ${file} has the shape ${formatDims(dims)}; features have 2 axes (batch, width), 3 (batch, tokens, width) or 4 (batch, channels, height, width).`,
      "Name another output or an inner tensor by `features`.",
    );
  }
  requireReduceFits(request, rank);
  if (rank === 2) return partsOf(tensor, dims[1] ?? 0, [{ part: "features", reduce: "none", prefixTokens: 0 }]);
  if (rank === 4) requireSquareMap(request);
  if (rank === 4)
    return partsOf(tensor, dims[1] ?? 0, [{ part: "spatial_mean", reduce: "spatial-mean", prefixTokens: 0 }]);
  return partsOf(tensor, dims[2] ?? 0, tokenParts(request));
}

type Part = Omit<OutputTensor, "tensor">;

function partsOf(tensor: string, width: number, parts: readonly Part[]): FeatureParts {
  return {
    outputs: parts.map((part) => ({ tensor, ...part })),
    layout: { parts: parts.map(({ part }) => ({ name: part, width })), defaultPart: parts[0]?.part ?? "" },
  };
}

function tokenParts(request: FeatureRequest): readonly Part[] {
  const { reduce, tensor, file } = request;
  const classToken: Part = { part: "cls_1", reduce: "class-token", prefixTokens: 0 };
  if (reduce === "class_token") return [classToken];
  const prefixTokens = prefixTokensOf(request);
  const patchMean: Part = { part: "patch_mean", reduce: "patch-mean", prefixTokens };
  if (reduce === "patch_mean") return [patchMean];
  if (prefixTokens > 0) return [classToken, patchMean];
  if (reduce === "auto") return [patchMean];
  throw new OpError(
    "class-token-absent",
    `The tensor "${tensor}" of ${file} has patch tokens only, shape ${formatDims(request.dims)}: there is no class token to take.`,
    "Write reduce: patch_mean, or prefix_tokens: 1 if its first token is a class token all the same.",
  );
}

/**
 * Patches form a square, so one token more than a square is a class token, and a square has none. Anything else (registers,
 * windows, text) has to be said by the program: a mean over the wrong tokens would look like any other number.
 */
function prefixTokensOf({ tensor, dims, prefixTokens, file }: FeatureRequest): number {
  const tokens = dims[1] ?? 0;
  if (prefixTokens !== null) {
    if (prefixTokens < tokens) return prefixTokens;
    throw new OpError(
      "tokens-unclear",
      `prefix_tokens is ${String(prefixTokens)}, but the tensor "${tensor}" of ${file} has ${String(tokens)} tokens.`,
    );
  }
  if (Number.isInteger(Math.sqrt(tokens))) return 0;
  if (Number.isInteger(Math.sqrt(tokens - 1))) return 1;
  throw new OpError(
    "tokens-unclear",
    `The tensor "${tensor}" of ${file} has ${String(tokens)} tokens: neither a square of patches nor one token more, so it is not clear which of them are patches.`,
    "Write prefix_tokens: how many come before the patches (class token and registers), or reduce: class_token.",
  );
}

/** The rank that each reduction takes. */
const reduceRanks = { none: 2, class_token: 3, patch_mean: 3, tokens: 3, spatial_mean: 4 } as const;

function requireReduceFits({ tensor, dims, reduce, file }: FeatureRequest, rank: number): void {
  if (reduce === "auto" || reduceRanks[reduce] === rank) return;
  const fitting = Object.entries(reduceRanks).flatMap(([name, wanted]) => (wanted === rank ? [name] : []));
  throw new OpError(
    "reduce-rank",
    `reduce: ${reduce} takes a tensor of ${String(reduceRanks[reduce])} axes, but "${tensor}" of ${file} has the shape ${formatDims(dims)}.`,
    `Write reduce: ${fitting.join(" or ")}, or leave it out.`,
  );
}

/** Images are square, so that a map is too: one that is not has its channels last, and its mean would be no feature at all. */
function requireSquareMap({ tensor, dims, file }: FeatureRequest): void {
  if (dims[2] === dims[3]) return;
  throw new OpError(
    "map-not-square",
    `The tensor "${tensor}" of ${file} has the shape ${formatDims(dims)}, which is not batch, channels, height and width of a square map${dims[1] === dims[2] ? ": its channels seem to come last" : ""}.`,
    "Name a tensor with channels before height and width by `features`, or one that is pooled already.",
  );
}

function formatDims(dims: readonly number[]): string {
  return `[${dims.join(", ")}]`;
}
