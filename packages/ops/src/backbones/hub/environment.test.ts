import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hubEndpoint, offlineVariable, readToken } from "./environment.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "environment-"));
});

afterEach(() => rm(home, { recursive: true }));

it("reads a token from the variables, then from the file that logging in writes", async () => {
  expect(await readToken({ HOME: home })).toBeNull();
  await mkdir(join(home, ".cache", "huggingface"), { recursive: true });
  await writeFile(join(home, ".cache", "huggingface", "token"), "hf_file\n");
  expect(await readToken({ HOME: home })).toBe("hf_file");
  await writeFile(join(home, "elsewhere"), "hf_path");
  expect(await readToken({ HOME: home, HF_TOKEN_PATH: "~/elsewhere" })).toBe("hf_path");
  expect(await readToken({ HOME: home, HUGGING_FACE_HUB_TOKEN: "hf_old" })).toBe("hf_old");
  expect(await readToken({ HOME: home, HUGGING_FACE_HUB_TOKEN: "hf_old", HF_TOKEN: " hf_new " })).toBe("hf_new");
});

it("refuses what no header can hold, without showing it", async () => {
  const error: unknown = await readToken({ HF_TOKEN: "hf_secret\nhf_other" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "weights-token-invalid" });
  expect(String(error)).not.toContain("hf_secret");
});

it("says which variable forbids requests", () => {
  expect(offlineVariable({})).toBeNull();
  for (const yes of ["1", "true", "YES", "On"]) expect(offlineVariable({ HF_HUB_OFFLINE: yes })).toBe("HF_HUB_OFFLINE");
  for (const no of ["0", "false", "", "off"]) expect(offlineVariable({ HF_HUB_OFFLINE: no })).toBeNull();
  expect(offlineVariable({ HF_HUB_OFFLINE: "0", TRANSFORMERS_OFFLINE: "1" })).toBe("TRANSFORMERS_OFFLINE");
});

it("takes the hub's address from HF_ENDPOINT, and refuses one with a password without showing it", () => {
  expect(hubEndpoint({})).toBe("https://huggingface.co");
  expect(hubEndpoint({ HF_ENDPOINT: "https://mirror.example.org/hub/" })).toBe("https://mirror.example.org/hub");
  const invalid = expect.objectContaining({ code: "weights-endpoint-invalid" }) as Error;
  for (const text of [
    "mirror.example.org",
    "ftp://h.example",
    "https://me:hunter2@h.example",
    "https://h.example?a=1",
  ]) {
    expect(() => hubEndpoint({ HF_ENDPOINT: text }), text).toThrow(invalid);
    expect(() => hubEndpoint({ HF_ENDPOINT: text })).not.toThrow(/hunter2/);
  }
});
