import { useInput } from "ink";
import { useCallback } from "react";
import { readKey, type PressedKey } from "../dashboard/read-key.ts";
import type { KeyAction } from "../dashboard/view-state.ts";

export interface KeyboardProps {
  readonly onKey: (action: KeyAction) => void;
}

/** Listens for keys; shows nothing. Keys that arrive together are read one by one. */
export function Keyboard({ onKey }: KeyboardProps): null {
  useInput(
    useCallback(
      (input: string, key: PressedKey) => {
        const pressed = key.ctrl || input.length < 2 ? [input] : Array.from(input);
        for (const one of pressed) {
          const action = readKey(one, key);
          if (action !== null) onKey(action);
        }
      },
      [onKey],
    ),
  );
  return null;
}
