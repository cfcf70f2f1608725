/**
 * Numbers of no meaning that two implementations can both make: in [-1, 1), a function of the name and the index alone.
 * Only for tests beside Python scripts that repeat it.
 */
export function hashedValues(name: string, count: number): Float64Array {
  const seed = Array.from(name).reduce((sum, letter, place) => sum + (place + 1) * (letter.codePointAt(0) ?? 0), 0);
  return Float64Array.from({ length: count }, (_, index) => {
    let bits = (Math.imul(index, 2654435761) + Math.imul(seed, 40503)) >>> 0;
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 2246822519);
    bits ^= bits >>> 13;
    return (bits >>> 0) / 2 ** 31 - 1;
  });
}

/** The weights of the reference: scaled by the kind of tensor, so that every one of them changes the outputs. */
export function hashedWeight(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = hashedValues(name, count);
  if (name.includes("norm"))
    return Float32Array.from(values, (value) => (name.endsWith("weight") ? 1 : 0) + 0.3 * value);
  if (name.endsWith("bias") || shape.length === 3) return Float32Array.from(values, (value) => 0.3 * value);
  const inputs = count / (shape[0] ?? 1);
  return Float32Array.from(values, (value) => value * Math.sqrt(3 / inputs));
}
