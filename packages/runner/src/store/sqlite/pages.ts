/** The value of the columns by which a table is read on: numbers of rows, or hashes. */
export type PageKey = readonly (number | Buffer)[];

export interface PagedTable<Row> {
  /** The next rows after a key, in its order; none at the end. */
  readonly selectAfter: (key: PageKey) => readonly Row[];
  readonly firstKey: PageKey;
  readonly keyOf: (row: Row) => PageKey;
}

/**
 * A table's rows, some hundreds at a time, each page by a query of its own: between pages the connection is free. Ends
 * where a damaged table leads backwards.
 */
export function* readPages<Row>({ selectAfter, firstKey, keyOf }: PagedTable<Row>): Generator<readonly Row[], void> {
  for (let key = firstKey; ;) {
    const rows = selectAfter(key);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    const next = keyOf(last);
    if (!isAfter(next, key)) return;
    key = next;
  }
}

function isAfter(next: PageKey, key: PageKey): boolean {
  for (const [index, value] of next.entries()) {
    const before = key[index];
    const order = typeof value === "number" ? value - Number(before) : Buffer.compare(value, before as Buffer);
    if (order !== 0) return order > 0;
  }
  return false;
}
