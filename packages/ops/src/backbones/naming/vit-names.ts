/** timm's names of a vision transformer's tensors, which ours are, with some more for what its checkpoints do not have. */
export const vitNames = new RegExp(
  `^(?:${[
    String.raw`cls_token|pos_embed|reg_token|mask_token`,
    String.raw`patch_embed\.proj\.(?:weight|bias)`,
    String.raw`(?:norm_pre|norm)\.(?:weight|bias)`,
    String.raw`blocks\.\d+\.(?:norm1|norm2|attn\.(?:qkv|q|k|v|proj)|mlp\.(?:fc1|fc2|gate))\.(?:weight|bias)`,
    String.raw`blocks\.\d+\.attn\.(?:qkv\.bias_mask|rel_pos_h|rel_pos_w)`,
    String.raw`blocks\.\d+\.ls[12]\.gamma`,
    String.raw`projection\.(?:weight|matrix)`,
  ].join("|")})$`,
);
