import { describe, expect, it } from "vitest";
import { medmnistClassCounts } from "./medmnist-class-counts.ts";
import { medmnistDescriptions } from "./medmnist-descriptions.ts";
import { publishedMedmnist, publishedSize } from "./medmnist-published.ts";
import { medmnistSets } from "./medmnist-sets.ts";

describe("publishedMedmnist", () => {
  it.each(["dermamnist.npz", "dermamnist_28.npz", "dermamnist_64.npz", "dermamnist_128.npz", "dermamnist_224.npz"])(
    "knows %s by its name",
    (file) => {
      expect(publishedMedmnist(file)).toMatchObject({
        name: "dermamnist",
        images: { train: 7007, val: 1003, test: 2005, all: 10_015 },
        classes: 7,
        positives: { melanoma: { train: 779, val: 111, test: 223 } },
      });
    },
  );

  it.each([
    "mine.npz",
    "dermamnist_32.npz",
    "dermamnist.npz.part",
    "my_dermamnist.npz",
    "toString.npz",
    "organmnist3d_128.npz",
    "dermamnist3d.npz",
  ])("says nothing of %s", (file) => expect(publishedMedmnist(file)).toBeNull());

  it("counts the slices of volumes, and the volumes as groups", () => {
    expect(publishedMedmnist("nodulemnist3d_64.npz")).toMatchObject({
      images: { train: 74_112, val: 10_560, test: 19_840, all: 104_512 },
      patients: { train: 1158, val: 165, test: 310, all: 1633 },
    });
  });

  it("takes the release that is nearer to what there is, else the present one", () => {
    const nearTo = (train: number, val: number, test: number) =>
      publishedMedmnist("organcmnist.npz", { train, val, test })?.source;
    const present = "MedMNIST 2.2.4 and later (Zenodo 10519652)";
    const older = "the MedMNIST v2 paper (Yang et al., 2023) and releases up to 2.2.3";
    expect(publishedMedmnist("organcmnist.npz")?.source).toBe(present);
    expect(nearTo(12_975, 2392, 8216)).toBe(present);
    expect(nearTo(13_000, 2392, 8268)).toBe(older);
    expect(nearTo(12_999, 2392, 8268)).toBe(older);
    expect(publishedMedmnist("vesselmnist3d.npz", { train: 37_380, val: 5376, test: 10_696 })).toMatchObject({
      source: older,
      patients: { val: 192 },
    });
    expect(publishedMedmnist("octmnist.npz")?.source).toBe("the MedMNIST v2 paper (Yang et al., 2023)");
  });

  it("knows all 18 sets in both releases as their publisher adds them up", () => {
    const totals = (is3d: boolean, of: "counts" | "paperCounts") =>
      [...medmnistSets.values()]
        .filter(({ isVolumes = false }) => isVolumes === is3d)
        .flatMap((set) => set[of] ?? set.counts)
        .reduce((sum, count) => sum + count, 0);
    expect(medmnistSets.size).toBe(18);
    expect([totals(false, "counts"), totals(true, "counts")]).toEqual([707_962, 9996]);
    expect([totals(false, "paperCounts"), totals(true, "paperCounts")]).toEqual([708_069, 9998]);
  });
});

describe("medmnistClassCounts", () => {
  it.each([
    ["pathmnist", 2],
    ["dermamnist", 3],
    ["pneumoniamnist", 3],
    ["retinamnist", 3],
    ["breastmnist", 2],
    ["bloodmnist", 2],
  ])("adds up to the images of %s, in its first %i splits", (name, splits) => {
    const { counts, classes } = medmnistSets.get(name)!;
    const counted = medmnistClassCounts(name)!;
    expect(Object.keys(counted)).toEqual(classes);
    const sums = (["train", "val", "test"] as const)
      .slice(0, splits)
      .map((split) => Object.values(counted).reduce((sum, each) => sum + each[split]!, 0));
    expect(sums).toEqual(counts.slice(0, splits));
  });

  it("knows none of a name that is no set's", () => {
    expect(medmnistClassCounts("mine")).toBeNull();
    expect(medmnistClassCounts("chestmnist")).toMatchObject({ pneumonia: { train: 978 }, hernia: { train: 144 } });
  });
});

describe("publishedSize", () => {
  it("is that of the largest array of volumes, and nothing of images", () => {
    expect(publishedSize("vesselmnist3d_64.npz")).toBe(1335 * 64 ** 3 + 4096);
    expect([publishedSize("pathmnist_224.npz"), publishedSize("mine.npz")]).toEqual([0, 0]);
  });
});

describe("medmnistDescriptions", () => {
  it("has each set once, with the licence that two kinds of them have", () => {
    expect(medmnistDescriptions.map(({ title }) => title)).toEqual(
      [...medmnistSets.values()].map(({ title }) => title),
    );
    const others = medmnistDescriptions.filter(({ licence }) => licence !== "CC BY 4.0");
    expect(others.map(({ title, licence }) => [title, licence])).toEqual([["DermaMNIST", "CC BY-NC 4.0"]]);
    expect(medmnistDescriptions.find(({ title }) => title === "BreastMNIST")?.task).toContain("0 malignant");
  });
});
