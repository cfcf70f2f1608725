import { join } from "node:path";
import type { Environment } from "../environment.ts";

/** The variables of a user whose home is a folder of the test's own, and whose hub is the fake one. */
export function fakeEnvironment(home: string, hub: { readonly endpoint: string } | null, more: Environment = {}) {
  const endpoint = hub === null ? {} : { HF_ENDPOINT: hub.endpoint };
  return { HOME: home, ...endpoint, ...more } satisfies Environment;
}

/** Where that user's cache of the hub is. */
export function fakeCache(home: string): string {
  return join(home, ".cache", "huggingface", "hub");
}
