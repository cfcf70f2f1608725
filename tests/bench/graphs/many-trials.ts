/** A program of `backbones` times `values` trials, 5 tasks each (predictions, two scores, their resamples) and a few besides. */
export function manyTrials(backbones: number, values: number): string {
  const names = Array.from({ length: backbones }, (_, index) => `b${String(index)}`);
  const declared = names.map(
    (name, index) =>
      `backbone ${name} = vit { weights: random(${String(index)})  image_size: 16  patch_size: 16  width: 6  depth: 1 }`,
  );
  return `exp 1
dataset drawn = phantoms { train: ${String(values + 20)}  val: 4  test: 8  size: 16 }
${declared.join("\n")}
head near = knn { k: 1 }
sweep many {
  dataset: drawn
  backbone: [${names.join(", ")}]
  head: near
  head.k: 1..${String(values)}
}
table "Many" {
  from: many
  rows: backbone, head.k
  cells: test.auroc, test.accuracy
}
`;
}
