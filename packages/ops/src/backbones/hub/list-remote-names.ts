import { fetchWithToken } from "./fetch-with-token.ts";
import type { HubAccess } from "./hub-access.ts";

const mostNames = 2000;

/**
 * The names of a repository's files, by code unit; empty where they cannot be listed: they only make a message better.
 * @param revision best a commit: the library does not escape the slashes of other names
 */
export async function listRemoteNames(access: HubAccess, revision: string): Promise<readonly string[]> {
  const { listFiles } = await import("@huggingface/hub");
  const names: string[] = [];
  try {
    const entries = listFiles({
      repo: { type: "model", name: access.repository },
      revision,
      recursive: true,
      hubUrl: access.endpoint,
      // Not as `accessToken`: the library refuses every token that does not begin with `hf_`.
      fetch: fetchWithToken(access),
    });
    for await (const { type, path } of entries) {
      if (type === "file") names.push(path);
      if (names.length >= mostNames) break;
    }
  } catch {
    return [];
  }
  return names.sort();
}
