import { OpError } from "../../op-error.ts";
import type { OnnxNode } from "../onnx-model.ts";
import { isStandard } from "./operator-sets.ts";

/** What a node is called: its own name or, where it has none, that of its first result. */
export function labelOf({ name = "", output = [] }: OnnxNode): string {
  return name === "" ? (output[0] ?? "") : name;
}

/** An operator of another domain is named with it. */
function operatorOf({ opType = "", domain = "" }: OnnxNode): string {
  return isStandard(domain) ? opType : `${domain}.${opType}`;
}

function describe(node: OnnxNode, file: string): string {
  return `${file}: the node "${labelOf(node)}" (operator ${operatorOf(node)})`;
}

const exportPlainly =
  "Export the model with operators of ONNX alone (operator set 17 to 20, without optimisations for a runtime), or name a tensor before this node as its features.";

export function unknownOperator(node: OnnxNode, file: string): OpError {
  const isOther = !isStandard(node.domain ?? "");
  return new OpError(
    "onnx-operator-unknown",
    `${describe(node, file)} cannot be used: ${isOther ? "the operator is not one of ONNX itself, and the file does not say what it does" : "the operator is not known here"}.`,
    exportPlainly,
  );
}

export function unknownBranch(node: OnnxNode, file: string): OpError {
  return new OpError(
    "onnx-operator-unknown",
    `${describe(node, file)} cannot be used: which of its branches is taken hangs on the images.`,
    exportPlainly,
  );
}

export function missingTensor(node: OnnxNode, name: string, file: string): OpError {
  return new OpError(
    "onnx-node-invalid",
    `${describe(node, file)} reads the tensor "${name}", which nothing makes.`,
    "The file is not whole: export the model again.",
  );
}

/** A function or a branch that does not make what it gives. */
export function missingResult(node: OnnxNode, name: string, file: string): OpError {
  return new OpError(
    "onnx-node-invalid",
    `${describe(node, file)} gives the tensor "${name}", which nothing inside of it makes.`,
    "The file is not whole: export the model again.",
  );
}

/** What a node has wrong is the model file's mistake. */
export function blamingNode<Result>(node: OnnxNode, file: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    // A TypeError, say, is a mistake of ours.
    if (!(error instanceof Error) || error.name !== "Error") throw error;
    throw new OpError(
      "onnx-node-invalid",
      `${describe(node, file)} cannot be used: ${error.message.replace(/\.$/, "")}.`,
      "Check the image size and the batch that the model is given. If they are right, export it again with operator set 17 to 20, or name a tensor before this node as its features.",
    );
  }
}
