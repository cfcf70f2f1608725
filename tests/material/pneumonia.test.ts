import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createWorkplace } from "../cli/command-line.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const material = process.env["EXP_MATERIAL"] ?? join(root, "../shared/material");
const isHere = existsSync(join(material, "medmnist/pneumoniamnist.npz"));
if (!isHere) console.warn(`SKIPPED: pneumonia.exp on real weights and images, since there are none at ${material}.`);

/** What onnxruntime and scikit-learn gave on the same weights and images: features standardised, L2 at C = 0.01; 11 neighbours. */
interface Reference {
  readonly prep: string;
  readonly model: string;
  readonly "LR_C0.01": { readonly acc: number; readonly auc: number; readonly bacc: number };
  readonly kNN11_cosine_acc: number;
}

const models = {
  squeezenet: "squeezenet1.1.onnx",
  mobilenet: "mobilenetv2_1.0_backbone.onnx",
  deit_tiny: "deit_tiny_patch16_224.onnx",
};

describe.skipIf(!isHere)("experiments/pneumonia.exp on PneumoniaMNIST with three real backbones", () => {
  const place = createWorkplace();
  afterAll(() => {
    place.close();
  });

  it("gives the reference's numbers for every backbone and head, each image passing each backbone once", async () => {
    const program = join(root, "experiments/pneumonia.exp");
    const where = ["--set", `data=${join(material, "medmnist")}`, "--set", `weights=${join(material, "backbones")}`];
    const run = await place.exp("run", program, ...where, "--store", "store", "--json");
    expect(run.exitCode).toBe(0);
    const finished = JSON.parse(run.out.trim().split("\n").at(-1) ?? "") as {
      summary: { forwardPasses: number };
      tables: { cells: { row: Record<string, string>; metric: string; mean: number; nTest: number }[] }[];
    };
    // 4,708 + 524 + 624 images, 29 of which are copies of another one.
    expect(finished.summary.forwardPasses).toBe(3 * 5827);

    const cells = finished.tables[0]?.cells ?? [];
    const mean = (backbone: string, head: string, metric: string): number =>
      cells.find(({ row, metric: name }) => row["backbone"] === backbone && row["head"] === head && name === metric)
        ?.mean ?? Number.NaN;
    for (const [backbone, model] of Object.entries(models)) {
      const reference = readReference(model);
      expect(Math.abs(mean(backbone, "regression", "test.auroc") - reference["LR_C0.01"].auc)).toBeLessThan(0.0005);
      expect(Math.abs(mean(backbone, "regression", "test.accuracy") - reference["LR_C0.01"].acc)).toBeLessThan(0.002);
      expect(
        Math.abs(mean(backbone, "regression", "test.balanced_accuracy") - reference["LR_C0.01"].bacc),
      ).toBeLessThan(0.002);
      // The reference's vote is uniform, ours is weighted: a few of the 624 images fall on the other side.
      expect(Math.abs(mean(backbone, "knn11", "test.accuracy") - reference.kNN11_cosine_acc)).toBeLessThan(0.01);
      expect(mean(backbone, "knn11", "test.auroc")).toBeGreaterThan(0.9);
      // Another protocol than the reference's regression, on the same features: near it, and no number of our own making.
      const regression = mean(backbone, "regression", "test.auroc");
      expect(Math.abs(mean(backbone, "probe", "test.auroc") - regression)).toBeLessThan(0.025);
    }
    expect(cells.every(({ nTest }) => nTest === 624)).toBe(true);
  }, 900_000);
});

function readReference(model: string): Reference {
  const all = JSON.parse(readFileSync(join(material, "reference/sklearn_pneumoniamnist.json"), "utf8")) as Reference[];
  const found = all.find((entry) => entry.model === model && entry.prep === "resize224");
  if (found === undefined) throw new Error(`The reference has no ${model}.`);
  return found;
}
