import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { FakeFaults } from "./fake-faults.ts";
import type { FakeRequest } from "./fake-hub.ts";
import { sendFile } from "./fake-store.ts";

export interface FakeRepository {
  readonly commit: string;
  /** Branches and tags beside `main`, all of the one commit. */
  readonly refs?: readonly string[];
  readonly files: Readonly<Record<string, FakeFile>>;
  /** `gated` and `private` ones are given to who has the token. */
  readonly access?: "gated" | "private";
  readonly token?: string;
  /** Its new name, to which the hub leads. */
  readonly movedTo?: string;
}

export interface FakeFile {
  readonly bytes: Uint8Array;
  /** Large files lie in the store under their SHA-256, others on the hub itself under git's SHA-1. */
  readonly isLarge: boolean;
}

interface HubState {
  readonly repositories: ReadonlyMap<string, FakeRepository>;
  readonly faults: FakeFaults;
  readonly store: string;
}

/** Resolves files at `/REPOSITORY/resolve/REVISION/FILE` and lists them at `/api/models/REPOSITORY/tree/REVISION`. */
export function answerHub(state: HubState, request: FakeRequest, response: ServerResponse): void {
  const path = request.path.split("?")[0]!;
  const listed = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/(.+)$/.exec(path);
  const resolved = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
  const [, name = "", revision = "", file = ""] = listed ?? resolved ?? [];
  const repository = state.repositories.get(name);
  if (repository === undefined) {
    const isKnown = request.authorization !== null;
    refuse(response, isKnown ? 404 : 401, isKnown ? "RepoNotFound" : null);
    return;
  }
  if (repository.movedTo !== undefined) {
    const location = path.replace(name, repository.movedTo);
    return void response.writeHead(307, { location }).end();
  }
  if (!isAllowed(repository, request)) {
    refuseAccess(repository, request, response);
    return;
  }
  if (!isRevision(repository, decodeURIComponent(revision))) {
    refuse(response, 404, "RevisionNotFound");
    return;
  }
  if (listed !== null) {
    list(repository, response);
    return;
  }
  resolve(state, { repository, name: decodeURIComponent(file), request, response });
}

interface Resolving {
  readonly repository: FakeRepository;
  readonly name: string;
  readonly request: FakeRequest;
  readonly response: ServerResponse;
}

function resolve({ faults, store }: HubState, { repository, name, request, response }: Resolving): void {
  const file = repository.files[name];
  const commit = { "x-repo-commit": repository.commit };
  if (file === undefined) {
    refuse(response, 404, "EntryNotFound", commit);
    return;
  }
  if (!file.isLarge) {
    const headers = { ...commit, etag: `"${gitDigest(file.bytes)}"` };
    sendFile(response, { request, bytes: file.bytes, faults, headers });
    return;
  }
  const instead = faults.instead.shift();
  if (instead !== undefined) return void response.writeHead(instead.status, instead.headers).end();
  const sha256 = createHash("sha256").update(file.bytes).digest("hex");
  const headers = {
    ...commit,
    etag: '"of-the-redirect"',
    "x-linked-etag": `"${sha256}"`,
    "x-linked-size": String(file.bytes.length),
    location: `${store}/blobs/${sha256}?Signature=secret`,
  };
  response.writeHead(302, headers).end();
}

function list({ files }: FakeRepository, response: ServerResponse): void {
  const entries = Object.entries(files).map(([path, { bytes }]) => ({
    type: "file",
    path,
    size: bytes.length,
    oid: gitDigest(bytes),
  }));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(entries));
}

function isAllowed({ access, token }: FakeRepository, { authorization }: FakeRequest): boolean {
  // A token that the hub does not know is refused for public repositories, too.
  if (access === undefined) return token === undefined || authorization === null || authorization === `Bearer ${token}`;
  return authorization === `Bearer ${token ?? ""}`;
}

function refuseAccess({ access }: FakeRepository, { authorization }: FakeRequest, response: ServerResponse): void {
  const isKnown = authorization !== null;
  if (access === "gated") {
    refuse(response, isKnown ? 403 : 401, "GatedRepo");
    return;
  }
  if (access === "private") {
    refuse(response, isKnown ? 404 : 401, isKnown ? "RepoNotFound" : null);
    return;
  }
  refuse(response, 401, null, { "x-error-message": "Invalid credentials in Authorization header" });
}

function isRevision({ commit, refs = [] }: FakeRepository, revision: string): boolean {
  return revision === "main" || revision === commit || refs.includes(revision);
}

function refuse(response: ServerResponse, status: number, code: string | null, headers = {}): void {
  response.writeHead(status, { ...headers, ...(code === null ? {} : { "x-error-code": code }) }).end();
}

export function gitDigest(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
