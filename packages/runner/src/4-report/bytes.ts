/** A size in decimal units, as disks and downloads are sold: `512 B`, `1.4 kB`, `23 MB`, `1.2 GB`. Two figures at least. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return "?";
  if (bytes < 999.5) return `${String(Math.round(bytes))} B`;
  let value = bytes / 1000;
  let unit = 0;
  // 999.5 of a unit would be written as 1000 of it.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? ""}`;
}

const units = ["kB", "MB", "GB", "TB", "PB"] as const;
