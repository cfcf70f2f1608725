import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, formatProgram } from "@exp-lab/dsl";
import { builtinOps, presets } from "@exp-lab/ops";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../experiments", import.meta.url));

/** Tasks in the graph of every program that we ship: a change of the number is a change of what people's runs cost. */
const graphSizes: Readonly<Record<string, number>> = {
  "augmentation.exp": 319,
  "few-shot.exp": 1661,
  "few-shot-nih.exp": 22268,
  "knn.exp": 1489,
  "knn-small.exp": 147,
  "linear-classification.exp": 7920,
  "linear-classification-small.exp": 3134,
  "pneumonia.exp": 334,
  "quickstart.exp": 188,
};

describe("the experiments", () => {
  it("are all pinned here", () => {
    const programs = readdirSync(folder).filter((name) => name.endsWith(".exp"));
    expect(programs.sort()).toEqual(Object.keys(graphSizes).sort());
  });

  it.each(Object.entries(graphSizes))("%s compiles without a word, to a graph of %d tasks", (name, tasks) => {
    const result = compile({
      entry: join(folder, name),
      readSource: (path) => readFileSync(path, "utf8"),
      signatures: builtinOps.map((op) => op.signature),
      presets,
      environment: {},
      settings: {},
    });
    expect(result.diagnostics).toEqual([]);
    expect(result.graph?.tasks).toHaveLength(tasks);
  });

  it.each(Object.keys(graphSizes))("%s is in the canonical layout", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    expect(formatProgram({ path: name, text }).text).toBe(text);
  });
});

describe("the backbones of the study", () => {
  const library = readFileSync(join(folder, "lib/backbones.exp"), "utf8");
  const names = [...library.matchAll(/^backbone (\w+) = (\w+) \{\}$/gm)].map(([, name = ""]) => name);
  const pneumonia = readFileSync(join(folder, "pneumonia.exp"), "utf8");
  const compared = "backbone: [squeezenet, mobilenet, deit_tiny]";

  it("are all there", () => {
    const constructors = [...library.matchAll(/^backbone \w+ = (\w+) \{\}$/gm)].map(([, name = ""]) => name);
    expect(constructors).toEqual(
      expect.arrayContaining([
        ...[
          "dinov2_vits14",
          "dinov2_vitb14",
          "dinov2_vitl14",
          "dinov2_vitg14",
          "vit_large_patch16_224",
          "resnet152",
          "vgg19",
        ],
        ...[
          "densenet201",
          "msn_large_patch16_224",
          "mae_large_patch16_224",
          "clip_vit_l14",
          "openclip_vit_h14",
          "sam_vit_l",
        ],
        "biomedclip_vit_b16",
      ]),
    );
    expect(formatProgram({ path: "backbones.exp", text: library }).text).toBe(library);
  });

  it.each(names)("%s takes the place of pneumonia.exp's without another change", (name) => {
    expect(pneumonia).toContain(compared);
    const entry = join(folder, "pneumonia.exp");
    const result = compile({
      entry,
      readSource: (path) =>
        path === entry ? pneumonia.replace(compared, `backbone: ${name}`) : readFileSync(path, "utf8"),
      signatures: builtinOps.map((op) => op.signature),
      environment: {},
      settings: {},
    });
    // What pneumonia.exp declares itself is then in no sweep.
    expect(result.diagnostics.filter(({ code }) => code !== "W100")).toEqual([]);
    expect(result.graph?.tables[0]?.cells).toHaveLength(12);
  });
});

describe("the documentation", () => {
  it("shows a program that compiles", () => {
    const page = readFileSync(join(folder, "../docs/language.md"), "utf8");
    const shown = /```exp\n(.*?)```/s.exec(page)?.[1] ?? "";
    const result = compile({
      entry: "page.exp",
      readSource: (path) => (path === "page.exp" ? shown : "exp 1\n"),
      signatures: builtinOps.map((op) => op.signature),
      environment: {},
      settings: {},
    });
    expect(result.diagnostics).toEqual([]);
    expect(result.graph?.tables).toHaveLength(1);
  });

  it("opens with the quickstart as it is shipped", () => {
    const readme = readFileSync(join(folder, "../README.md"), "utf8");
    const quickstart = readFileSync(join(folder, "quickstart.exp"), "utf8");
    const shown = /```exp\n(.*?)```/s.exec(readme)?.[1] ?? "";
    expect(quickstart.replace(/\n\n\/\/ Does[^]*?downloaded\.\n/, "\n")).toBe(shown);
  });
});
