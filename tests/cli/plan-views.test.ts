import { expect, it } from "vitest";
import { createWorkplace } from "./command-line.ts";

const program = (views: string): string => `exp 1

dataset drawn = phantoms { train: 20, val: 6, test: 8, size: 32, views: ${views} }
backbone tiny = vit { weights: random(1), image_size: 32, patch_size: 8, width: 32, depth: 1, heads: 2 }
head probe = linear { lr: 0.01, epochs: 5 }
sweep all { dataset: drawn, backbone: tiny, head: probe }
table "Views" { from: all, rows: head, cells: test.auroc }
`;

it("counts the views that are to pass the backbone before any of them is made, once the data set has been read", async () => {
  const place = createWorkplace();
  try {
    for (const views of ["none", "3", "fresh"]) place.write(`${views}.exp`, program(views));
    const planOf = async (views: string): Promise<string> =>
      (await place.exp("plan", `${views}.exp`, "--store", "store")).out;
    expect(await planOf("3")).toContain("(images not counted yet)");
    expect((await place.exp("run", "none.exp", "--store", "store", "--quiet")).exitCode).toBe(0);
    // The test images have been through it.
    expect(await planOf("3")).toContain("60 images to pass through a backbone.");
    expect(await planOf("fresh")).toContain("100 images to pass through a backbone.");
    expect((await place.exp("run", "3.exp", "--store", "store", "--quiet")).exitCode).toBe(0);
    // Three of the five views of each image are the kept ones.
    expect(await planOf("fresh")).toContain("40 images to pass through a backbone.");
    expect(await planOf("fresh")).toContain("(40 images, 60 stored)");
  } finally {
    place.close();
  }
});
