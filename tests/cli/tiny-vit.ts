/** A vision transformer of one block with values of no meaning, as a safetensors file. */
export function tinyVit(): Buffer {
  const width = 8;
  const sizes: Record<string, readonly number[]> = {
    cls_token: [1, 1, width],
    pos_embed: [1, 5, width],
    "patch_embed.proj.weight": [width, 3, 8, 8],
    "patch_embed.proj.bias": [width],
    "norm.weight": [width],
    "norm.bias": [width],
  };
  for (const norm of ["norm1", "norm2"]) {
    sizes[`blocks.0.${norm}.weight`] = [width];
    sizes[`blocks.0.${norm}.bias`] = [width];
  }
  const layers = {
    "attn.qkv": [3 * width, width],
    "attn.proj": [width, width],
    "mlp.fc1": [4 * width, width],
    "mlp.fc2": [width, 4 * width],
  };
  for (const [name, [outputs, inputs]] of Object.entries(layers)) {
    sizes[`blocks.0.${name}.weight`] = [outputs!, inputs!];
    sizes[`blocks.0.${name}.bias`] = [outputs!];
  }
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(sizes)) {
    const start = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const values = Float32Array.from({ length: end / 4 }, (_, index) => Math.sin(index * 12.9898) / 3);
  return Buffer.concat([length, text, Buffer.from(values.buffer)]);
}
