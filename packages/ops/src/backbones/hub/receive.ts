import type { FileHandle } from "node:fs/promises";
import { OpError } from "../../op-error.ts";
import { bodyOf, exchange, unexpected, type Answer, type Exchange } from "./exchange.ts";
import { shownUrl } from "./source-names.ts";
import { TryAgain } from "./try-again.ts";
import { webFailure } from "./web-failures.ts";
import type { Web } from "./web.ts";

export interface Wanted {
  readonly request: Pick<Exchange, "url" | "token" | "byHand" | "refusal">;
  readonly handle: FileHandle;
  /** Of the whole file; null where the server did not say. */
  readonly bytes: number | null;
  /** Called with the place that was reached. */
  readonly reached: (position: number) => void;
}

/**
 * Receives a file from a position to its end, in one request, and writes it where it belongs. What came is told by `reached` also
 * where it fails; a server that takes no notice of the position starts at 0 again.
 * @throws OpError, TryAgain where the connection broke or the answer was cut short; what the system says against writing
 */
export async function receive(web: Web, wanted: Wanted, from: number): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new DOMException("stalled", "TimeoutError")), web.stallMilliseconds);
  const signal = web.signal === null ? stall.signal : AbortSignal.any([web.signal, stall.signal]);
  try {
    const answer = await exchange(web, {
      ...wanted.request,
      method: "GET",
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal,
      wasReached: true,
      refusal: (refused) => refusalOf(wanted, refused),
    }).catch((error: unknown) => {
      // The file is shorter than what is there: that is of no use.
      if (error instanceof OpError && error.code === beyondEnd) {
        wanted.reached(0);
        throw new TryAgain(cutShort(wanted, 0), 0);
      }
      throw error;
    });
    const start = startOf(answer, from);
    wanted.reached(start);
    await writeBody(web, wanted, { answer, start, received: () => timer.refresh() });
  } finally {
    clearTimeout(timer);
  }
}

const beyondEnd = "weights-range-beyond-end";

function refusalOf({ request }: Wanted, answer: Answer): OpError | Promise<OpError> {
  return answer.response.status === 416 ? new OpError(beyondEnd, "") : request.refusal(answer);
}

/** Where the body of an answer begins in the file. */
function startOf({ url, response }: Answer, from: number): number {
  if (response.status !== 206) return 0;
  const range = response.headers.get("content-range") ?? "";
  const start = /^bytes (\d+)-/.exec(range)?.[1];
  if (start === undefined || Number(start) !== from) throw unexpected(url, `bytes from ${from} on were asked for`);
  return from;
}

interface Body {
  readonly answer: Answer;
  readonly start: number;
  /** Called whenever bytes came. */
  readonly received: () => void;
}

async function writeBody(web: Web, wanted: Wanted, { answer, start, received }: Body): Promise<void> {
  const { url, response } = answer;
  const reader = bodyOf(response).getReader();
  let position = start;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      const { byHand } = wanted.request;
      throw webFailure(error, { url, signal: web.signal, byHand, wasReached: true });
    });
    if (done) break;
    received();
    if (wanted.bytes !== null && position + value.length > wanted.bytes) {
      await reader.cancel().catch(() => undefined);
      throw unexpected(url, `it sends more than the ${wanted.bytes} bytes that the file has`);
    }
    await writeAll(wanted.handle, value, position);
    position += value.length;
    wanted.reached(position);
  }
  const expected = wanted.bytes ?? lengthOf(response, start);
  if (expected !== null && position < expected) throw new TryAgain(cutShort(wanted, position));
}

function lengthOf(response: Response, start: number): number | null {
  const length = response.headers.get("content-length");
  return length === null ? null : start + Number(length);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

function cutShort({ request, bytes }: Wanted, position: number): OpError {
  return new OpError(
    "weights-truncated",
    `${shownUrl(request.url)} ends after ${position} of ${bytes ?? "more"} bytes, again and again.`,
    "Run again: it goes on where it was. A proxy may limit the size of files.",
  );
}
