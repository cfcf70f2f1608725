import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Preset } from "../signature/preset.ts";
import type { SignatureIndex } from "../signature/signature-index.ts";
import type { ProgramNames } from "./program-names.ts";

/** Takes a mistake that was found; checking goes on. */
export type Report = (diagnostic: Diagnostic) => void;

/** What every part of the checker looks things up in. */
export interface CheckContext {
  readonly names: ProgramNames;
  readonly params: ParamValues;
  readonly signatures: SignatureIndex;
  readonly presets: ReadonlyMap<string, Preset>;
  /** The names that something refers to; grows while the program is checked. */
  readonly used: Set<string>;
  readonly report: Report;
}

/** The value of every `param`; null where it has none because of a mistake that is already reported. */
export type ParamValues = ReadonlyMap<string, ParamLiteral | null>;

export interface ParamLiteral {
  readonly value: string | number | boolean;
  /**
   * What a path that begins with the value is relative to: the file that wrote the value; null, for the working
   * directory, where it came from outside (`--set`, or the variable of an `env()`).
   */
  readonly base: string | null;
}
