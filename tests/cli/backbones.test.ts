import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { createWorkplace } from "./command-line.ts";

const place = createWorkplace();
afterAll(() => {
  place.close();
});

interface Listed {
  readonly backbones: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly licence: string;
    readonly weights: readonly { readonly from: { readonly weights: string } }[];
  }[];
}

it("lists every published network with its size, licence and source", async () => {
  const { exitCode, out } = await place.exp("backbones", "--json");
  expect(exitCode).toBe(0);
  const { backbones } = JSON.parse(out) as Listed;
  const names = backbones.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["dinov2_vitg14", "resnet152", "sam_vit_l", "biomedclip_vit_b16"]));
  expect(
    backbones.every(({ parameters, licence, weights }) => parameters > 5e6 && licence !== "" && weights.length > 0),
  ).toBe(true);
  const text = (await place.exp("backbones")).out;
  expect(names.every((name) => text.includes(`${name} `))).toBe(true);
});

it("says all there is to say of one, and what it might have been of none", async () => {
  const one = await place.exp("backbones", "dinov2_vitl14");
  expect(one.out).toContain("hf facebook/dinov2-large model.safetensors");
  expect(one.out).toContain("304 M");
  const wrong = await place.exp("backbones", "dinov2_vitl");
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toContain("dinov2_vitl14");
});

it("is the README's table", async () => {
  const table = (await place.exp("backbones", "--format", "md")).out;
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const shown = /<!-- exp backbones --format md -->\n\n([\s\S]*?)\n<!-- end -->/.exec(readme)?.[1] ?? "";
  // The formatter pads a table's columns, and spells its rule with as many dashes.
  const bare = (text: string): string =>
    text
      .replace(/ *\| */g, "|")
      .replace(/-{3,}:/g, "--:")
      .replace(/-{4,}/g, "---")
      .trim();
  expect(bare(shown)).toBe(bare(table));
});
