/** One measured figure, as `npm run bench -- --json` prints it. */
export interface Figure {
  readonly figure: string;
  /** Null only where the machine lacks what the figure needs; `baseline` then says what. */
  readonly value: number | null;
  readonly unit: string;
  /** The bar, e.g. `>= 0.9`. */
  readonly target: string;
  readonly holds: boolean | null;
  /** What the value is measured against, and how. */
  readonly baseline: string;
}

/** A group of figures that are measured together; its name is their first word. */
export interface FigureGroup {
  readonly name: string;
  readonly measure: (context: BenchContext) => Promise<readonly Figure[]>;
}

export interface BenchContext {
  /** The repository's root. */
  readonly root: string;
  /** Real weights and images, for the figures that need them; null where they are not on this machine. */
  readonly material: string | null;
  /** A fresh folder that goes away afterwards. */
  readonly scratch: string;
  /** A Python that has the libraries that some figures compare with; null where none was named. */
  readonly python: string | null;
  /** A Snakemake to compare with; null where none is to be found. */
  readonly snakemake: string | null;
  /** How many runs are killed. */
  readonly kills: number;
  /** How many changes of each kind are planned. */
  readonly changes: number;
  readonly say: (text: string) => void;
}

export interface Measured {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: string;
}

type Bar = { readonly atLeast: number } | { readonly atMost: number } | { readonly exactly: number };

/** Judges a value against its bar. */
export function judge(measured: Measured, bar: Bar): Figure {
  const { value } = measured;
  if ("atLeast" in bar) return { ...measured, target: `>= ${String(bar.atLeast)}`, holds: value >= bar.atLeast };
  if ("atMost" in bar) return { ...measured, target: `<= ${String(bar.atMost)}`, holds: value <= bar.atMost };
  return { ...measured, target: `= ${String(bar.exactly)}`, holds: value === bar.exactly };
}

/** What a figure is where the machine lacks what it needs. */
export function notMeasured(figure: Pick<Figure, "figure" | "unit" | "target">, needs: string): Figure {
  return { ...figure, value: null, holds: null, baseline: needs };
}

/** The middle of the values (of an even number, the lower middle). */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
