import type { StoreUpkeep } from "../../upkeep.ts";
import { toStoreError } from "../store-errors.ts";
import { verifyStore, type VerifiedTables } from "../verify/verify-store.ts";
import { openAnswerUses } from "./answer-uses.ts";
import { giveBackSpace } from "./give-back-space.ts";
import { removeEntries } from "./remove-entries.ts";
import { takeInventory } from "./take-inventory.ts";

/** What keeps the store at `path` small and true. */
export function openUpkeep(tables: VerifiedTables, path: string): StoreUpkeep {
  const { context, payloads } = tables;
  const noteUse = openAnswerUses(context);
  function* guarded<Step, Result>(steps: Generator<Step, Result>): Generator<Step, Result> {
    try {
      return yield* steps;
    } catch (error) {
      throw toStoreError(error, path);
    }
  }
  return {
    verify: () => guarded(verifyStore(tables, path)),
    noteUse: (fingerprints, at) => {
      try {
        noteUse(fingerprints, at);
      } catch (error) {
        throw toStoreError(error, path);
      }
    },
    takeInventory: () => guarded(takeInventory(context, payloads.folder)),
    remove: (removal) => guarded(removeEntries(tables, removal)),
    giveBackSpace: () => guarded(giveBackSpace(context, payloads)),
  };
}
