import { coderState, type CoderState } from "./coder-state.ts";
import { decodeRegular } from "./decode-regular.ts";
import { decodeInterruption, readRunLength, shortenRuns, type RunIndex } from "./decode-run.ts";
import type { JpegLsScan } from "./stream.ts";

/** A line of one component, with a sample on either side: the neighbours of those at the ends (ISO/IEC 14495-1 A.2.1). */
type Line = Int32Array;

interface Lines {
  above: Line;
  current: Line;
}

/** Where a scan's samples go: of each component to every `stride`th value. */
export interface ScanTarget {
  readonly values: Uint8Array | Uint16Array;
  /** Of the scan's first component. */
  readonly first: number;
  readonly stride: number;
}

/** False where the data are cut short or garbled. */
export function decodeScan(scan: JpegLsScan, width: number, height: number, target: ScanTarget): boolean {
  const state = coderState(scan);
  const components = Array.from({ length: scan.components }, () => emptyLines(width));
  const indices: readonly RunIndex[] = components.map(() => ({ value: 0 }));
  for (let y = 0; y < height; y++) {
    for (const lines of components) beginLine(lines, width);
    if (scan.interleave === "sample") {
      decodeLineTogether(state, components, indices[0]!, width);
    } else {
      for (const [component, lines] of components.entries()) decodeLine(state, lines, indices[component]!, width);
    }
    if (state.reader.isExhausted) return false;
    for (const [component, { current }] of components.entries()) {
      const { values, first, stride } = target;
      for (let x = 1, to = y * width * stride + first + component; x <= width; x++, to += stride)
        values[to] = current[x]!;
    }
  }
  return true;
}

function emptyLines(width: number): Lines {
  return { above: new Int32Array(width + 2), current: new Int32Array(width + 2) };
}

/** The line before moves up; what lies beyond its end, and before the new line, are copies of its last and first sample. */
function beginLine(lines: Lines, width: number): void {
  [lines.above, lines.current] = [lines.current, lines.above];
  lines.above[width + 1] = lines.above[width]!;
  lines.current[0] = lines.above[1]!;
}

function decodeLine(state: CoderState, { above, current }: Lines, index: RunIndex, width: number): void {
  for (let x = 1; x <= width;) {
    const context = contextAt(state, above, current, x);
    if (context !== 0) {
      current[x] = decodeRegular(state, context, current[x - 1]!, above[x]!, above[x - 1]!);
      x++;
      continue;
    }
    const left = current[x - 1]!;
    const length = readRunLength(state, index, width - x + 1);
    current.fill(left, x, x + length);
    x += length;
    if (x > width) return;
    current[x] = decodeInterruption(state, index, left, above[x]!, true);
    shortenRuns(index);
    x++;
  }
}

/** Sample by sample: a run is one of all components. */
function decodeLineTogether(state: CoderState, components: readonly Lines[], index: RunIndex, width: number): void {
  for (let x = 1; x <= width;) {
    const found = components.map(({ above, current }) => contextAt(state, above, current, x));
    if (found.some((context) => context !== 0)) {
      for (const [component, { above, current }] of components.entries()) {
        current[x] = decodeRegular(state, found[component]!, current[x - 1]!, above[x]!, above[x - 1]!);
      }
      x++;
      continue;
    }
    const start = x;
    x += readRunLength(state, index, width - x + 1);
    for (const { current } of components) current.fill(current[start - 1]!, start, x);
    if (x > width) return;
    for (const { above, current } of components) {
      current[x] = decodeInterruption(state, index, current[x - 1]!, above[x]!, false);
    }
    shortenRuns(index);
    x++;
  }
}

/** A.3: of the gradients between the neighbours; 0 where all of them are flat. */
function contextAt({ quantised, maxValue }: CoderState, above: Line, current: Line, x: number): number {
  const [left, aboveLeft, over, aboveRight] = [current[x - 1]!, above[x - 1]!, above[x]!, above[x + 1]!];
  const first = quantised[aboveRight - over + maxValue]!;
  const second = quantised[over - aboveLeft + maxValue]!;
  const third = quantised[aboveLeft - left + maxValue]!;
  return 81 * first + 9 * second + third;
}
