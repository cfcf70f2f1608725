import { setTimeout as sleep } from "node:timers/promises";
import { OpError } from "../../op-error.ts";
import { setting, type Environment } from "./environment.ts";

/** What requests go through, and how long they wait. */
export interface Web {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | null;
  /** @param milliseconds to wait; rejects once the signal is aborted */
  readonly wait: (milliseconds: number, signal: AbortSignal | null) => Promise<void>;
  /** A connection that gives nothing for so many milliseconds counts as dropped. */
  readonly stallMilliseconds: number;
}

export interface WebOptions {
  readonly signal?: AbortSignal;
  /** For tests, which wait for nothing. */
  readonly wait?: Web["wait"];
  readonly stallMilliseconds?: number;
}

/** @throws OpError `weights-proxy-invalid` */
export async function openWeb(environment: Environment, options: WebOptions): Promise<Web> {
  return {
    fetch: await fetchThroughProxy(environment),
    signal: options.signal ?? null,
    wait: options.wait ?? waitUnlessAborted,
    stallMilliseconds: options.stallMilliseconds ?? 60_000,
  };
}

async function waitUnlessAborted(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  await sleep(milliseconds, undefined, signal === null ? {} : { signal });
}

/**
 * Node 20's `fetch` takes no notice of the variables that name a proxy. undici, the library that it is made of, does; it is loaded
 * only where one of them is set, and then with a `fetch` of its own: Node's would be handed an agent of another version.
 */
async function fetchThroughProxy(environment: Environment): Promise<typeof fetch> {
  const [http, https] = [proxyOf(environment, "http"), proxyOf(environment, "https")];
  if (http === null && https === null) return fetch;
  const undici = await import("undici");
  const dispatcher = new undici.EnvHttpProxyAgent({
    // What is left out would be taken from `process.env`.
    httpProxy: http ?? "",
    httpsProxy: https ?? "",
    noProxy: setting(environment, ["no_proxy", "NO_PROXY"]) ?? "",
  });
  const throughProxy = (url: string | URL, init: object) => undici.fetch(url, { ...init, dispatcher });
  // Its types are those of undici's own classes, which are the same in everything that is used here.
  return throughProxy as unknown as typeof fetch;
}

/** The proxy for addresses of the scheme; null for none. The address may hold a password and is never shown. */
function proxyOf(environment: Environment, scheme: "http" | "https"): string | null {
  const names = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`, "all_proxy", "ALL_PROXY"];
  const name = names.find((each) => setting(environment, [each]) !== null);
  if (name === undefined) return null;
  const text = setting(environment, [name]) ?? "";
  // Like curl and Python: `proxy:3128` is one of http.
  const address = text.includes("://") ? text : `http://${text}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new OpError(
    "weights-proxy-invalid",
    `The variable ${name} does not name a proxy that can be used: expected is http://HOST:PORT or https://HOST:PORT.`,
    "Name a proxy of http (SOCKS is not supported), or unset the variable and bring the weights by hand.",
  );
}
