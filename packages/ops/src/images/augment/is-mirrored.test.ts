import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brightOn, brightSide } from "../../../../../tests/ops/images/sided-image.ts";
import type { ExampleView } from "../../artifacts/example-view.ts";
import type { PlanarImage } from "../planar-image.ts";
import { flipColumns } from "./flip.ts";
import { isMirrored } from "./is-mirrored.ts";
import { operationStream } from "./operation-stream.ts";
import { planView } from "./plan-view.ts";
import { rotation } from "./rotation.ts";

const image = brightOn(0);

describe("isMirrored", () => {
  it("says what the pixels say, whatever else is done and however often it is flipped", () => {
    const flip = "horizontal_flip";
    // One crop leaves some of both halves.
    const lists = fc.shuffledSubarray(["resized_crop", "intensity", "vertical_flip", flip, flip, flip]);
    const views = fc.record({ of: fc.string(), index: fc.nat(), operations: lists, seed: fc.nat() });
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(views, ({ of, index, operations, seed }) => {
        const view = { of, index, recipe: { operations, seed, stored: true } };
        seen.add(isMirrored(view));
        expect(isMirrored(view)).toBe(brightSide(made(view)) === 1);
      }),
      { numRuns: 400 },
    );
    expect(seen.size).toBe(2);
  });

  it("takes an image that was turned for mirrored where it is flipped then", () => {
    for (let index = 0; index < 50; index++) {
      const view = viewOf({ operations: ["rotation", "horizontal_flip"], index });
      const turned = rotation(image, operationStream(view, 0));
      expect(made(view)).toEqual(isMirrored(view) ? flipColumns(turned) : turned);
      expect(isMirrored(viewOf({ operations: ["rotation", "vertical_flip"], index }))).toBe(false);
    }
  });

  it("mirrors half of the views, each flip of a list by itself", () => {
    const share = (operations: readonly string[]): number =>
      Array.from({ length: 1000 }, (_, index) => isMirrored(viewOf({ operations, index }))).filter(Boolean).length /
      1000;
    // Four standard errors.
    expect(Math.abs(share(["horizontal_flip"]) - 0.5)).toBeLessThan(0.064);
    expect(Math.abs(share(["horizontal_flip", "horizontal_flip"]) - 0.5)).toBeLessThan(0.064);
    expect(share(["resized_crop", "vertical_flip"])).toBe(0);
  });

  it("is one for all images that draw by one name", () => {
    for (let index = 0; index < 50; index++) {
      const [one, other] = ["a", "b"].map((of) => isMirrored({ ...viewOf({ index }), of, drawnBy: "bag" }));
      expect(one).toBe(other);
    }
  });
});

function viewOf({ operations = ["horizontal_flip"], index = 0 }: { operations?: readonly string[]; index?: number }) {
  return { of: "a", index, recipe: { operations, seed: 0, stored: true } };
}

function made(view: ExampleView): PlanarImage {
  const plan = planView(view);
  return plan.afterResize(plan.beforeResize(image));
}
