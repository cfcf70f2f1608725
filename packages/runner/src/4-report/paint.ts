import { createColors } from "picocolors";

/** Meanings rather than colours: what a reporter may stress. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
}

/** Colours where the stream shows them, plain text otherwise. */
export function createPaint(hasColour: boolean): Paint {
  const colours = createColors(hasColour);
  return {
    bold: colours.bold,
    dim: colours.dim,
    good: colours.green,
    bad: colours.red,
    warning: colours.yellow,
  };
}

/** Colour is for terminals, unless NO_COLOR or CI is set; FORCE_COLOR decides by itself where it is set. */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { FORCE_COLOR: forced = "" } = environment;
  if (forced !== "") return isOn(forced);
  return wantsScreen(environment, isTerminal);
}

/** A live screen is for terminals that show colour and can be written to anywhere. */
export function wantsScreen(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: refused = "", CI: automatic, TERM: terminal } = environment;
  return isTerminal && refused === "" && !isOn(automatic) && terminal !== "dumb";
}

/** How a variable that is a switch is read: absent, empty, `0` and `false` are off. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}
