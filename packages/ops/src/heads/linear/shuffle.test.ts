import * as fc from "fast-check";
import { expect, it } from "vitest";
import { drawWeights, orderViews, shuffledRows, viewRows } from "./shuffle.ts";

it("goes through every row once, in an order of each seed's and epoch's own", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), fc.nat(1000), (rows, seed, epoch) => {
      const order = shuffledRows(rows, seed, epoch);
      expect([...order].sort((a, b) => a - b)).toEqual([...Array(rows).keys()]);
      expect(shuffledRows(rows, seed, epoch)).toEqual(order);
    }),
    { numRuns: 50 },
  );
  expect(shuffledRows(100, 0, 0)).not.toEqual(shuffledRows(100, 0, 1));
  expect(shuffledRows(100, 0, 0)).not.toEqual(shuffledRows(100, 1, 0));
});

it("puts every row in every place about equally often", () => {
  const rows = 4;
  const draws = 6000;
  const counts = Array.from({ length: rows }, () => new Float64Array(rows));
  for (let epoch = 0; epoch < draws; epoch++) {
    shuffledRows(rows, 7, epoch).forEach((row, place) => (counts[place]![row]! += 1));
  }
  // Chi-square with 9 degrees of freedom: 33.7 is passed once in ten thousand times; the draws are fixed.
  const expected = draws / rows;
  const chiSquare = counts
    .flatMap((row) => [...row])
    .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(33.7);
});

it("draws first weights of mean 0 and deviation 0.01", () => {
  const weights = drawWeights(20_000, 3);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  const deviation = Math.sqrt(weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length);
  expect(Math.abs(mean)).toBeLessThan(3e-4);
  expect(Math.abs(deviation - 0.01)).toBeLessThan(3e-4);
  expect(drawWeights(10, 3)).toEqual(weights.slice(0, 10));
});

it("takes every image once an epoch, and each of its views once in so many epochs", () => {
  const sizes = fc.record({ images: fc.integer({ min: 1, max: 40 }), views: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(sizes, fc.nat(), ({ images, views }, seed) => {
      const order = orderViews(images, views, seed);
      expect(orderViews(images, views, seed)).toEqual(order);
      const epochs = Array.from({ length: 2 * views }, (_, epoch) =>
        viewRows(shuffledRows(images, seed, epoch), order, epoch),
      );
      for (const [epoch, rows] of epochs.entries()) {
        const shuffled = [...shuffledRows(images, seed, epoch)];
        expect([...rows].map((row) => Math.floor(row / views))).toEqual(shuffled);
      }
      for (const cycle of [epochs.slice(0, views), epochs.slice(views)]) {
        const seen = cycle.flatMap((rows) => [...rows]).sort((a, b) => a - b);
        expect(seen).toEqual([...Array(images * views).keys()]);
      }
    }),
    { numRuns: 40 },
  );
});

it("gives images views in orders of their own", () => {
  const views = 4;
  const firsts = new Float64Array(views);
  const order = orderViews(4000, views, 5);
  for (let image = 0; image < 4000; image++) firsts[order[image * views]!]! += 1;
  // Chi-square with 3 degrees of freedom: 21.1 is passed once in ten thousand times; the draw is fixed.
  expect(firsts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(21.1);
  expect(orderViews(100, views, 6)).not.toEqual(order.subarray(0, 400));
});
