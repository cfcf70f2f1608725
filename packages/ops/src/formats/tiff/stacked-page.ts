import { OpError } from "../../op-error.ts";
import type { PageLayout } from "./page-layout.ts";
import { tags } from "./read-directories.ts";
import { fieldOf, type TiffPage } from "./tiff-page.ts";

/**
 * Refuses a page that is a whole stack: its directory describes the first of the images, and the others lie behind that one's
 * pixels, or below it (ImageDepth, tag 32997). ImageJ above 4 GB, tifffile and Bio-Formats write such pages, and say in their
 * description of how many images. A file that has that description and no more than one image's pixels was taken from a
 * stack, and is one image.
 * @throws OpError `image-many-frames`
 */
export function refuseStack(layout: PageLayout, page: TiffPage): void {
  const [depth = 1] = fieldOf(page, tags.imageDepth);
  if (depth > 1) throw stackedPage(page.name, depth);
  if (layout.compression !== notPacked || !hasMoreBehind(layout, page)) return;
  const images = describedImages(layout, page);
  // As many as there are directories: an ordinary file of several pages.
  if (images > page.file.pages.length) throw stackedPage(page.name, images);
}

/** TIFF's number for pixels as they are; only those are written without directories of their own. */
const notPacked = 1;

/** Whether there is room for one more image behind the first. */
function hasMoreBehind({ width, height, samples, bits }: PageLayout, page: TiffPage): boolean {
  const [start] = [...fieldOf(page, tags.stripOffsets, 1), ...fieldOf(page, tags.tileOffsets, 1)];
  const length = (width * height * samples * bits) / 8;
  return start !== undefined && start + 2 * length <= page.file.bytes.length;
}

/** Of how many images of this size the description speaks; 1 where it does not. */
function describedImages(layout: PageLayout, page: TiffPage): number {
  const text = descriptionOf(page);
  // Source: ImageJ's `FileInfo.getDescription`. SCIFIO writes the same.
  if (/^(ImageJ|SCIFIO)=/.test(text)) return Number(/^images=(\d+)/m.exec(text)?.[1] ?? 1);
  const imageLength = layout.width * layout.height * layout.samples;
  // Source: tifffile's `shaped_description`; up to 2018 it wrote the second form.
  const shape = /^\{.*?"shape": *\[([\d, ]+)\]/s.exec(text)?.[1] ?? /^shape=\(([\d, ]+)\)/.exec(text)?.[1];
  if (shape !== undefined) return wholeShare(productOf(shape.match(/\d+/g)), imageLength);
  // Source: OME-XML. Its channels may be samples of one pixel.
  const pixels = /<Pixels\s[^<>]*>/.exec(text)?.[0] ?? "";
  const sizes = [...pixels.matchAll(/\sSize[XYZCT]="(\d+)"/g)].map(([, size]) => size!);
  return wholeShare(productOf(sizes), imageLength);
}

/** Long enough for the head of OME-XML. */
const maxDescription = 65_536;

function descriptionOf({ file, index }: TiffPage): string {
  const field = file.pages[index]!.get(tags.imageDescription);
  if (field === undefined) return "";
  const bytes = file.bytes.subarray(field.start, field.start + Math.min(field.count, maxDescription));
  return new TextDecoder("latin1").decode(bytes);
}

function productOf(numbers: readonly string[] | null): number {
  return (numbers ?? []).reduce((product, number) => product * Number(number), 1);
}

/** 1 for a description of images of another size: someone has cropped this one since. */
function wholeShare(whole: number, part: number): number {
  return whole % part === 0 ? whole / part : 1;
}

function stackedPage(name: string, images: number): OpError {
  return new OpError(
    "image-many-frames",
    `${name} holds a stack of ${String(images)} images in one page, where one image is expected.`,
    "Save every image as a file of its own, or the stack as NIfTI for `nifti_folder`, which takes every slice as an image.",
  );
}
