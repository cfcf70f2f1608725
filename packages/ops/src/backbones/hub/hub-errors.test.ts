import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpError } from "../../op-error.ts";
import { describeRemote } from "./describe-remote.ts";
import type { Environment } from "./environment.ts";
import { fetchWeights } from "./fetch-weights.ts";
import { fakeEnvironment } from "./hub-testing/fake-environment.ts";
import { fakeBytes, large, repository } from "./hub-testing/fake-files.ts";
import { startFakeHub, type FakeHub } from "./hub-testing/fake-hub.ts";

const token = "hf_hunter2";
const files = { "model.safetensors": large(fakeBytes(1000)), "onnx/model.onnx": large(fakeBytes(500)) };
let home: string;
let hub: FakeHub;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hub-errors-"));
  hub = await startFakeHub({
    "org/name": repository(files, { token }),
    "org/gated": repository(files, { access: "gated", token }),
    "org/private": repository(files, { access: "private", token }),
    "org/empty": repository({
      "README.md": { bytes: new Uint8Array(3), isLarge: false },
      "w/net.pth": large(fakeBytes(9)),
    }),
  });
});

afterEach(async () => {
  await hub.close();
  await rm(home, { recursive: true });
});

interface Asked {
  readonly repository?: string;
  readonly file?: string;
  readonly revision?: string;
  readonly more?: Environment;
}

/** The error of a fetch, which is the same as that of asking alone. */
async function failureOf({ repository: name = "org/name", file, revision, more }: Asked): Promise<OpError> {
  const source = { weights: "hf", repository: name, file: file ?? null, revision: revision ?? null } as const;
  const options = { environment: fakeEnvironment(home, hub, more), wait: async () => undefined };
  const thrown = (error: unknown) => error as OpError;
  const error = await fetchWeights(source, options).then(() => expect.fail("was fetched"), thrown);
  const asked = await describeRemote(source, options).then(() => expect.fail("was described"), thrown);
  expect(asked.code).toBe(error.code);
  for (const each of [error, asked]) {
    expect(each.name).toBe("OpError");
    expect(inspect(each, { depth: 9, showHidden: true })).not.toContain("hunter2");
    expect(each.hint).not.toContain("hunter2");
  }
  return error;
}

it("names the repository that is not there, with and without a token", async () => {
  const unknown = await failureOf({ repository: "org/nobody" });
  expect(unknown).toMatchObject({ code: "weights-repository-unknown" });
  expect(unknown.message).toContain(`${hub.endpoint}/org/nobody`);
  expect(await failureOf({ repository: "org/nobody", more: { HF_TOKEN: token } })).toMatchObject({
    code: unknown.code,
  });
  expect(await failureOf({ repository: "org/private" })).toMatchObject({ code: unknown.code });
});

it("names the revision that is not there", async () => {
  const error = await failureOf({ revision: "v9" });
  expect(error).toMatchObject({ code: "weights-revision-unknown" });
  expect(error.message).toContain("v9");
});

it("names the file that is not there, the nearest one, and those that hold weights", async () => {
  const error = await failureOf({ file: "model.safetensor" });
  expect(error).toMatchObject({ code: "weights-file-unknown" });
  expect(error.message).toContain("did you mean model.safetensors?");
  expect(error.hint).toContain("model.safetensors, onnx/model.onnx");
  const none = await failureOf({ repository: "org/empty" });
  expect(none).toMatchObject({ code: "weights-file-unknown" });
  expect(none.hint).toContain("w/net.pth");
  expect(none.hint).not.toContain("README");
});

it("says where the terms of a gated repository are accepted", async () => {
  for (const more of [{}, { HF_TOKEN: "hf_other_hunter2" }]) {
    const error = await failureOf({ repository: "org/gated", more });
    expect(error).toMatchObject({ code: "weights-gated" });
    expect(error.hint).toContain(`Accept its terms at ${hub.endpoint}/org/gated and set HF_TOKEN`);
  }
});

it("tells a wrong token from a lack of one, and never shows it", async () => {
  expect(await failureOf({ more: { HF_TOKEN: "hf_wrong_hunter2" } })).toMatchObject({ code: "weights-unauthorised" });
  expect(await failureOf({ more: { HF_TOKEN: "hf_hunter2\u00e9" } })).toMatchObject({ code: "weights-token-invalid" });
});

it("says how to bring files where there is no network", async () => {
  const server = createHttpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const addresses = { ECONNREFUSED: `http://127.0.0.1:${port}`, ENOTFOUND: "http://nowhere.invalid" };
  for (const [code, endpoint] of Object.entries(addresses)) {
    const error = await failureOf({ more: { HF_ENDPOINT: endpoint, HF_TOKEN: token }, revision: "v1" });
    expect(error).toMatchObject({ code: "weights-no-network" });
    if (code === "ECONNREFUSED") expect(error.message).toContain(code);
    expect(error.hint).toContain("hf download org/name --revision v1");
    expect(error.hint).toContain("models--org--name");
    expect(error.hint).toContain("file(...)");
  }
});

it("asks nothing where a variable forbids it", async () => {
  for (const variable of ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"]) {
    const error = await failureOf({ more: { [variable]: "1" } });
    expect(error).toMatchObject({ code: "weights-offline" });
    expect(error.message).toContain(variable);
  }
  expect(hub.requests).toEqual([]);
});

it("tells what is no hub", async () => {
  const answers = [
    (response: ServerResponse) => response.end("<html>Please log in</html>"),
    (response: ServerResponse) => response.writeHead(302, { location: "/again" }).end(),
    (response: ServerResponse) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    (response: ServerResponse) => response.writeHead(200, { "x-repo-commit": "../..", etag: '"../../../x"' }).end(),
  ];
  for (const answer of answers) {
    const server = createHttpServer((_, response) => answer(response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await failureOf({ file: "a.bin", more: { HF_ENDPOINT: endpoint } })).toMatchObject({
      code: "weights-answer-unexpected",
    });
    server.closeAllConnections();
    server.close();
  }
});
