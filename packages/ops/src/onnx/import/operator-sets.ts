import { OpError } from "../../op-error.ts";
import type { OnnxModel, OperatorSet } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";

/** Before it, operators said by attributes how they broadcast. */
const oldest = 7;

/** Which version of ONNX's own operators nodes are written for. */
export function standardVersion(sets: readonly OperatorSet[]): number {
  return numberOf(sets.find(({ domain = "" }) => isStandard(domain))?.version);
}

/** ONNX's own domain has two names. */
export function isStandard(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

/** @throws OpError `onnx-operator-unknown` where the operators of the file are older than those that are known here */
export function checkOperatorSet({ opsetImport = [], functions = [] }: OnnxModel, file: string): void {
  const versions = [opsetImport, ...functions.map((each) => each.opsetImport ?? [])].map(standardVersion);
  // Functions, and a model of nothing but functions, need not name it.
  const named = versions.filter((version, place) => version !== 0 || (place === 0 && functions.length === 0));
  const older = named.find((version) => version < oldest);
  if (older === undefined) return;
  const found =
    older === 0
      ? "does not say which operator set of ONNX it is written for"
      : `is written for operator set ${older} of ONNX`;
  throw new OpError(
    "onnx-operator-unknown",
    `${file} ${found}; those from ${oldest} on are known here.`,
    "Export the model again with operator set 17 to 20, or convert it with onnx.version_converter.",
  );
}
