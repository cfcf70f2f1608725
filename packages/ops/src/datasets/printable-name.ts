/** True where a name can be printed in tables and logs as it is: no control characters, no line separators. */
export function isPrintableName(name: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name);
}
