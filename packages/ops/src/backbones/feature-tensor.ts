import { OpError } from "../op-error.ts";
import { requireTensor, type TensorNames } from "../onnx/expose-tensor.ts";

/** Names that exporters give to the output that people take features from, best first. */
const usualNames = ["features", "pooler_output", "last_hidden_state"];

/**
 * The tensor that rows are read from: the one that the program names, or else an output by a usual name, or else the only
 * output.
 * @param file the file's name, for messages
 * @throws OpError `onnx-no-such-output`, `onnx-output-unclear`
 */
export function chooseFeatureTensor(tensors: TensorNames, wanted: string | null, file: string): string {
  if (wanted !== null) {
    requireTensor(tensors, wanted, file);
    return wanted;
  }
  const { outputs } = tensors;
  const [only, ...others] = outputs;
  const chosen = usualNames.find((name) => outputs.includes(name)) ?? (others.length === 0 ? only : undefined);
  if (chosen !== undefined) return chosen;
  throw new OpError(
    "onnx-output-unclear",
    `${file} has ${String(outputs.length)} outputs, none of them called ${usualNames.join(", ")}: ${outputs.join(", ")}.`,
    `Say which one holds the features, e.g. features: "${only ?? ""}".`,
  );
}
