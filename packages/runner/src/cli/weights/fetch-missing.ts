import { fetchWeights, OpError } from "@exp-lab/ops";
import { formatBytes } from "../../4-report/bytes.ts";
import type { CallOptions, Terminal } from "../command.ts";
import { CommandError, exitCodes, type ExitCode } from "../exit-codes.ts";
import { absentWeights, nameWeights, type NamedWeights } from "./program-weights.ts";

export interface FetchOptions {
  readonly options: Pick<CallOptions, "quiet" | "json">;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Downloads the weights that are not here, one after the other. One that cannot be had does not keep the others
 * from being fetched. @throws CommandError naming all that are missing still
 */
export async function fetchMissing(
  all: readonly NamedWeights[],
  { options, terminal, signal }: FetchOptions,
): Promise<void> {
  const failures: { readonly weights: NamedWeights; readonly error: OpError }[] = [];
  for (const weights of await absentWeights(all)) {
    const { source } = weights;
    try {
      const isSilent = options.quiet || options.json;
      const progress = isSilent ? () => undefined : createProgress(nameWeights(weights), terminal);
      await fetchWeights(source, { signal, progress });
    } catch (error) {
      if (!(error instanceof OpError)) throw error;
      if (signal.aborted) throw new CommandError(exitCodes.interrupted, "Stopped while weights were being downloaded.");
      failures.push({ weights, error });
    }
  }
  if (failures.length > 0) throw asOne(failures);
}

function asOne(failures: readonly { readonly weights: NamedWeights; readonly error: OpError }[]): CommandError {
  const texts = failures.map(({ weights: { origin }, error }) => {
    const place = `${origin.file}:${String(origin.line)}`;
    return failures.length === 1 ? `${error.message} (named at ${place})` : `${place}: ${error.message}`;
  });
  const hints = [...new Set(failures.flatMap(({ error: { hint } }) => hint ?? []))];
  const codes = failures.map(({ error }) => (mistakes.has(error.code) ? exitCodes.wrong : exitCodes.environment));
  const code: ExitCode = codes.includes(exitCodes.wrong) ? exitCodes.wrong : exitCodes.environment;
  return new CommandError(code, texts.join("\n"), hints.length === 0 ? null : hints.join("\n"));
}

/** What the program has to be changed for; everything else is the network's, the hub's or the machine's. */
const mistakes: ReadonlySet<string> = new Set([
  "weights-source-invalid",
  "weights-repository-unknown",
  "weights-revision-unknown",
  "weights-file-unknown",
  "weights-digest-wrong",
]);

/** How far a download is, said at its beginning and then every few seconds. */
function createProgress(name: string, { err }: Terminal): (done: number, total: number | null) => void {
  let said = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const isDone = done === total;
    if (performance.now() - said < progressInterval && !isDone) return;
    said = performance.now();
    const of = total === null ? "" : ` of ${formatBytes(total)}`;
    err(`fetching ${name}: ${formatBytes(done)}${of}\n`);
  };
}

/** In milliseconds. */
const progressInterval = 3000;
