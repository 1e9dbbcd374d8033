import { get, type IncomingMessage } from 'node:http';

export interface SseMessage {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly type: string; readonly symbol: string; readonly data: Record<string, unknown> };
}

/** A client of `/stream` that a test can slow down and cut off. */
export interface SseReader {
  readonly messages: SseMessage[];
  /** Comments, heartbeats among them. */
  readonly comments: string[];
  readonly status: number;
  /** The last id that was read, as an EventSource would send it back. */
  lastId(): string;
  pause(): void;
  resume(): void;
  /** Cuts the line at once. */
  cut(): void;
  /** Resolves when the server has ended the response. */
  readonly ended: Promise<void>;
}

export async function readSse(url: string, lastEventId?: string): Promise<SseReader> {
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  const messages: SseMessage[] = [];
  const comments: string[] = [];
  let id = lastEventId ?? '';
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map<string, string>();
      for (const line of block.split('\n')) {
        const colon = line.indexOf(': ');
        if (colon === 0) comments.push(line.slice(2));
        else fields.set(line.slice(0, colon), line.slice(colon + 2));
      }
      id = fields.get('id') ?? id;
      const data = fields.get('data');
      if (data !== undefined) messages.push({ id, event: fields.get('event') ?? 'message', data: JSON.parse(data) });
    }
  });
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    response.on('end', () => resolve());
  });
  return {
    messages,
    comments,
    status: response.statusCode ?? 0,
    lastId: () => id,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    cut: () => void response.destroy(),
    ended,
  };
}
