import { readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { createWorkplace } from "./command-line.ts";

const place = createWorkplace();
afterAll(() => {
  place.close();
});

interface Listed {
  readonly datasets: readonly {
    readonly name: string;
    readonly title: string;
    readonly images: number | null;
    readonly licence: string;
    readonly citation: string;
    readonly source: string;
  }[];
  readonly formats: readonly { readonly name: string; readonly summary: string }[];
}

it("lists every published data set with its size, terms and source, and the formats for others", async () => {
  const { exitCode, out } = await place.exp("datasets", "--json");
  expect(exitCode).toBe(0);
  const { datasets, formats } = JSON.parse(out) as Listed;
  expect(datasets.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...["nih_chest_xray14", "chexpert", "sars_cov_2_ct", "brain_tumor", "montgomery", "shenzhen", "medmnist"],
    ]),
  );
  expect(datasets.filter(({ name }) => name === "medmnist")).toHaveLength(18);
  expect(formats.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["csv", "image_folder", "dicom_folder", "nifti_folder", "phantoms"]),
  );
  const text = (await place.exp("datasets")).out;
  for (const { name } of datasets) expect(text).toMatch(new RegExp(`^${name} `, "m"));
  for (const { name } of formats) expect(text).toMatch(new RegExp(`^ {2}${name} `, "m"));
});

it("says all there is to say of one, by constructor or title, and what it might have been of none", async () => {
  const one = await place.exp("datasets", "nih_chest_xray14");
  expect(one.exitCode).toBe(0);
  expect(one.out).toContain("112,120");
  expect(one.out).toMatch(/^ {2}citation +Wang X/m);
  expect(one.out).toContain("exp ops nih_chest_xray14");
  expect((await place.exp("datasets", "breastmnist")).out).toContain("780");
  const wrong = await place.exp("datasets", "chexprt");
  expect(wrong.exitCode).toBe(2);
  expect(wrong.err).toMatch(/Did you mean "chexpert"/i);
});

it("is the README's table", async () => {
  const table = (await place.exp("datasets", "--format", "md")).out;
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const shown = /<!-- exp datasets --format md -->\n\n([\s\S]*?)\n<!-- end -->/.exec(readme)?.[1] ?? "";
  // The formatter pads a table's columns, and spells its rule with as many dashes.
  const bare = (text: string): string =>
    text
      .replace(/ *\| */g, "|")
      .replace(/-{3,}:/g, "--:")
      .replace(/-{4,}/g, "---")
      .trim();
  expect(bare(shown)).toBe(bare(table));
});
