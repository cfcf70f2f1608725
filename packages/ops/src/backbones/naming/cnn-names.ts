/**
 * The names that our convolutional networks ask for, which are torchvision's: no final classifier, and of a batch normalisation no count of
 * batches.
 */
export const resNetNames =
  /^(?:(?:layer\d+\.\d+\.)?(?:conv\d|bn\d)|layer\d+\.\d+\.downsample\.[01])\.(?:weight|bias|running_mean|running_var)$/;

export const vggNames =
  /^(?:features\.\d+\.(?:weight|bias|running_mean|running_var)|classifier\.[03]\.(?:weight|bias))$/;

export const denseNetNames =
  /^features\.(?:(?:denseblock\d+\.denselayer\d+\.)?(?:conv|norm)\d|transition\d+\.(?:conv|norm))\.(?:weight|bias|running_mean|running_var)$/;
