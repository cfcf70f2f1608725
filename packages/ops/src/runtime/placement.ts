import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where nodes of a graph ran, as onnxruntime's own profile of a run has it. */
export interface PlacementWatch {
  /** Settings under which a session writes its profile. */
  readonly settings: { readonly enableProfiling: true; readonly profileFilePrefix: string };
  /** Operators of the nodes that computed on the CPU, each once, in a session whose profiling has ended. */
  readonly read: () => readonly string[];
  /** Removes the profile. A session that never ran writes one when it is released. */
  readonly clean: () => void;
}

/** Integers of shapes and indices, which providers leave on the CPU by choice: it would be slower to copy them over. */
const largestShapeOutput = 4096;

interface ProfileEvent {
  readonly cat: string;
  readonly args?: {
    readonly op_name?: string;
    readonly provider?: string;
    readonly output_size?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, unknown>>[];
  };
}

/** Nothing tells where nodes are placed but the log and the profile; and only the profile says what a node gave. */
export function watchPlacement(): PlacementWatch {
  const folder = mkdtempSync(join(tmpdir(), "exp-placement-"));
  return {
    settings: { enableProfiling: true, profileFilePrefix: join(folder, "run") },
    read: () => {
      const files = readdirSync(folder);
      return listComputedOnCpu(
        files.flatMap((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as ProfileEvent[]),
      );
    },
    clean: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Harmless is what makes a shape or an index: no float comes of it, or a few numbers only (the scales of a resizing). */
export function listComputedOnCpu(events: readonly ProfileEvent[]): readonly string[] {
  const found = events.flatMap(({ cat, args }) => {
    if (cat !== "Node" || args?.provider !== "CPUExecutionProvider") return [];
    const isFloat = (args.output_type_shape ?? []).some((output) => "float" in output || "float16" in output);
    const isHarmless = !isFloat || Number(args.output_size ?? 0) <= largestShapeOutput;
    return isHarmless ? [] : [args.op_name ?? "unknown"];
  });
  return [...new Set(found)].sort();
}
