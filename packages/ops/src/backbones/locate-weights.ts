import type { PathValue } from "@exp-lab/dsl";
import { OpError } from "../op-error.ts";
import { sha256OfFile } from "./hub/file-digest.ts";
import { findWeights } from "./hub/find-weights.ts";
import type { WeightsSource } from "./weights/weights-source.ts";

/**
 * The main file of weights on this machine. Nothing is downloaded: that is done before a run, or by `exp fetch`.
 * @throws OpError `weights-absent`, `weights-source-invalid`
 */
export async function locateWeights(source: WeightsSource): Promise<string> {
  const found = await findWeights(source, { digestOf: (path) => sha256OfFile(path, null) });
  if (found.status === "here") return found.path;
  throw new OpError(
    "weights-absent",
    found.reason,
    source.weights === "file"
      ? "A path that a program writes is relative to that program, one from --set or the environment to the working folder."
      : "Download them by `exp fetch FILE` where there is a network.",
  );
}

/** A file of the program's own, or one that a cache holds. @throws OpError as `locateWeights` does, for the latter */
export async function locateFile(file: PathValue | WeightsSource): Promise<string> {
  return "weights" in file ? locateWeights(file) : file.path;
}
