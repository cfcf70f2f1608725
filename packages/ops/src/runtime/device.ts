/** Where a graph runs. */
export type Device = "cpu" | "cuda" | "webgpu";

/** A device that has to be there, and may not be. */
export type Accelerator = Exclude<Device, "cpu">;

/** The fastest first: onnxruntime's kernels for CUDA are the older and better tuned ones, and WebGPU goes through shaders. */
export const accelerators: readonly Accelerator[] = ["cuda", "webgpu"];
