// An op for a worker of a test whose rows say in which process they were made.
import process from "node:process";

const signature = {
  name: "place",
  version: 1,
  summary: "Rows that hold the number of the process that made them.",
  use: "companion",
  role: "backbone",
  params: {},
  inputs: {},
  output: "features",
};

export const ops = [
  {
    signature,
    shape: "per example",
    deterministic: true,
    libraries: [],
    open: async ({ device }) => ({
      layout: { parts: [{ name: "process", width: 1 }], defaultPart: "process" },
      batchSize: 1,
      madeBy: `${device} test`,
      extract: async ({ examples }) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const digests = examples.map(({ digest }) => digest);
        return { rows: Float32Array.from(digests, () => process.pid), digests, failures: [] };
      },
      close: async () => undefined,
    }),
  },
];
