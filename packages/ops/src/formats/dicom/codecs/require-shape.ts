import { damagedDicom } from "../dicom-errors.ts";
import type { FrameShape } from "./decoded-frame.ts";

/** @throws OpError `image-damaged` where a stream has another shape than the header of its file says */
export function requireShape(
  stream: { readonly width: number; readonly height: number; readonly components: number },
  { name, width, height, samples }: FrameShape,
): void {
  if (stream.width === width && stream.height === height && stream.components === samples) return;
  const found = `${stream.width} x ${stream.height} x ${stream.components}`;
  throw damagedDicom(name, `a frame has ${found} samples where its header says ${width} x ${height} x ${samples}`);
}
