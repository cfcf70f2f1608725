import { OpError } from "../../op-error.ts";
import { shownUrl } from "./source-names.ts";
import { requireNotCancelled, TryAgain } from "./try-again.ts";

export interface FailedRequest {
  readonly url: URL;
  readonly signal: AbortSignal | null;
  /** How the file is brought without a network. */
  readonly byHand: string;
  /** Whether the server was reached before in this call: a name that is not found is then a passing fault. */
  readonly wasReached: boolean;
}

/**
 * What `fetch` threw as an error for people: a `TryAgain` where another attempt may do. The thrown error itself is not kept as a
 * cause, since it may quote headers.
 * @throws OpError `weights-cancelled`
 */
export function webFailure(error: unknown, request: FailedRequest): OpError | TryAgain {
  requireNotCancelled(request.signal);
  const codes = codesOf(error);
  const where = shownUrl(request.url);
  if (codes.some((code) => /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code))) {
    return new OpError(
      "weights-certificate",
      `The certificate of ${request.url.host} is not trusted (${codes[0] ?? ""}), so ${where} was not read.`,
      "Where a proxy of your institution signs connections, set NODE_EXTRA_CA_CERTS to its certificate.",
    );
  }
  const unreachable = codes.find((code) => noNetwork.has(code));
  const failure =
    unreachable === undefined
      ? new OpError(
          "weights-connection-lost",
          `The connection for ${where} was lost again and again (${codes[0] ?? "no reason given"}).`,
          "Run again: it goes on where it was.",
        )
      : new OpError(
          "weights-no-network",
          `${request.url.host} cannot be reached (${unreachable}), so ${where} was not read.`,
          `Check the network; HTTPS_PROXY names a proxy, HF_ENDPOINT a mirror of the hub. Without a network: ${request.byHand}`,
        );
  return unreachable !== undefined && !request.wasReached ? failure : new TryAgain(failure);
}

const noNetwork: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENETDOWN",
]);

/** The codes of an error and of its causes, outermost first: `fetch` wraps what went wrong. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  const pending: unknown[] = [error];
  for (let depth = 0; depth < 16 && pending.length > 0; depth += 1) {
    const each = pending.shift();
    if (!(each instanceof Error)) continue;
    if ("code" in each && typeof each.code === "string") codes.push(each.code);
    else if (each.name !== "Error" && each.name !== "TypeError") codes.push(each.name);
    pending.push(each.cause, ...(each instanceof AggregateError ? (each.errors as unknown[]) : []));
  }
  return codes;
}
