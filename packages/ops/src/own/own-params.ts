/** Parameters of every op that brings rows from a file. */
export const ownParams = {
  file: { type: "file", summary: "The file: .npz, .safetensors or .parquet." },
  ids: {
    type: "string",
    summary: "The array (column) that names the example of each row; by default digests or ids, as the file has them.",
    default: null,
  },
  key: {
    type: "choice",
    choices: ["auto", "id", "digest"],
    summary: "Whether examples are named by the data set's own ids or by the SHA-256 of their bytes; auto looks.",
    default: "auto",
  },
  extra: {
    type: "choice",
    choices: ["error", "ignore"],
    summary: "What to make of rows that are of no split of the data set.",
    default: "error",
  },
} as const;

/** Inputs of every such op. */
export const ownInputs = {
  examples: { kind: "examples", summary: "The examples of the split that is asked for." },
  dataset: { kind: "dataset", summary: "The whole data set: a row of another split is not one too many." },
} as const;

/** Said under a table, by the file's digest: its name here enters no answer. */
export function noteOfFile(what: "Features" | "Predictions", fileDigests: Readonly<Record<string, string>>): string {
  const digest = fileDigests["file"];
  if (digest === undefined) throw new Error("The digest of the user's file is missing.");
  return `${what} come from a file (SHA-256 ${digest.slice(0, 12)}): not reproducible here.`;
}
