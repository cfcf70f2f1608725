/** A bar of so many columns; it is full only when everything is done. */
export function progressBar(share: number, width: number): string {
  const bounded = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  const full = bounded === 1 ? width : Math.min(width - 1, Math.floor(bounded * width));
  return "█".repeat(full) + "░".repeat(width - full);
}
