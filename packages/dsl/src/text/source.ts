/** One file of a program as text. `path` is what messages show and what relative paths are resolved against. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** A stretch of one source file: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: lines and columns from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a value was written, ready to be shown: the file and its line and column, from 1. */
export interface Origin extends Position {
  readonly file: string;
}
