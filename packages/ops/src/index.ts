export type { Op, ParamsOf, PerExampleOp, RowExtractor, SingleOp } from "./op.ts";
export { OpError, type InputValue, type OpContext, type SourceFile } from "./op-context.ts";
export type { ExampleBatch, ExampleFailure, ExtractedRows, RowLayout, RowPart } from "./rows.ts";
export type { ArtifactKinds, KindName } from "./artifacts/kinds.ts";
export type { Score } from "./artifacts/score.ts";
