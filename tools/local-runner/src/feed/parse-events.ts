/** One server-sent event. */
export interface ServerEvent {
  readonly id: string | null;
  readonly data: string;
}

/**
 * Cuts server-sent events out of text that arrives in any pieces.
 * @returns what is complete after this piece; the rest waits for the next one
 */
export function createEventParser(): (piece: string) => readonly ServerEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter(({ data }) => data !== '');
  };
}

function parseBlock(block: string): ServerEvent {
  const data: string[] = [];
  let id: string | null = null;
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') data.push(value ?? '');
    if (name === 'id') id = value ?? null;
  }
  return { id, data: data.join('\n') };
}
