/**
 * The engine for whoever builds on it: graphs, published networks over files of weights, models from files, losses, optimisers, and the
 * trainer that runs them. docs/training.md shows how they go together. Beside these, what opens each format of images.
 */
export { createGraphBuilder, type GraphScope, type GraphTensor } from "./onnx/graph-builder.ts";
export { crossEntropyLoss } from "./onnx/losses/cross-entropy-loss.ts";
export { meanSquaredError } from "./onnx/losses/mean-squared-error.ts";
export type { OnnxModel } from "./onnx/onnx-model.ts";
export * from "./onnx/operators/activations.ts";
export * from "./onnx/operators/arithmetic.ts";
export * from "./onnx/operators/convolution.ts";
export * from "./onnx/operators/layout.ts";
export * from "./onnx/operators/normalisation.ts";
export * from "./onnx/operators/products.ts";
export { sgd } from "./onnx/optimisers/sgd.ts";
export {
  describeModelTraining,
  type ModelTraining,
  type ModelTrainingOptions,
} from "./onnx/training/model-training.ts";
export { buildNetworkTraining, trainingMemory } from "./onnx/training/network-training.ts";
export { readWeight } from "./onnx/weights/read-weight.ts";
export { writeModel } from "./onnx/write-model.ts";
export type { AskedWeight } from "./backbones/networks/asked-weights.ts";
export {
  buildPublishedGraph,
  traceBackbone,
  type PublishedGraph,
  type PublishedNetwork,
} from "./backbones/published/published-graph.ts";
export { addVitBlock, buildVitGraph, vitInput } from "./backbones/vit-graph.ts";
export { chooseBatch } from "./extraction/choose-batch.ts";
export { openDicom } from "./formats/dicom/open-dicom.ts";
export { openHdf5 } from "./formats/hdf5/open-hdf5.ts";
export { openNifti } from "./formats/nifti/open-nifti.ts";
export { readNpyImage } from "./formats/numpy/read-npy-image.ts";
export { openTiff } from "./formats/tiff/open-tiff.ts";
export { preprocessImage } from "./images/preprocess.ts";
export type { RawValues } from "./images/raw-image.ts";
export type { ModelSource } from "./runtime/session.ts";
export { openNetworkTrainer, type NetworkTrainer } from "./training/network-trainer.ts";
