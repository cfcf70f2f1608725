/** A cell for a message: in quotes, and no longer than a line. */
export function quoteCell(cell: string): string {
  return JSON.stringify(cell.length > 80 ? `${cell.slice(0, 79)}…` : cell);
}

/** `Its columns are "a", "b".`: a header for a message. Where it is none it is a patient's row, which no message shows. */
export function describeHeader(header: readonly string[]): string {
  if (header.length === 0) return "It is empty.";
  if (header.some(isValue)) return "Its first line does not look like names of columns, which are expected there.";
  return `Its columns are ${header.slice(0, shownColumns).map(quoteCell).join(", ")}${header.length > shownColumns ? ", .." : ""}.`;
}

const shownColumns = 24;

/** A number, a date or a file. */
function isValue(cell: string): boolean {
  return /^[-+]?\d[\d\s.,:/-]*$/.test(cell) || /\.(?:png|jpe?g|tiff?|dcm|dicom|np[yz]|nii|gz)$/i.test(cell);
}
