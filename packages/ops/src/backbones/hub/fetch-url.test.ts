import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, request as forward, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeRemote } from "./describe-remote.ts";
import { fetchWeights, type FetchOptions } from "./fetch-weights.ts";
import { fakeEnvironment } from "./hub-testing/fake-environment.ts";
import { fakeBytes, large, repository, sha256Of } from "./hub-testing/fake-files.ts";
import { cutAt } from "./hub-testing/fake-faults.ts";
import { startFakeHub, type FakeHub } from "./hub-testing/fake-hub.ts";

const bytes = fakeBytes(200_000, 5);
const sha256 = sha256Of(bytes);
let home: string;
let hub: FakeHub;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "fetch-url-")));
  hub = await startFakeHub();
  hub.files.set("net.pth", bytes);
});

afterEach(async () => {
  await hub.close();
  await rm(home, { recursive: true });
});

const source = (digest = sha256, name = "net.pth") =>
  ({ weights: "url", url: `${hub.store}/files/${name}?sig=hunter2`, sha256: digest }) as const;
const options = (more: FetchOptions = {}): FetchOptions => ({
  environment: fakeEnvironment(home, null, { HF_TOKEN: "hf_token" }),
  wait: async () => undefined,
  ...more,
});
const folder = (digest = sha256) => join(home, ".cache", "exp-lab", "weights", digest.slice(0, 16));

it("downloads the file of an address, without a token, and finds it again", async () => {
  const path = join(folder(), "net.pth");
  const here = { status: "here", path, files: [{ name: "net.pth", path, sha256, bytes: bytes.length }] };
  hub.faults.dropAfter.push(70_000);
  expect(await fetchWeights(source(), options({ progress: cutAt(hub.faults, 70_000) }))).toEqual(here);
  expect(await fetchWeights(source(), options())).toEqual(here);
  expect(sha256Of(await readFile(path))).toBe(sha256);
  expect(hub.requests.map(({ method, range, authorization }) => [method, range, authorization])).toEqual([
    ["HEAD", null, null],
    ["GET", null, null],
    ["GET", "bytes=70000-", null],
  ]);
});

it("holds to the first digits of a digest, and gives all of them", async () => {
  const found = await fetchWeights(source(sha256.slice(0, 8)), options());
  expect(found).toMatchObject({ path: join(folder(sha256.slice(0, 8)), "net.pth"), files: [{ sha256 }] });
  const wrong = fetchWeights(source("00000000"), options());
  await expect(wrong).rejects.toMatchObject({ code: "weights-digest-wrong" });
  await expect(wrong).rejects.toThrow(sha256);
  expect(await readdir(folder("00000000"))).toEqual([]);
});

it("uses PyTorch's own copy where its digest fits", async () => {
  const torch = join(home, ".cache", "torch", "hub", "checkpoints");
  await mkdir(torch, { recursive: true });
  await writeFile(join(torch, "net.pth"), bytes);
  expect(await fetchWeights(source(), options())).toMatchObject({ path: join(torch, "net.pth"), files: [{ sha256 }] });
  expect(hub.requests).toEqual([]);
  await writeFile(join(torch, "net.pth"), "something else");
  expect(await fetchWeights(source(), options())).toMatchObject({ path: join(folder(), "net.pth") });
});

it("describes an address by HEAD, also where the server refuses that", async () => {
  const file = { name: "net.pth", sha256 };
  expect(await describeRemote(source(), options())).toEqual({
    commit: null,
    files: [{ ...file, bytes: bytes.length }],
  });
  hub.faults.instead.push({ status: 405 });
  expect(await describeRemote(source(), options())).toEqual({ commit: null, files: [{ ...file, bytes: null }] });
  expect(hub.requests.every(({ method }) => method === "HEAD")).toBe(true);
  // Without a length the digest alone says when the file is whole.
  hub.faults.instead.push({ status: 405 });
  hub.faults.endEarlyBy = 1;
  await expect(fetchWeights(source(), options())).rejects.toMatchObject({ code: "weights-digest-wrong" });
});

it("says what is wrong with an address without its query", async () => {
  const cases = [
    [source(sha256, "none.pth"), {}, "weights-file-unknown"],
    [source(), { HF_HUB_OFFLINE: "yes" }, "weights-offline"],
    [{ ...source(), url: "http://nowhere.invalid/net.pth?sig=hunter2" }, {}, "weights-no-network"],
  ] as const;
  for (const [wanted, more, code] of cases) {
    const environment = fakeEnvironment(home, null, more);
    const error: unknown = await fetchWeights(wanted, options({ environment })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  }
  const missing = fetchWeights({ weights: "file", path: join(home, "no.bin") }, options());
  await expect(missing).rejects.toMatchObject({ code: "weights-file-missing" });
});

it("goes through the proxy that the environment names, unless for hosts that it leaves out", async () => {
  const proxy = await startProxy();
  hub.repositories.set("org/name", repository({ "model.safetensors": large(bytes) }));
  const hubFile = { weights: "hf", repository: "org/name", file: null, revision: null } as const;
  const through = { http_proxy: `http://me:hunter2@${proxy.host}` };
  const environment = fakeEnvironment(home, hub, through);
  expect(await fetchWeights(hubFile, options({ environment }))).toMatchObject({ files: [{ sha256 }] });
  expect(proxy.seen.length).toBeGreaterThan(0);
  const before = proxy.seen.length;
  const without = fakeEnvironment(home, hub, { ...through, NO_PROXY: "127.0.0.1" });
  await fetchWeights(source(), options({ environment: without }));
  expect(proxy.seen).toHaveLength(before);
  await proxy.close();
  await rm(join(home, ".cache"), { recursive: true });
  const error: unknown = await fetchWeights(hubFile, options({ environment })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "weights-no-network" });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  const socks = fakeEnvironment(home, hub, { ALL_PROXY: "socks5://127.0.0.1:1" });
  await expect(fetchWeights(hubFile, options({ environment: socks }))).rejects.toMatchObject({
    code: "weights-proxy-invalid",
  });
});

/** A proxy that tunnels (CONNECT) and forwards. */
async function startProxy() {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((message, response) => {
    seen.push(message.url ?? "");
    const passed = forward(message.url ?? "", { method: message.method, headers: message.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    message.pipe(passed);
  });
  server.on("connect", (message, socket: Socket) => {
    seen.push(message.url ?? "");
    const [host, port] = (message.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    for (const each of [socket, target]) each.on("error", () => undefined);
    sockets.add(socket).add(target);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    seen,
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
