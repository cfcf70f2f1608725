// Ops for a worker of a test: one ends its worker, the other gives rows.
import process from "node:process";

const layout = { parts: [{ name: "pooled", width: 1 }], defaultPart: "pooled" };
const rowsOf = ({ examples }) => ({
  digests: examples.map(({ digest }) => digest),
  rows: new Float32Array(examples.length),
  failures: [],
});
const extractor = {
  ...{ layout, batchSize: 1, madeBy: "test" },
  extract: (batch) => Promise.resolve(rowsOf(batch)),
  close: () => Promise.resolve(),
};

export const ops = [
  { shape: "single", signature: { name: "crash" }, run: () => process.kill(process.pid, "SIGKILL") },
  { shape: "per example", signature: { name: "rows" }, open: () => Promise.resolve(extractor) },
];
