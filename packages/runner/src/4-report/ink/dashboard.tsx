import { Box, Text } from "ink";
import { memo, type ReactElement } from "react";
import type { Screen } from "../dashboard/lay-out-screen.ts";
import type { KeyAction } from "../dashboard/view-state.ts";
import { Keyboard } from "./keyboard.tsx";

export interface DashboardProps {
  readonly screen: Screen;
  /** Null where there is no keyboard to listen to. */
  readonly onKey: ((action: KeyAction) => void) | null;
}

/** A screen from top to bottom, exactly as tall as the terminal. */
export function Dashboard({ screen, onKey }: DashboardProps): ReactElement {
  const { size, header, tabs, body, running, footer } = screen;
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      {onKey === null ? null : <Keyboard onKey={onKey} />}
      <Lines lines={header} />
      <Lines lines={tabs} />
      <Lines lines={body} />
      <Lines lines={running} />
      <Lines lines={footer} />
    </Box>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, index) => (
        <Line key={index} text={line} />
      ))}
    </Box>
  );
}

const Line = memo(function Line({ text }: { readonly text: string }): ReactElement {
  // An empty text would take no line at all.
  return <Text wrap="truncate">{text === "" ? " " : text}</Text>;
});
