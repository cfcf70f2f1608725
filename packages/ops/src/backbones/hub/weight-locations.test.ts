import { expect, it } from "vitest";
import type { HubSource, UrlSource } from "../weights/weights-source.ts";
import {
  digestOfLink,
  hubCacheFolder,
  hubLocations,
  snapshotPath,
  torchLocation,
  urlLocation,
} from "./weight-locations.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const hub = (parts: Partial<HubSource> = {}): HubSource => ({
  weights: "hf",
  repository: "org/name",
  file: null,
  revision: null,
  ...parts,
});
const url = (address: string, sha256 = "0".repeat(64)): UrlSource => ({ weights: "url", url: address, sha256 });

it("finds the hub's cache by the variables that huggingface_hub reads, in its order", () => {
  const all = {
    HOME: "/home/u",
    XDG_CACHE_HOME: "/x",
    HF_HOME: "/hf",
    HUGGINGFACE_HUB_CACHE: "/old",
    HF_HUB_CACHE: "/new",
  };
  expect(hubCacheFolder(all)).toBe("/new");
  expect(hubCacheFolder({ ...all, HF_HUB_CACHE: undefined })).toBe("/old");
  expect(hubCacheFolder({ ...all, HF_HUB_CACHE: "", HUGGINGFACE_HUB_CACHE: "" })).toBe("/hf/hub");
  expect(hubCacheFolder({ HOME: "/home/u", XDG_CACHE_HOME: "/x" })).toBe("/x/huggingface/hub");
  expect(hubCacheFolder({ HOME: "/home/u" })).toBe("/home/u/.cache/huggingface/hub");
});

it("expands ~ and variables, as shells leave them in files of settings", () => {
  const environment = { HOME: "/home/u", SCRATCH: "/scratch/u" };
  expect(hubCacheFolder({ ...environment, HF_HOME: "~/hf" })).toBe("/home/u/hf/hub");
  expect(hubCacheFolder({ ...environment, HF_HOME: "$SCRATCH/hf" })).toBe("/scratch/u/hf/hub");
  expect(hubCacheFolder({ ...environment, HF_HUB_CACHE: "${SCRATCH}/hub" })).toBe("/scratch/u/hub");
  expect(hubCacheFolder({ ...environment, HF_HUB_CACHE: "/a/$NOTHING" })).toBe("/a/$NOTHING");
});

it("lays a repository out as huggingface_hub does", () => {
  const environment = { HF_HUB_CACHE: "/hub" };
  const main = hubLocations(hub(), environment);
  expect(main).toEqual({
    cache: "/hub",
    folder: "/hub/models--org--name",
    blobs: "/hub/models--org--name/blobs",
    ref: "/hub/models--org--name/refs/main",
    commit: null,
  });
  expect(hubLocations(hub({ revision: "refs/pr/1" }), environment).ref).toBe("/hub/models--org--name/refs/refs/pr/1");
  expect(hubLocations(hub({ revision: commit }), environment)).toMatchObject({ ref: null, commit });
  // Only the whole of a commit is one: the hub also has branches of hex digits.
  expect(hubLocations(hub({ revision: commit.slice(0, 8) }), environment)).toMatchObject({ commit: null });
  expect(snapshotPath(main.folder, commit, "onnx/model.onnx")).toBe(
    `/hub/models--org--name/snapshots/${commit}/onnx/model.onnx`,
  );
});

it("reads the SHA-256 off a link to a blob, and nothing off other links", () => {
  const sha256 = "ab".repeat(32);
  expect(digestOfLink(`../../blobs/${sha256}`)).toBe(sha256);
  expect(digestOfLink(`..\\..\\blobs\\${sha256}`)).toBe(sha256);
  expect(digestOfLink(`../../blobs/${"ab".repeat(20)}`)).toBeNull();
  expect(digestOfLink(`../../blobs/${sha256}.incomplete`)).toBeNull();
  expect(digestOfLink(`/elsewhere/${sha256}`)).toBeNull();
  expect(digestOfLink("")).toBeNull();
});

it("refuses repositories, files and revisions that lead elsewhere", () => {
  const refused = expect.objectContaining({ code: "weights-source-invalid" }) as Error;
  const repositories = [
    "name",
    "a/b/c",
    "../name",
    "org/..",
    "org/na me",
    "/name",
    "org\\name",
    "org--x/name",
    "org/x.git",
  ];
  for (const repository of repositories) {
    expect(() => hubLocations(hub({ repository }), {}), repository).toThrow(refused);
  }
  for (const name of [
    "../a",
    "a/../b",
    "/a",
    "a//b",
    "a\\b",
    "C:/a",
    "a/C:b",
    ".",
    "",
    "a\0b",
    "a\nb",
    "a".repeat(1025),
  ]) {
    expect(() => hubLocations(hub({ file: name }), {}), name).toThrow(refused);
    expect(() => hubLocations(hub({ revision: name }), {}), name).toThrow(refused);
    expect(() => snapshotPath("/hub", commit, name), name).toThrow(refused);
  }
});

it("keeps files of addresses by digest and name, and knows PyTorch's place", () => {
  const source = url("https://download.example.org/models/resnet18-f37072fd.pth?sig=abc", "F37072FD");
  expect(urlLocation(source, { EXP_CACHE: "/c" })).toBe("/c/weights/f37072fd/resnet18-f37072fd.pth");
  expect(urlLocation(url("https://h.example/a%20b.pth"), { HOME: "/u" })).toBe(
    `/u/.cache/exp-lab/weights/${"0".repeat(16)}/a b.pth`,
  );
  expect(urlLocation(source, { HOME: "/u", XDG_CACHE_HOME: "/x" })).toBe(
    "/x/exp-lab/weights/f37072fd/resnet18-f37072fd.pth",
  );
  expect(torchLocation(source, { HOME: "/u" })).toBe("/u/.cache/torch/hub/checkpoints/resnet18-f37072fd.pth");
  expect(torchLocation(source, { TORCH_HOME: "/t" })).toBe("/t/hub/checkpoints/resnet18-f37072fd.pth");
});

it("refuses addresses that name no file, are of other schemes or hold a password, and digests that are too short", () => {
  const refused = expect.objectContaining({ code: "weights-source-invalid" }) as Error;
  const addresses = [
    "ftp://h.example/a",
    "file:///a",
    "h.example/a",
    "https://h.example/",
    "https://h.example/a%2F..%2Fb",
  ];
  for (const address of [...addresses, "https://h.example/%2e%2e", "https://h.example/a%5Cb"]) {
    expect(() => urlLocation(url(address), {}), address).toThrow(refused);
  }
  for (const sha256 of ["", "1234567", "x".repeat(64), "0".repeat(65)]) {
    expect(() => urlLocation(url("https://h.example/a", sha256), {}), sha256).toThrow(refused);
  }
  expect(() => urlLocation(url("https://me:hunter2@h.example/a"), {})).toThrow(refused);
  expect(() => urlLocation(url("https://me:hunter2@h.example/a"), {})).not.toThrow(/hunter2/);
});
