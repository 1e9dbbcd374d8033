import type { HttpSignal } from '@wagehood/contracts';
import { signalColumns } from './format';
import { frame, statusLine } from './frame';
import type { Picture } from './picture';
import { createScreen, Terminal } from './screen';

const REDRAW_MS = 500;
const STATUS_LINE_MS = 10_000;

export interface View {
  /** A line that stays: progress while coming up, what went wrong, the last words. */
  say(line: string): void;
  /** From now on the state is shown, until `end`. */
  begin(picture: () => Picture): void;
  signal(signal: HttpSignal): void;
  end(): void;
}

/** A calm picture that is redrawn in place. */
export function createLiveView(terminal: Terminal): View {
  const screen = createScreen(terminal);
  let timer: NodeJS.Timeout | null = null;
  return {
    // While the picture stands, what there is to say is in its notes.
    say: (line) => void (timer === null && terminal.write(`${line}\n`)),
    begin(picture) {
      terminal.write('\n');
      const draw = () => screen.draw(frame(picture()));
      draw();
      timer = setInterval(draw, REDRAW_MS);
    },
    signal: () => undefined,
    end() {
      if (timer) clearInterval(timer);
      timer = null;
      screen.release();
    },
  };
}

/** Plain lines: a status every ten seconds and each signal as it comes. */
export function createPlainView(write: (line: string) => void): View {
  let timer: NodeJS.Timeout | null = null;
  const stamped = (line: string) => write(`${new Date().toISOString().slice(11, 19)}  ${line}`);
  return {
    say: write,
    begin(picture) {
      stamped(statusLine(picture()));
      timer = setInterval(() => stamped(statusLine(picture())), STATUS_LINE_MS);
    },
    signal: (signal) => stamped(`signal  ${signalColumns(signal).join('  ')}`),
    end() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
