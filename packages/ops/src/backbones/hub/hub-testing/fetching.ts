import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HubSource } from "../../weights/weights-source.ts";
import { fetchWeights, type FetchOptions } from "../fetch-weights.ts";
import type { HereWeights } from "../found-weights.ts";
import { fakeCache, fakeEnvironment } from "./fake-environment.ts";
import { fakeBytes, large, repository, sha256Of } from "./fake-files.ts";
import { startFakeHub, type FakeHub, type FakeRequest } from "./fake-hub.ts";

export const modelBytes = fakeBytes(300_000);
export const modelDigest = sha256Of(modelBytes);

/** A user with an empty cache, and a hub with the repository `org/name`, which holds one large `model.safetensors`. */
export interface Fetching {
  readonly home: string;
  readonly hub: FakeHub;
  /** The milliseconds that would have been waited. */
  readonly waits: number[];
  /** The folder of `org/name` in the cache. */
  readonly folder: string;
  /** Where the model's bytes lie there. */
  readonly blob: string;
  readonly fetchIt: (parts?: Partial<HubSource>, options?: FetchOptions) => Promise<HereWeights>;
  /** Requests for the bytes of files. */
  readonly bodies: () => readonly FakeRequest[];
  readonly close: () => Promise<void>;
}

export async function startFetching(): Promise<Fetching> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "fetching-")));
  const files = { "model.safetensors": large(modelBytes) };
  const hub = await startFakeHub({ "org/name": repository(files, { refs: ["v1", "refs/pr/1"] }) });
  const waits: number[] = [];
  const folder = join(fakeCache(home), "models--org--name");
  const usual: FetchOptions = {
    environment: fakeEnvironment(home, hub),
    wait: async (milliseconds) => void waits.push(milliseconds),
  };
  return {
    home,
    hub,
    waits,
    folder,
    blob: join(folder, "blobs", modelDigest),
    fetchIt: (parts, options) => fetchWeights(hubSource(parts), { ...usual, ...options }),
    bodies: () => hub.requests.filter(({ server, method }) => server === "store" && method === "GET"),
    close: async () => {
      await hub.close();
      await rm(home, { recursive: true });
    },
  };
}

/** `org/name`, unless said otherwise. */
export function hubSource(parts: Partial<HubSource> = {}): HubSource {
  return { weights: "hf", repository: "org/name", file: null, revision: null, ...parts };
}
