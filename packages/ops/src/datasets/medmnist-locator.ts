import { arrayLocator, parseArrayLocator } from "./array-image.ts";

/** Where an image lies in a MedMNIST file. */
export interface MedmnistPlace {
  readonly split: string;
  /** Of the image, or of the volume. */
  readonly index: number;
  /** Null of an image. */
  readonly slice: number | null;
}

/** An image's id and locator: `train[12]`, or `train[12]#5` for slice 5 of a volume. */
export function medmnistLocator({ split, index, slice }: MedmnistPlace): string {
  const item = arrayLocator(split, index);
  return slice === null ? item : `${item}#${String(slice)}`;
}

/** @throws Error where the text is no such locator: a reader is only ever handed its own */
export function parseMedmnistLocator(locator: string): MedmnistPlace {
  const [, item, slice] = /^(.*)#(\d+)$/.exec(locator) ?? [];
  const place = parseArrayLocator(item ?? locator);
  return { ...place, slice: slice === undefined ? null : Number(slice) };
}
