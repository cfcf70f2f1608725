import { OpError } from "../op-error.ts";
import type { Session, TensorSlot } from "../runtime/session.ts";

/** The input of a graph that images go to: [batch, 3, imageSize, imageSize]. */
export interface ImageInput {
  readonly name: string;
  readonly imageSize: number;
  /** Images per run where the model fixes it; null where it is free. */
  readonly batch: number | null;
}

export interface ImageInputRequest {
  /** Null: the only input. */
  readonly name: string | null;
  /** Null: the model's own, or 224 where that is free. */
  readonly imageSize: number | null;
  /** The file's name, for messages. */
  readonly file: string;
}

/** @throws OpError `onnx-input-unclear`, `onnx-no-such-input`, `onnx-input-shape`, `onnx-image-size` */
export function chooseImageInput(inputs: readonly TensorSlot[], request: ImageInputRequest): ImageInput {
  const { file } = request;
  const input = chooseInput(inputs, request);
  requireImageShape(input, file);
  const [batch = null, , height = null, width = null] = input.dims;
  const imageSize = request.imageSize ?? height ?? width ?? 224;
  if ((height !== null && height !== imageSize) || (width !== null && width !== imageSize)) {
    const shape = `${String(height ?? "any")} x ${String(width ?? "any")}`;
    throw new OpError(
      "onnx-image-size",
      `${file} takes images of ${shape} pixels (height x width), not of ${String(imageSize)} x ${String(imageSize)}.`,
      height === width ? "Leave image_size out." : "Export the model for square images.",
    );
  }
  return { name: input.name, imageSize, batch };
}

/**
 * The shape of a tensor for a batch of blank images: only running tells it where a model leaves dimensions free.
 * @throws OpError `onnx-run-failed` where the model does not take this image size; `batch-not-first` where the tensor's
 *   first axis is not the images, so that its rows would be those of other images
 */
export async function measureTensor(
  session: Session,
  { input, tensor }: { readonly input: ImageInput; readonly tensor: string },
): Promise<readonly number[]> {
  const dims = [input.batch ?? 2, 3, input.imageSize, input.imageSize];
  const blank = new Float32Array(dims.reduce((product, size) => product * size, 1));
  const values = await session.run({ [input.name]: { data: blank, dims } }, [tensor]);
  const found = values.get(tensor)?.dims ?? [];
  if (found[0] === dims[0]) return found;
  throw new OpError(
    "batch-not-first",
    `The tensor "${tensor}" has the shape [${found.join(", ")}] for ${String(dims[0])} images: its first axis is not the images.`,
    "Name another output or an inner tensor by `features`, or export the model with the batch first and free.",
  );
}

function chooseInput(inputs: readonly TensorSlot[], { name, file }: ImageInputRequest): TensorSlot {
  const names = inputs.map((input) => input.name).join(", ");
  const [only, ...others] = inputs;
  if (name === null) {
    if (only !== undefined && others.length === 0) return only;
    throw new OpError(
      "onnx-input-unclear",
      `${file} has ${String(inputs.length)} inputs${names === "" ? "" : `: ${names}`}; a backbone takes images and nothing else.`,
      "Export the image branch alone.",
    );
  }
  const chosen = inputs.find((input) => input.name === name);
  if (chosen === undefined) {
    throw new OpError("onnx-no-such-input", `${file} has no input "${name}".`, `Its inputs: ${names}.`);
  }
  if (others.length > 0) {
    const rest = inputs.flatMap((input) => (input === chosen ? [] : [input.name])).join(", ");
    throw new OpError(
      "onnx-input-unclear",
      `Beside "${name}", ${file} has inputs that nothing would be given to: ${rest}.`,
      "Export the image branch alone.",
    );
  }
  return chosen;
}

function requireImageShape(input: TensorSlot, file: string): void {
  const { type, dims } = input;
  const [, channels] = dims;
  const isKnown = dims.length > 0;
  if (type === "float32" && (!isKnown || (dims.length === 4 && (channels === 3 || channels === null)))) return;
  const shape = `[${dims.map((size) => size ?? "?").join(", ")}]`;
  throw new OpError(
    "onnx-input-shape",
    `The input "${input.name}" of ${file} is ${type ?? "no tensor"} of shape ${shape}; images are given as float32 [batch, 3, height, width].`,
    "Export the model with three colour channels before height and width (NCHW), in float32.",
  );
}
