import { createScreen } from './screen';

const ESCAPE = '\u001b';

function terminalOf(columns: number, rows: number) {
  const writes: string[] = [];
  return { columns, rows, writes, write: (text: string) => writes.push(text) };
}

describe('createScreen', () => {
  it('goes back over what it drew, in one write', () => {
    const terminal = terminalOf(80, 24);
    const screen = createScreen(terminal);
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    expect(terminal.writes).toHaveLength(2);
    expect(terminal.writes[1]).toContain(`${ESCAPE}[2A`);
    expect(terminal.writes[1]).toContain('three\n');
  });

  it('never wraps a line nor scrolls, which would break the next drawing', () => {
    const terminal = terminalOf(10, 3);
    createScreen(terminal).draw(['0123456789abc', 'b', 'c', 'd']);
    expect(terminal.writes[0]).toContain('012345678\n');
    expect(terminal.writes[0]?.split('\n')).toHaveLength(3);
  });

  it('gives the cursor back', () => {
    const terminal = terminalOf(80, 24);
    const screen = createScreen(terminal);
    screen.draw(['one']);
    screen.release();
    screen.release();
    expect(terminal.writes.slice(1)).toEqual([`${ESCAPE}[?25h`]);
  });
});
