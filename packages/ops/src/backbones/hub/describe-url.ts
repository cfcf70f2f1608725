import { OpError } from "../../op-error.ts";
import type { UrlSource } from "../weights/weights-source.ts";
import { exchange, type Answer } from "./exchange.ts";
import type { RemoteWeights } from "./found-weights.ts";
import { checkUrlSource, shownUrl } from "./source-names.ts";
import { tryAgain } from "./try-again.ts";
import { urlLocation } from "./weight-locations.ts";
import type { Environment } from "./environment.ts";
import type { Web } from "./web.ts";

/** The length of a file by its address; its digest is what the program says. @throws OpError */
export async function describeUrl(web: Web, source: UrlSource, byHand: string): Promise<RemoteWeights> {
  const name = checkUrlSource(source);
  const attempts = { wait: (milliseconds: number) => web.wait(milliseconds, web.signal) };
  const absent = new OpError("weights-refused", name);
  const length = await tryAgain(web, attempts, async () => {
    const request = { method: "HEAD", url: new URL(source.url), token: null, byHand, wasReached: false } as const;
    const refusal = (answer: Answer) => (answer.response.status === 405 ? absent : urlRefusal(answer));
    const { response } = await exchange(web, { ...request, refusal });
    return response.headers.get("content-length");
  }).catch((error: unknown) => {
    // Some servers answer GET alone.
    if (error === absent) return null;
    throw error;
  });
  const bytes = length !== null && /^\d+$/.test(length) ? Number(length) : null;
  return { commit: null, files: [{ name, sha256: source.sha256.toLowerCase(), bytes }] };
}

/** What a server's refusal of a file means. */
export function urlRefusal({ url, response: { status } }: Answer): OpError {
  const where = shownUrl(url);
  if (status === 404 || status === 410) {
    return new OpError("weights-file-unknown", `There is no file at ${where} (${status}).`, "Check the address.");
  }
  return new OpError(
    "weights-refused",
    `${url.host} refuses ${where} (${status}).`,
    "Download it in a browser, and name the file by `file(...)`.",
  );
}

/** How a file is brought without a network. */
export function bringUrlByHand(source: UrlSource, environment: Environment): string {
  return `download ${shownUrl(source.url)} elsewhere and copy it to ${urlLocation(source, environment)}, or name it by \`file(...)\`.`;
}
