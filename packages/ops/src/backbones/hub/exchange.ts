import { ReadableStream } from "node:stream/web";
import { OpError } from "../../op-error.ts";
import { shownUrl } from "./source-names.ts";
import { TryAgain, waitOf } from "./try-again.ts";
import { webFailure } from "./web-failures.ts";
import type { Web } from "./web.ts";

export interface Exchange {
  readonly method: "HEAD" | "GET";
  readonly url: URL;
  /** Goes to the origin (scheme, host and port) of `url` alone, wherever redirects lead. */
  readonly token: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | null;
  readonly byHand: string;
  readonly wasReached: boolean;
  /** What is to be said of an answer between 400 and 499, 408 and 429 aside. */
  readonly refusal: (answer: Answer) => OpError | Promise<OpError>;
  /** Whether an answer that leads elsewhere is all that is wanted. */
  readonly isEnough?: (response: Response) => boolean;
}

export interface Answer {
  readonly url: URL;
  readonly response: Response;
  /** The answers that led here, in order, for their headers. */
  readonly before: readonly Response[];
}

const mostRedirects = 10;

/**
 * One request and the redirects after it, which are followed here and not by `fetch`: the hub tells commit and digest on its first
 * answer, and the token must not reach another host.
 * @throws OpError or TryAgain
 */
export async function exchange(web: Web, request: Exchange): Promise<Answer> {
  const before: Response[] = [];
  let { url } = request;
  while (before.length <= mostRedirects) {
    const response = await send(web, request, url, before.length > 0);
    const answer = { url, response, before };
    const location = response.headers.get("location");
    const leads = location !== null && response.status >= 300 && response.status < 400;
    if (response.ok || (leads && request.isEnough?.(response) === true)) return answer;
    if (!leads) throw await failureOf(request, answer);
    await drop(response);
    before.push(response);
    const next = URL.canParse(location, url.href) ? new URL(location, url) : null;
    if (next === null || !/^https?:$/.test(next.protocol)) break;
    url = next;
  }
  throw unexpected(request.url, "it leads to other addresses without an end, or to none that can be read");
}

async function send(web: Web, request: Exchange, url: URL, wasReached: boolean): Promise<Response> {
  const mayKnow = request.token !== null && url.origin === request.url.origin;
  const headers = {
    // A length is that of the file only where nothing is compressed on the way.
    "accept-encoding": "identity",
    "user-agent": "exp-lab",
    ...request.headers,
    ...(mayKnow ? { authorization: `Bearer ${request.token}` } : {}),
  };
  // Who reads a body has a limit of their own.
  const limit = request.method === "HEAD" ? AbortSignal.timeout(web.stallMilliseconds) : null;
  const signal = AbortSignal.any([request.signal ?? web.signal, limit].filter((each) => each !== null));
  try {
    return await web.fetch(url, { method: request.method, headers, redirect: "manual", signal });
  } catch (error) {
    throw webFailure(error, {
      url,
      signal: web.signal,
      byHand: request.byHand,
      wasReached: wasReached || request.wasReached,
    });
  }
}

async function failureOf(request: Exchange, answer: Answer): Promise<OpError | TryAgain> {
  const { status, headers } = answer.response;
  if (status < 400) return unexpected(answer.url, `it answers ${status}`);
  const isBusy = status === 429 || status === 408 || status >= 500;
  const failure = isBusy ? busy(answer) : await request.refusal(answer);
  await drop(answer.response);
  return isBusy ? new TryAgain(failure, waitOf(headers)) : failure;
}

function busy({ url, response }: Answer): OpError {
  return response.status === 429
    ? new OpError(
        "weights-rate-limited",
        `${url.host} refuses ${shownUrl(url)} for now: too many requests (429).`,
        "Run again later. Requests with a token (HF_TOKEN) have a higher limit.",
      )
    : new OpError(
        "weights-server-failed",
        `${url.host} answers ${response.status} for ${shownUrl(url)}.`,
        "The fault is the server's: run again later.",
      );
}

/** @param how completes "ADDRESS does not answer as expected: HOW" */
export function unexpected(url: URL, how: string): OpError {
  return new OpError(
    "weights-answer-unexpected",
    `${shownUrl(url)} does not answer as expected: ${how}.`,
    "Check HF_ENDPOINT and the proxy: a page for logging in, say, is no answer of the hub.",
  );
}

/** The bytes of an answer, which `fetch` gives without their type; none where an answer has no body. */
export function bodyOf(response: Response): ReadableStream<Uint8Array> {
  return (response.body as ReadableStream<Uint8Array> | null) ?? new ReadableStream({ start: (end) => end.close() });
}

/** Lets the connection go: a body that nobody reads holds it. */
export async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
