export { encodeNpz, type NpyArray } from "./arrays/encode-npz.ts";
export { choiceCodec, type Choice, type Settings } from "./artifacts/choice.ts";
export { codecOf } from "./artifacts/codecs.ts";
export { decodeDocument, encodeDocument, type ArtifactCodec } from "./artifacts/document-codec.ts";
export { examplesCodec, type Example, type ExampleSet, type ProblemKind } from "./artifacts/examples.ts";
export { comparisonCodec, type ComparedCell, type Comparison } from "./artifacts/comparison.ts";
export { rankingCodec, type Ranking } from "./artifacts/ranking.ts";
export { predictionsCodec, type Predictions } from "./artifacts/predictions.ts";
export { scoreCodec, type Score } from "./artifacts/score.ts";
export type { TrainedOn } from "./artifacts/trained-on.ts";
export type { ArtifactKinds, KindName } from "./artifacts/kinds.ts";
export { describeRemote } from "./backbones/hub/describe-remote.ts";
export { fetchWeights } from "./backbones/hub/fetch-weights.ts";
export { findWeights } from "./backbones/hub/find-weights.ts";
export type { FoundWeights, RemoteWeights } from "./backbones/hub/found-weights.ts";
export {
  describeBackbones,
  type BackboneDescription,
  type WeightsDescription,
} from "./backbones/published/describe-backbones.ts";
export { builtinOps } from "./builtin-ops.ts";
export { presets } from "./presets/presets.ts";
export type { DatasetDescription } from "./datasets/dataset-description.ts";
export { describeDatasets, type DatasetConstructor } from "./datasets/describe-datasets.ts";
export { inspectDataset, type InspectOptions } from "./datasets/inspect-dataset.ts";
export type * from "./datasets/inspection.ts";
export * as engine from "./engine.ts";
export { gatherBags } from "./heads/bags.ts";
export { trainWithOnnx } from "./heads/linear/train-with-onnx.ts";
export type {
  HeadSettings,
  HeadWeights,
  TrainedHead,
  TrainHeads,
  TrainingExamples,
  TrainingHooks,
  TrainingPlan,
  TrainingTask,
} from "./heads/linear/trainer.ts";
export { imageLabels } from "./images/augment/across-mirror.ts";
export { decodeImage } from "./images/decode-image.ts";
export { libraryNames } from "./op.ts";
export type { FusedAnswer, FusedOp, LibraryName, Op, ParamsOf, PerExampleOp, RowExtractor, SingleOp } from "./op.ts";
export {
  inputOf,
  paramsOf,
  type FusedContext,
  type InputValue,
  type OpContext,
  type SourceFile,
} from "./op-context.ts";
export {
  rowWidth,
  type ExampleBatch,
  type ExampleFailure,
  type ExtractedRows,
  type RowLayout,
  type RowPart,
} from "./rows.ts";
export { OpError } from "./op-error.ts";
export { accelerators, type Accelerator, type Device } from "./runtime/device.ts";
export type { DeviceLack } from "./runtime/device-lack.ts";
export type { DeviceProbe } from "./runtime/judge-probe.ts";
export { probeDevice, type ProbeOptions } from "./runtime/probe-device.ts";
export { cudaEnvironment } from "./runtime/provider-settings.ts";
export { describeRuntime } from "./runtime/describe-runtime.ts";
export { nativeCalls, type NativeCallMessage } from "./runtime/native-calls.ts";
export { openSession, type Session } from "./runtime/session.ts";
export { findTfjs, tfjsInstallation, type TfjsDescription } from "./runtime/tfjs.ts";
export { findLeaks, type IdPair, type Leak, type LeakReport, type RepeatedImages } from "./splits/find-leaks.ts";
export type { BagFault } from "./splits/find-bag-faults.ts";
export { tieValue } from "./statistics/tie-value.ts";
