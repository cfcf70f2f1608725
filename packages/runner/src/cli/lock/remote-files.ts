import { describeRemote, OpError, type RemoteWeights } from "@exp-lab/ops";
import { rollUpDigests, type Digest } from "../../hash/digests.ts";
import type { LoadedProgram } from "../load-program.ts";
import { nameWeights, type NamedWeights } from "../weights/program-weights.ts";
import { opsByName } from "../session.ts";
import { placeOf, type FoundFile } from "./found-files.ts";
import { createPlaceFinder } from "./place-finder.ts";

/**
 * What a lock says of weights that are not on this machine: their publisher tells commit, digest and size without a download.
 * @throws OpError where it does not tell, or cannot be asked
 */
export async function remoteFiles(
  absent: readonly NamedWeights[],
  { sources }: LoadedProgram,
): Promise<readonly FoundFile[]> {
  const findPlace = createPlaceFinder(sources);
  const ops = opsByName();
  const files = absent.map(async (weights): Promise<readonly FoundFile[]> => {
    const { origin, source, param, task } = weights;
    const spec = ops.get(task.op)?.signature.params[param];
    const { commit, files } = await describeRemote(source);
    const path = nameWeights(weights);
    const revision = commit === null ? {} : { revision: commit };
    const [main, ...shards] = files.map((file) => digested(file, path));
    const place = { ...placeOf({ task, parameter: param, findPlace, spec }), parameter: param };
    const own = { file: { ...place, ...revision, bytes: main!.bytes, sha256: main!.sha256 }, origin, path };
    if (shards.length === 0) return [own];
    const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
    const sha256 = rollUpDigests(shards.map(({ name, sha256: digest }) => ({ name, digest })));
    return [own, { file: { ...place, count: shards.length, bytes, sha256 }, origin, path }];
  });
  return (await Promise.all(files)).flat();
}

interface DigestedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: Digest;
}

function digested({ name, bytes, sha256 }: RemoteWeights["files"][number], path: string): DigestedFile {
  if (bytes !== null && sha256?.length === 64) return { name, bytes, sha256: sha256 as Digest };
  throw new OpError(
    "weights-absent",
    `The whole SHA-256 of ${path} is not known before it is downloaded.`,
    "Download it by `exp fetch FILE` first.",
  );
}
