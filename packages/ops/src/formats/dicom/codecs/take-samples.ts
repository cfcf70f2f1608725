/**
 * A decoder's bytes as values of 8 or 16 bits (little-endian, as WebAssembly's memory and every machine that Node runs on); null
 * where there are none, or not that many.
 */
export function takeSamples(bytes: Uint8Array | null, bits: 8 | 16, count: number): Uint8Array | Uint16Array | null {
  if (bytes?.length !== count * (bits >> 3)) return null;
  return bits === 8 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, count);
}

/** One plane for each colour to colour by colour. */
export function interleave<Values extends Uint8Array | Uint16Array | Uint32Array>(planes: Values): Values {
  const result = planes.slice() as Values;
  const pixels = planes.length / 3;
  for (let plane = 0; plane < 3; plane++) {
    const start = plane * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) result[3 * pixel + plane] = planes[start + pixel]!;
  }
  return result;
}
