import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engine } from "@exp-lab/ops";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { createWorkplace, type Ended, type Workplace } from "./command-line.ts";
import { tinyVit } from "./tiny-vit.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const weights = tinyVit();
const sha256 = digestOf(weights);
/** By their names in the repository. */
const files = new Map<string, Uint8Array>([["model.safetensors", weights]]);

let server: Server;
let requests: string[] = [];
beforeAll(async () => {
  files.set("onnx/model.onnx", await engine.writeModel(channelMeans()));
  server = createServer((request, answer) => {
    const { method = "", url = "" } = request;
    requests.push(`${method} ${url}`);
    const bytes = files.get(/^\/acme\/tiny-vit\/resolve\/[^/]+\/(.*)$/.exec(url)?.[1] ?? "");
    if (bytes === undefined) {
      answer.writeHead(404, { "x-error-code": url.startsWith("/acme/tiny-vit/") ? "EntryNotFound" : "RepoNotFound" });
      answer.end();
      return;
    }
    const etag = `"${digestOf(bytes)}"`;
    const headers = { "x-repo-commit": commit, "x-linked-etag": etag, etag, "x-linked-size": bytes.length };
    answer.writeHead(200, { ...headers, "content-length": bytes.length });
    answer.end(method === "HEAD" ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
});

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
  place.write("tiny.exp", program("acme/tiny-vit"));
  requests = [];
});
afterEach(() => {
  place.close();
});

const flipper = fileURLToPath(new URL("../../packages/runner/src/store/sqlite/flip-columns.mjs", import.meta.url));

const token = "hf_aVerySecretToken";

function exp(words: string, environment = ""): Promise<Ended> {
  const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const clean = "env -u HF_HUB_OFFLINE -u TRANSFORMERS_OFFLINE -u HF_HUB_CACHE -u http_proxy -u HTTP_PROXY";
  const own = `HF_ENDPOINT=${endpoint} HF_HOME=${place.folder}/hf HF_TOKEN=${token} ${environment}`;
  return place.shell(`${clean} ${own} "$NODE" "$BIN" ${words}`);
}

it("plans without a network, fetches once, runs without it, and pins what it has by commit and digest", async () => {
  const planned = await exp("plan tiny.exp");
  expect(planned.exitCode).toBe(0);
  expect(planned.out).toContain("Not on this machine is acme/tiny-vit");
  expect(planned.out).toContain("exp fetch tiny.exp");
  expect(requests).toEqual([]);

  const fetched = await exp("fetch tiny.exp");
  expect(fetched.exitCode).toBe(0);
  expect(fetched.out).toMatch(/^acme\/tiny-vit: here, .* kB\n$/);
  expect(requests.filter((request) => request.startsWith("GET"))).toHaveLength(1);
  const blobs = readdirSync(join(place.folder, "hf/hub/models--acme--tiny-vit/blobs"));
  expect(blobs).toEqual([sha256]);

  requests = [];
  const run = await exp("run tiny.exp", "HF_HUB_OFFLINE=1");
  expect(run.exitCode).toBe(0);
  expect(run.out).toContain("hub");
  expect((await exp("fetch tiny.exp --json", "HF_HUB_OFFLINE=1")).out).toContain(sha256);
  expect((await exp("lock tiny.exp")).exitCode).toBe(0);
  expect(requests).toEqual([]);
  const lock = JSON.parse(readFileSync(join(place.folder, "tiny.lock"), "utf8")) as { files: readonly unknown[] };
  expect(lock.files).toEqual([
    {
      declaration: "backbone hub",
      parameter: "weights",
      written: 'hf("acme/tiny-vit")',
      revision: commit,
      bytes: weights.length,
      sha256,
    },
  ]);
  expect(JSON.stringify([planned, fetched, run])).not.toContain(token);
});

it("pins what is not here by what its publisher says of it, as it pins it once it is", async () => {
  expect((await exp("lock tiny.exp")).exitCode).toBe(0);
  const before = readFileSync(join(place.folder, "tiny.lock"), "utf8");
  expect(before).toContain(sha256);
  expect(requests.filter((request) => request.startsWith("GET"))).toEqual([]);
  expect((await exp("lock tiny.exp --check")).exitCode).toBe(0);
  await exp("fetch tiny.exp");
  expect((await exp("lock tiny.exp --check")).exitCode).toBe(0);
  await exp("lock tiny.exp");
  expect(readFileSync(join(place.folder, "tiny.lock"), "utf8")).toBe(before);
});

it("fetches what a run needs before it plans, and answers the same question for the same bytes from a file", async () => {
  expect((await exp("run tiny.exp")).exitCode).toBe(0);
  place.write("mine.safetensors", weights);
  place.write("file.exp", program("acme/tiny-vit").replace('hf("acme/tiny-vit")', 'file("mine.safetensors")'));
  const again = await exp("plan file.exp --json");
  expect((JSON.parse(again.out) as { summary: unknown }).summary).toMatchObject({ misses: 0, maybes: 0 });
});

it("takes an exported network from the hub too, as the same question as from a file", async () => {
  const named = (file: string): string =>
    program("acme/tiny-vit").replace(/vit \{.*\}/, `onnx { file: ${file}, features: "features" }`);
  place.write("onnx.exp", named('hf("acme/tiny-vit", "onnx/model.onnx")'));
  const run = await exp("run onnx.exp");
  expect(run).toMatchObject({ exitCode: 0 });
  expect(run.out).toContain("hub");
  place.write("mine.onnx", files.get("onnx/model.onnx")!);
  place.write("mine.exp", named('"mine.onnx"'));
  const again = await exp("plan mine.exp --json");
  expect((JSON.parse(again.out) as { summary: unknown }).summary).toMatchObject({ misses: 0, maybes: 0 });
});

it("finds what is stored after the weights have left the cache, and downloads nothing for it", async () => {
  await exp("run tiny.exp");
  await exp("lock tiny.exp");
  const lock = readFileSync(join(place.folder, "tiny.lock"), "utf8");
  const whole = await exp("table tiny.exp");
  expect(whole.err).toBe("");
  rmSync(join(place.folder, "hf"), { recursive: true });
  requests = [];
  expect(await exp("table tiny.exp")).toMatchObject({ out: whole.out, err: "" });
  expect((await exp("plan tiny.exp --json")).out).toContain('"misses":0');
  const run = await exp("run tiny.exp", "HF_HUB_OFFLINE=1");
  expect(run).toMatchObject({ exitCode: 0, out: whole.out });
  expect((await exp("lock tiny.exp")).exitCode).toBe(0);
  expect(readFileSync(join(place.folder, "tiny.lock"), "utf8")).toBe(lock);
  expect(requests).toEqual([]);
});

it("downloads weights again only for a task that reads them, and tells by their bytes if they are others", async () => {
  await exp("run tiny.exp");
  rmSync(join(place.folder, "hf"), { recursive: true });
  requests = [];
  // Another head needs the rows alone. What the program is warned of is said once.
  place.write("tiny.exp", `${program("acme/tiny-vit").replace("k: 1", "k: 3")}head spare = knn { k: 5 }\n`);
  const another = await exp("run tiny.exp");
  expect(another.exitCode).toBe(0);
  expect(another.err.match(/warning/g)).toHaveLength(1);
  expect(requests).toEqual([]);
  // More images need the backbone.
  place.write("tiny.exp", program("acme/tiny-vit").replace("train: 12", "train: 14"));
  expect((await exp("plan tiny.exp")).out).toContain("Not on this machine is acme/tiny-vit");
  const grown = await exp("run tiny.exp --json");
  expect(grown.exitCode).toBe(0);
  expect(requests.filter((request) => request.startsWith("GET"))).toHaveLength(1);
  expect(grown.out).toMatch(/"forwardPasses":[1-9]/);

  // The publisher has other bytes by now: the stored answers are none of theirs.
  rmSync(join(place.folder, "hf"), { recursive: true });
  const others = Buffer.from(weights);
  others.writeFloatLE(0.25, others.length - 4);
  files.set("model.safetensors", others);
  try {
    place.write("tiny.exp", program("acme/tiny-vit").replace("train: 12", "train: 16"));
    const changed = await exp("run tiny.exp --json");
    expect(changed.exitCode).toBe(0);
    expect(changed.out).toContain('"forwardPasses":24');
  } finally {
    files.set("model.safetensors", weights);
  }
});

it("computes nothing for rows that turn out lost once the weights have left the cache, and says to run again", async () => {
  await exp("run tiny.exp");
  execFileSync(process.execPath, [flipper, join(place.folder, ".exp"), join(place.folder, "flipped"), "1", "7"]);
  const flipped = join(place.folder, "flipped/feature_shard_rows.bytes.0/store.sqlite");
  copyFileSync(flipped, join(place.folder, ".exp/store.sqlite"));
  rmSync(join(place.folder, "hf"), { recursive: true });
  place.write("tiny.exp", program("acme/tiny-vit").replace("k: 1", "k: 3"));
  const lost = await exp("run tiny.exp");
  expect(lost.exitCode).toBe(1);
  expect(lost.err).toContain(
    "was not on this machine when the run was planned, and an answer that stood for it is lost",
  );
  const again = await exp("run tiny.exp --json");
  expect(again.exitCode).toBe(0);
  expect(again.out).toMatch(/"forwardPasses":[1-9]/);
});

it("trusts no memory of weights under --rehash, nor one that another store has", async () => {
  await exp("run tiny.exp");
  rmSync(join(place.folder, "hf"), { recursive: true });
  const other = await exp("table tiny.exp --store other");
  expect(other.exitCode).toBe(0);
  expect(other.err).toContain("Not on this machine is acme/tiny-vit");
  requests = [];
  expect((await exp("run tiny.exp --rehash")).exitCode).toBe(0);
  expect(requests.filter((request) => request.startsWith("GET"))).toHaveLength(1);
});

it("says what to do where weights cannot be had, and leaves nothing half done", async () => {
  const offline = await exp("run tiny.exp", "HF_HUB_OFFLINE=1");
  expect(offline).toMatchObject({ exitCode: 4, out: "" });
  expect(offline.err).toContain("HF_HUB_OFFLINE");
  expect(offline.err).toContain("tiny.exp:3");
  expect(existsSync(join(place.folder, ".exp"))).toBe(false);

  place.write("unknown.exp", program("acme/other"));
  const unknown = await exp("run unknown.exp");
  expect(unknown.exitCode).toBe(2);
  expect(unknown.err).toContain("acme/other");
  expect(existsSync(join(place.folder, "hf/hub/models--acme--other/blobs"))).toBe(false);
  expect(JSON.stringify([offline, unknown])).not.toContain(token);
});

it("refuses a cached file whose bytes are others than its name says", async () => {
  await exp("fetch tiny.exp");
  const blob = join(place.folder, "hf/hub/models--acme--tiny-vit/blobs", sha256);
  const bytes = readFileSync(blob);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  rmSync(blob);
  writeFileSync(blob, bytes);
  const run = await exp("run tiny.exp");
  expect(run.exitCode).toBe(2);
  expect(run.err).toContain(`should have the SHA-256 ${sha256}`);
});

function program(repository: string): string {
  return `exp 1
dataset drawn = phantoms { train: 12, val: 4, test: 8, size: 16 }
backbone hub = vit { weights: hf("${repository}"), image_size: 16, patch_size: 8, width: 8, depth: 1, heads: 2 }
head near = knn { k: 1 }
sweep all { dataset: drawn  backbone: hub  head: near }
table "T" { from: all  rows: backbone  cells: test.accuracy }
`;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Images of 16 pixels in, the products of all their values with two vectors out. */
function channelMeans(): engine.OnnxModel {
  const graph = engine.createGraphBuilder();
  const image = graph.input("image", [{ symbol: "batch", times: 1 }, 3, 16, 16]);
  const rows = engine.flatten(graph, image, 1);
  const values = Float32Array.from({ length: 2 * 768 }, (_, index) => Math.sin(index));
  const weight = graph.weight("weight", values, [2, 768]);
  graph.output("features", engine.linear(graph, rows, { weight, bias: null }));
  return graph.toModel("products");
}
