import type { Paint } from "../4-report/paint.ts";
import type { ScreenDevice } from "../4-report/screen-device.ts";
import type { WriteWatch } from "../store/fail-points.ts";
import type { ExitCode } from "./exit-codes.ts";

/** One command of `exp`: how it is called, and what it does. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** As the help shows them: `<file>`, `[task...]`. */
  readonly arguments: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  readonly run: (call: CommandCall, terminal: Terminal) => Promise<ExitCode>;
}

export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly isOptional?: true;
  readonly isMany?: true;
}

export interface CommandOption {
  /** As commander writes it, e.g. `--format <name>`. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given several times; the values become a list. */
  readonly isMany?: true;
  /** A name of the contract that a later version will have: refused with a word on why, and not in the help. */
  readonly isKept?: true;
}

export type Device = "auto" | "cpu" | "cuda" | "webgpu";

/** What was written on the command line. */
export interface CommandCall {
  readonly arguments: readonly string[];
  readonly options: CallOptions;
}

/** The options that mean the same everywhere, and each command's own under `own`. */
export interface CallOptions {
  readonly json: boolean;
  /** The folder that the command line or EXP_STORE names; null where neither does. */
  readonly store: string | null;
  readonly set: Readonly<Record<string, string>>;
  readonly device: Device;
  /** Tasks that may run at once, from 1 to 64. */
  readonly jobs: number;
  /** False where a live screen is not wanted. */
  readonly tui: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly own: Readonly<Record<string, unknown>>;
}

/** The world outside a command: streams and environment. Handed in, so that tests can hand in theirs. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** Columns of the output; null where it is no terminal. */
  readonly width: number | null;
  /** The same of the error stream. */
  readonly errWidth: number | null;
  /** Takes the terminal over for a live screen; null where there is none, or none that should be taken over. */
  readonly openScreen: ((onHangUp: () => void) => ScreenDevice) | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Hears of every write to the disk; see `failPoints`. */
  readonly watch: WriteWatch;
}
