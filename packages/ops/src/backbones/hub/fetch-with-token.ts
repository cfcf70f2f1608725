import type { HubAccess } from "./hub-access.ts";

/** A `fetch` for the library, which adds the token for the hub's own origin and stops with the signal or after a while. */
export function fetchWithToken({ web, endpoint, token }: HubAccess): typeof fetch {
  return async (target, init) => {
    const url = new URL(target instanceof Request ? target.url : target);
    const headers = new Headers(init?.headers);
    if (token !== null && url.origin === new URL(endpoint).origin) headers.set("authorization", `Bearer ${token}`);
    const limit = AbortSignal.timeout(web.stallMilliseconds);
    const signal = web.signal === null ? limit : AbortSignal.any([web.signal, limit]);
    // `fetch` takes the header off where a redirect leads to another origin.
    return web.fetch(url, { ...init, headers: Object.fromEntries(headers), signal });
  };
}
