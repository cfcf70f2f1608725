import { describeStore } from "../contract/store-contract.ts";
import { openMemoryStore } from "./memory-store.ts";

describeStore("the store in memory", openMemoryStore);
