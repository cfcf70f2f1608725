/** Small DICOM files in Explicit VR Little Endian, put together element by element. */
export const uids = { explicit: "1.2.840.10008.1.2.1", rle: "1.2.840.10008.1.2.5" } as const;

export interface ImageChanges {
  readonly rows?: number;
  readonly columns?: number;
  readonly bits?: number;
  readonly stored?: number;
  readonly samples?: number;
  readonly photometric?: string;
}

/** The elements of a 4 x 4 image of 8 bits; later ones of the same tag take the place of earlier ones. */
export function imageElements(changes: ImageChanges = {}, more: readonly Buffer[] = []): readonly Buffer[] {
  const { rows = 4, columns = 4, bits = 8, stored = bits, samples = 1, photometric = "MONOCHROME2" } = changes;
  return [
    us(0x0028, 0x0002, samples),
    text(0x0028, 0x0004, "CS", photometric),
    us(0x0028, 0x0010, rows),
    us(0x0028, 0x0011, columns),
    us(0x0028, 0x0100, bits),
    us(0x0028, 0x0101, stored),
    us(0x0028, 0x0102, stored - 1),
    us(0x0028, 0x0103, 0),
    ...more,
    element(0x7fe0, 0x0010, "OB", Buffer.from(Array.from({ length: 16 }, (_, index) => index))),
  ];
}

/** With file meta information; of no transfer syntax where that is empty. */
export function dicomFile(elements: readonly Buffer[], transferSyntax: string = uids.explicit): Buffer {
  const syntax = transferSyntax === "" ? [] : [text(0x0002, 0x0010, "UI", transferSyntax)];
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    text(0x0002, 0x0012, "UI", "1.2.3"),
    ...syntax,
    ...elements,
  ]);
}

export function element(group: number, number: number, vr: string, value: Buffer): Buffer {
  const isLong = ["OB", "OW", "SQ"].includes(vr);
  const header = Buffer.alloc(isLong ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, "latin1");
  if (isLong) header.writeUInt32LE(value.length, 8);
  else header.writeUInt16LE(value.length, 6);
  return Buffer.concat([header, value]);
}

export function us(group: number, number: number, value: number): Buffer {
  return element(group, number, "US", Buffer.from([value & 255, value >> 8]));
}

export function text(group: number, number: number, vr: string, value: string): Buffer {
  return element(group, number, vr, Buffer.from(value + (value.length % 2 === 1 ? " " : ""), "latin1"));
}

/** One item. */
export function sequence(group: number, number: number, elements: readonly Buffer[]): Buffer {
  const value = Buffer.concat(elements);
  const item = Buffer.from("feff00e000000000", "hex");
  item.writeUInt32LE(value.length, 4);
  return element(group, number, "SQ", Buffer.concat([item, value]));
}

/** Pixels in one fragment. */
export function encapsulated(fragment: Buffer): Buffer {
  const item = Buffer.from("feff00e000000000", "hex");
  item.writeUInt32LE(fragment.length, 4);
  const start = Buffer.from("e07f10004f420000fffffffffeff00e000000000", "hex");
  return Buffer.concat([start, item, fragment, Buffer.from("feffdde000000000", "hex")]);
}
