// The arithmetic on bytes that every image goes through, in AssemblyScript: sixteen pixels at a time. `build.mjs` compiles
// it into src/images/pixel-module.ts. Addresses are bytes in the module's memory, which the caller lays out; rows are
// written in whole steps of sixteen, so that every region needs that much room behind it.

const lanes: i32 = 16;

/**
 * Interleaved RGB into three planes of `pixels` bytes, `planeRoom` bytes apart. Gives whether the three are equal, which is
 * how grey images are often stored.
 */
export function splitChannels(source: usize, pixels: i32, target: usize, planeRoom: usize): bool {
  let difference = i8x16.splat(0);
  for (let done = 0; done < pixels; done += lanes) {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    // prettier-ignore
    const red = v128.shuffle<u8>(v128.shuffle<u8>(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0),
      c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
    // prettier-ignore
    const green = v128.shuffle<u8>(v128.shuffle<u8>(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0),
      c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
    // prettier-ignore
    const blue = v128.shuffle<u8>(v128.shuffle<u8>(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0),
      c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
    v128.store(target, red);
    v128.store(target + planeRoom, green);
    v128.store(target + 2 * planeRoom, blue);
    let unequal = v128.or(v128.xor(red, green), v128.xor(red, blue));
    if (pixels - done < lanes) unequal = v128.and(unequal, firstLanes(pixels - done));
    difference = v128.or(difference, unequal);
    source += 3 * lanes;
    target += lanes;
  }
  return !v128.any_true(difference);
}

/** All bits set in the first `count` bytes. */
function firstLanes(count: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return i8x16.lt_s(places, i8x16.splat(<i8>count));
}

/**
 * Columns become rows. Works in blocks of 16 x 16: four rounds of interleaving row i with row i + 8 transpose one.
 * @param scratch room for 512 bytes
 */
export function transpose(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  scratch: usize,
): void {
  for (let y = 0; y < height; y += lanes) {
    for (let x = 0; x < width; x += lanes) {
      let from = source + y * sourceStride + x;
      for (let row: usize = 0; row < 16; row++) v128.store(scratch + row * 16, v128.load(from + row * sourceStride));
      interleave(scratch, scratch + 256);
      interleave(scratch + 256, scratch);
      interleave(scratch, scratch + 256);
      interleave(scratch + 256, scratch);
      let to = target + x * targetStride + y;
      for (let row: usize = 0; row < 16; row++) v128.store(to + row * targetStride, v128.load(scratch + row * 16));
    }
  }
}

function interleave(source: usize, target: usize): void {
  for (let row: usize = 0; row < 8; row++) {
    const a = v128.load(source + row * 16);
    const b = v128.load(source + row * 16, 128);
    // prettier-ignore
    v128.store(target + row * 32, v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    // prettier-ignore
    v128.store(target + row * 32, v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), 16);
  }
}

const precisionBits = 22;

/**
 * Row p of the target is the weighted sum of the `counts[p]` rows of the source from `starts[p]` on, in 22-bit fixed point,
 * rounded and clipped to 0..255. All three tables are int32; `weights` has `taps` places per row.
 */
export function blendRows(
  source: usize,
  sourceStride: i32,
  starts: usize,
  counts: usize,
  weights: usize,
  taps: i32,
  target: usize,
  targetStride: i32,
  rows: i32,
  length: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const from = source + load<i32>(starts + row * 4) * sourceStride;
    const count = load<i32>(counts + row * 4);
    const firstWeight = weights + row * taps * 4;
    const to = target + row * targetStride;
    for (let x = 0; x < length; x += lanes) {
      let a = i32x4.splat(1 << (precisionBits - 1));
      let b = a;
      let c = a;
      let d = a;
      let place = from + x;
      for (let tap = 0; tap < count; tap++) {
        const pixels = v128.load(place);
        const weight = v128.load32_splat(firstWeight + tap * 4);
        const low = i16x8.extend_low_i8x16_u(pixels);
        const high = i16x8.extend_high_i8x16_u(pixels);
        a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), weight));
        b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), weight));
        c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), weight));
        d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), weight));
        place += sourceStride;
      }
      const low = i16x8.narrow_i32x4_s(i32x4.shr_s(a, precisionBits), i32x4.shr_s(b, precisionBits));
      const high = i16x8.narrow_i32x4_s(i32x4.shr_s(c, precisionBits), i32x4.shr_s(d, precisionBits));
      v128.store(to + x, i8x16.narrow_i16x8_u(low, high));
    }
  }
}

/** Bytes to float32: (value / 255 - mean) / deviation, rounded after every step. */
export function normalise(source: usize, pixels: i32, target: usize, mean: f32, deviation: f32): void {
  for (let done = 0; done < pixels; done += 4) {
    const bytes = v128.load32_zero(source + done);
    const values = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
    const scaled = f32x4.div(values, f32x4.splat(255));
    v128.store(target + 4 * done, f32x4.div(f32x4.sub(scaled, f32x4.splat(mean)), f32x4.splat(deviation)));
  }
}
