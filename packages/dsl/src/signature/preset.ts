import type { ParamValue, Role } from "./signature.ts";

/**
 * A published protocol as a bundle of single switches, written `protocol: NAME` in a sweep. Each switch is a parameter that a
 * program may also set by itself; what a program does set, it keeps.
 */
export interface Preset {
  readonly name: string;
  /** One sentence: whose protocol it is. */
  readonly summary: string;
  readonly switches: readonly PresetSwitch[];
  /** By the constructor of a head: the grid that a search tries in place of the head's own, where the program names no values. */
  readonly grids?: Readonly<Record<string, string>>;
  /** What a search's last fit learns from where there are few shots; null: as without a preset. */
  readonly refitOfShots: "train" | "train+val" | null;
}

export interface PresetSwitch {
  /** `role.param`, or `metric.param`. Of several for one parameter the first that is for a trial counts. */
  readonly param: `${Role | "metric"}.${string}`;
  readonly value: ParamValue;
  /** The constructors of heads that it is for; absent: all. */
  readonly heads?: readonly string[];
  /** The constructors of backbones that it is for; absent: all. */
  readonly backbones?: readonly string[];
  /** What the published study does, for people. */
  readonly summary: string;
}

/** The word for no preset: the tool's own defaults. */
export const ownProtocol = "corrected";

/** Whether a switch is meant for a trial of these constructors. */
export function isSwitchFor(
  { heads, backbones }: PresetSwitch,
  constructors: { readonly head: string | undefined; readonly backbone: string | undefined },
): boolean {
  const { head = "", backbone = "" } = constructors;
  return (heads?.includes(head) ?? true) && (backbones?.includes(backbone) ?? true);
}
