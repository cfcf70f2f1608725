/** Said of a folder that holds no store. */
export function noStoreYet(folder: string): string {
  return `There is no store at ${folder} yet: the first run makes it.\n`;
}
