const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[0J';
const up = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');

/** The part of a terminal stream that is needed. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface Screen {
  /** Draws over the frame before; one write, so that nothing flickers. */
  draw(lines: readonly string[]): void;
  /** Gives the terminal back; the last frame stays. */
  release(): void;
}

/** Redraws a block of lines in place, cut to the size of the terminal. */
export function createScreen(terminal: Terminal): Screen {
  let drawn = 0;
  return {
    draw(lines) {
      const width = terminal.columns ?? 80;
      const fitting = lines.slice(0, Math.max(1, (terminal.rows ?? 24) - 1));
      const text = fitting.map((line) => `${CLEAR_LINE}${[...line].slice(0, width - 1).join('')}\n`).join('');
      terminal.write(`${drawn === 0 ? HIDE_CURSOR : ''}\r${up(drawn)}${text}${CLEAR_BELOW}`);
      drawn = fitting.length;
    },
    release() {
      if (drawn > 0) terminal.write(SHOW_CURSOR);
      drawn = 0;
    },
  };
}
