import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { noFaults, type FakeFaults } from "./fake-faults.ts";
import { answerHub, type FakeRepository } from "./fake-hub-answers.ts";
import { sendFile } from "./fake-store.ts";

/** A hub on this machine for tests, which answers as the public one does as far as this folder asks it. */
export interface FakeHub {
  /** For HF_ENDPOINT. */
  readonly endpoint: string;
  /** The host that large files are sent from: another port, hence another origin. Other files are at `/files/NAME`. */
  readonly store: string;
  readonly requests: FakeRequest[];
  /** May be changed at any time. */
  readonly faults: FakeFaults;
  /** By `organisation/name`; may be changed. */
  readonly repositories: Map<string, FakeRepository>;
  /** What lies at `/files/NAME` of the store. */
  readonly files: Map<string, Uint8Array>;
  readonly close: () => Promise<void>;
}

export interface FakeRequest {
  readonly server: "hub" | "store";
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly range: string | null;
}

export async function startFakeHub(repositories: Readonly<Record<string, FakeRepository>> = {}): Promise<FakeHub> {
  const requests: FakeRequest[] = [];
  const files = new Map<string, Uint8Array>();
  const known = new Map(Object.entries(repositories));
  const faults = noFaults();
  const state = { repositories: known, faults, store: "" };
  const serve = (name: FakeRequest["server"], answer: (request: FakeRequest, response: ServerResponse) => void) =>
    listen(
      createServer((message, response) => {
        const request = {
          server: name,
          method: message.method ?? "",
          path: message.url ?? "",
          authorization: message.headers.authorization ?? null,
          range: message.headers.range ?? null,
        };
        requests.push(request);
        message.resume();
        message.on("end", () => answer(request, response));
      }),
    );
  const store = await serve("store", (request, response) => {
    const name = decodeURIComponent(request.path.split("?")[0]!.split("/").at(-1)!);
    const bytes = request.path.startsWith("/files/") ? files.get(name) : blobOf(known, name);
    // As S3 does it: an ETag of its own, which is not the digest of the hub.
    const etag = createHash("md5").update(name).digest("hex");
    sendFile(response, { request, bytes: bytes ?? null, faults, headers: { etag: `"${etag}"` } });
  });
  state.store = addressOf(store);
  const hub = await serve("hub", (request, response) => answerHub(state, request, response));
  return {
    endpoint: addressOf(hub),
    store: state.store,
    requests,
    faults,
    repositories: known,
    files,
    close: async () => {
      await Promise.all([stop(hub), stop(store)]);
    },
  };
}

function blobOf(repositories: ReadonlyMap<string, FakeRepository>, etag: string): Uint8Array | undefined {
  for (const { files } of repositories.values()) {
    for (const { bytes } of Object.values(files)) {
      if (createHash("sha256").update(bytes).digest("hex") === etag) return bytes;
    }
  }
  return undefined;
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
