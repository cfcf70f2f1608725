import type { InventoryShard, StoreInventory, StoreRemoval } from "../store/upkeep.ts";
import type { Reach } from "./reach.ts";
import { listUnits, type RemovalUnit } from "./removal-units.ts";
import type { RowUses } from "./row-uses.ts";

/** What is to go. What programs reach never does; with neither age nor size, all the rest does. */
export interface CollectPolicy {
  /** Null: age does not matter. Else what was last used before this time goes, to the day. */
  readonly usedBefore: Date | null;
  /** Null: size does not matter. Else the least recently used goes until the file should hold no more bytes. */
  readonly mostBytes: number | null;
}

export interface RemovalRequest {
  readonly inventory: StoreInventory;
  readonly reach: Reach;
  readonly rowUses: RowUses;
  readonly rowSetKinds: ReadonlySet<string>;
  readonly policy: CollectPolicy;
}

export interface ChosenRemoval {
  readonly removal: StoreRemoval;
  readonly summary: RemovalSummary;
  /** About what the file will hold then. */
  readonly bytesLeft: number;
}

export interface RemovalSummary {
  readonly answers: number;
  readonly artifacts: number;
  readonly artifactBytes: number;
  readonly rows: number;
  readonly rowBytes: number;
}

/** Decides what goes; removes nothing. */
export function chooseRemoval(request: RemovalRequest): ChosenRemoval {
  const chosen = chooseUnits(listUnits(request), request);
  const artifacts = chosen.flatMap(({ artifact }) => artifact ?? []);
  const rows = joinRows(chosen);
  const answers = chosen.flatMap((unit) => unit.answers);
  return {
    removal: {
      answers,
      contentAnswers: chosen.flatMap((unit) => unit.contentAnswers),
      artifacts: artifacts.map(({ digest }) => digest),
      rows,
      historyBefore: request.policy.usedBefore,
    },
    bytesLeft: Math.max(request.inventory.usedBytes - chosen.reduce((sum, unit) => sum + unit.bytes, 0), 0),
    summary: {
      answers: answers.length,
      artifacts: artifacts.length,
      artifactBytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: rows.reduce((sum, { examples }) => sum + examples.length, 0),
      rowBytes: rows.reduce((sum, { examples, bytesPerRow }) => sum + examples.length * bytesPerRow, 0),
    },
  };
}

function chooseUnits(
  units: readonly RemovalUnit[],
  { inventory, policy: { usedBefore, mostBytes } }: RemovalRequest,
): readonly RemovalUnit[] {
  if (usedBefore === null && mostBytes === null) return units;
  const isOld = ({ isReferred, lastUsed }: RemovalUnit): boolean =>
    !isReferred || (usedBefore !== null && lastUsed !== null && lastUsed <= usedBefore.getTime());
  const chosen = units.filter(isOld);
  let bytes = inventory.usedBytes - chosen.reduce((sum, unit) => sum + unit.bytes, 0);
  for (const unit of units) {
    if (mostBytes === null || bytes <= mostBytes) break;
    if (isOld(unit) || unit.bytes === 0) continue;
    chosen.push(unit);
    bytes -= unit.bytes;
  }
  return chosen;
}

/** A shard is rewritten once, whatever number of its parts go. */
function joinRows(chosen: readonly RemovalUnit[]): readonly InventoryShard[] {
  const byShard = new Map<string, InventoryShard>();
  for (const { rows } of chosen) {
    if (rows === null) continue;
    const key = `${rows.recipe} ${String(rows.id)}`;
    const known = byShard.get(key);
    byShard.set(key, known === undefined ? rows : { ...known, examples: [...known.examples, ...rows.examples] });
  }
  return [...byShard.values()];
}
