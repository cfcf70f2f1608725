import type Database from "better-sqlite3";

/** One step of the schema. It runs inside a transaction that also raises `user_version`. */
export type Migration = (connection: Database.Database) => void;
