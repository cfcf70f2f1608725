import type { LabelledExamples } from "../artifacts/examples.ts";

/** Whether two rows have the same labels; known and unknown are not the same. */
export function sameLabels({ labels: { width, values } }: LabelledExamples, row: number, other: number): boolean {
  for (let place = 0; place < width; place++) {
    if (values[row * width + place] !== values[other * width + place]) return false;
  }
  return true;
}
