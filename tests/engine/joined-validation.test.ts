import { expect, it } from "vitest";
import { createBench } from "./run-program.ts";

const program = (head: string): string => `exp 1
dataset points = lines { file: "joined.txt" }
backbone one = scale { factor: 1 }
sweep s { dataset: points  backbone: one  head: ${head} }
table "T" { from: s  rows: head  cells: test.auroc  intervals: none }
`;

it("lets neighbours be of the validation split too where a head joins it, and of the training split alone elsewhere", async () => {
  const bench = createBench();
  try {
    // The nearest training example of both test examples lacks the class; one validation example beside the second has it.
    bench.write(
      "joined.txt",
      ["train 0 0 0", "train 1 10 10", "val 0 -9 9", "val 1 1.1 1", "test 0 0 0.4", "test 1 1 1"].join("\n"),
    );
    const auroc = async (head: string): Promise<number | null | undefined> =>
      (await bench.run(program(head))).tables[0]?.cells[0]?.mean;
    expect(await auroc("knn { k: 1, metric: euclidean }")).toBe(0.5);
    expect(await auroc("knn { k: 1, metric: euclidean, with_val: true }")).toBe(1);
  } finally {
    bench.close();
  }
});
