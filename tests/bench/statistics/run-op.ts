import { builtinOps, type ArtifactKinds, type KindName, type SingleOp } from "@exp-lab/ops";

/** Calls one of the build's ops as a worker of the engine does, with inputs that are in memory. */
export async function runOp<Kind extends KindName>(
  name: string,
  params: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, { readonly kind: KindName; readonly value: unknown }>>,
): Promise<ArtifactKinds[Kind]> {
  const op = opOf(name);
  const origin = { op: "bench", params: {} };
  const answer = await op.run({
    params,
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, { ...input, origin }])) as never,
    fileDigests: {},
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return answer as ArtifactKinds[Kind];
}

function opOf(name: string): SingleOp {
  const op = builtinOps.find(({ signature }) => signature.name === name);
  if (op?.shape !== "single") throw new Error(`There is no op "${name}".`);
  return op;
}
