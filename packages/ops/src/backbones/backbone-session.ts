import { basename } from "node:path";
import { readFile } from "node:fs/promises";
import { OpError } from "../op-error.ts";
import { exposeTensors, listTensors, requireTensor } from "../onnx/expose-tensor.ts";
import { findExternalFiles } from "../onnx/external-files.ts";
import { readModel } from "../onnx/read-model.ts";
import type { Device } from "../runtime/device.ts";
import { openSession, type ModelSource, type Session } from "../runtime/session.ts";

export interface BackboneSessionOptions {
  /** The path of the user's file, or a graph of ours. */
  readonly source: string | ModelSource;
  /** The tensors that will be asked for: outputs, or inner tensors, which become outputs. */
  readonly tensors: readonly string[];
  readonly threads: number;
  /** By default the CPU. */
  readonly device?: Device;
}

/**
 * Loads a backbone's graph so that all the tensors can be asked for. A file is loaded by its path; only where an inner
 * tensor is wanted are its bytes read and the tensor added to the outputs.
 * @throws OpError of reading the file, `onnx-load-failed`, `onnx-no-such-output`
 */
export async function openBackboneSession(options: BackboneSessionOptions): Promise<Session> {
  const { source, tensors, threads, device = "cpu" } = options;
  if (typeof source !== "string") return openSession({ model: source, threads, device });
  const name = basename(source);
  const session = await openSession({ model: { data: source, name }, threads, device });
  const outputs = session.outputs.map((output) => output.name);
  const missing = tensors.filter((tensor) => !outputs.includes(tensor));
  if (missing.length === 0) return session;

  await session.close();
  const bytes = await readBackboneFile(source);
  const model = await readModel(bytes, name);
  for (const tensor of missing) requireTensor(listTensors(model), tensor, name);
  const externalFiles = await findExternalFiles(model, source);
  return openSession({ model: { data: await exposeTensors(bytes, missing), externalFiles, name }, threads, device });
}

/** @throws OpError `file-missing` or `file-unreadable` */
export async function readBackboneFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") {
      throw new OpError(
        "file-missing",
        `There is no file ${path}.`,
        "A path that a program writes is relative to that program, one from --set or the environment to the working folder.",
      );
    }
    throw new OpError("file-unreadable", `The file ${path} cannot be read (${code}).`);
  }
}
