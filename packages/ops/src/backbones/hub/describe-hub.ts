import { mapConcurrently } from "../../datasets/map-concurrently.ts";
import { OpError } from "../../op-error.ts";
import { askHub, askHubIfThere, type HubFile } from "./ask-hub.ts";
import { bodyOf, exchange, unexpected } from "./exchange.ts";
import { digestOfBytes, digestOfEtag } from "./file-digest.ts";
import { usualFiles } from "./find-weights.ts";
import { fileUrl, type HubAccess } from "./hub-access.ts";
import { hubRefusal, noUsualFile } from "./hub-refusals.ts";
import { tryAgain } from "./try-again.ts";
import { webFailure } from "./web-failures.ts";
import { besideIndex, isWeightsIndex, shardsOfIndex } from "./weights-index.ts";

/** Enough for the index of a model of any size; an answer that is longer is no index. */
const longestIndex = 64 * 2 ** 20;
/** Requests at a time: a polite number, and few files have more shards. */
const requestsAtOnce = 4;

/**
 * The weights of a repository as the hub has them, the main file first, all of one commit. Only an index of shards is downloaded,
 * into memory.
 * @param file null: the first of the usual ones that is there
 * @throws OpError
 */
export async function describeHub(access: HubAccess, file: string | null): Promise<readonly HubFile[]> {
  const main = file === null ? await firstUsual(access) : await askHub(access, access.revision, file);
  if (!isWeightsIndex(main.name)) return [main];
  const bytes = await readIndex(access, main);
  const shards = shardsOfIndex(new TextDecoder().decode(bytes), `${main.name} of ${access.repository}`);
  const ask = (shard: string) => askHub(access, main.commit, besideIndex(main.name, shard));
  const asked = await mapConcurrently(shards, ask, { limit: requestsAtOnce });
  return [{ ...main, sha256: digestOfBytes(bytes, "sha256"), bytes: bytes.length }, ...asked];
}

async function firstUsual(access: HubAccess): Promise<HubFile> {
  for (const name of usualFiles) {
    const file = await askHubIfThere(access, access.revision, name);
    if (file !== null) return file;
  }
  throw await noUsualFile(access);
}

async function readIndex(access: HubAccess, index: HubFile): Promise<Uint8Array> {
  const { web } = access;
  const url = fileUrl(access, index.commit, index.name);
  const attempts = { wait: (milliseconds: number) => web.wait(milliseconds, web.signal) };
  const bytes = await tryAgain(web, attempts, async () => {
    const limit = AbortSignal.timeout(5 * web.stallMilliseconds);
    const request = {
      method: "GET",
      url,
      token: access.token,
      signal: web.signal === null ? limit : AbortSignal.any([web.signal, limit]),
      byHand: access.byHand,
      wasReached: true,
    } as const;
    const { response } = await exchange(web, {
      ...request,
      refusal: (answer) => hubRefusal(access, index.name, answer),
    });
    return readBody(response, url).catch((error: unknown) => {
      throw error instanceof OpError ? error : webFailure(error, { ...request, signal: web.signal });
    });
  });
  const expected = digestOfEtag(index.etag);
  if (expected !== null && digestOfBytes(bytes, expected.kind) !== expected.hex) {
    throw unexpected(url, `its digest is not ${expected.hex}`);
  }
  return bytes;
}

async function readBody(response: Response, url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(response)) {
    length += chunk.length;
    if (length > longestIndex) throw unexpected(url, "it is far too long for an index of weights");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
