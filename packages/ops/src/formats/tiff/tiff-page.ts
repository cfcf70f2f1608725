import { readValues, type TiffDirectories } from "./read-directories.ts";

/** One page of a file, by what messages call it. */
export interface TiffPage {
  readonly name: string;
  readonly file: TiffDirectories;
  readonly index: number;
}

/**
 * The values of one of the page's fields, none where it does not have it.
 * @param limit how many are read at most
 * @throws OpError `image-damaged` where they lie past the end of the file
 */
export function fieldOf({ name, file, index }: TiffPage, tag: number, limit = 64): readonly number[] {
  return readValues(file, file.pages[index]!.get(tag), { name, limit });
}
