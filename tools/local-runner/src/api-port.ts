import { tryPort } from './redis/free-port';

const DEFAULT_PORT = 8000;
/** How many ports behind the default one are tried. */
const NEIGHBOURS = 20;

export interface ApiPort {
  readonly port: number;
  /** What the user should know about it. */
  readonly note: string | null;
}

/**
 * The port of the API. A port that was asked for is taken or refused; when the default one is taken, the next free one is used and
 * said, as development servers do.
 * @throws with one line when the port that was asked for is taken
 */
export async function chooseApiPort(host: string | undefined, asked: number | null): Promise<ApiPort> {
  if (asked !== null) {
    const port = await tryPort(asked, host);
    if (port === null)
      throw new Error(
        `API_PORT ${asked} is in use on ${host ?? 'this machine'}; choose another or stop what listens there`,
      );
    return { port, note: null };
  }
  for (let candidate = DEFAULT_PORT; candidate <= DEFAULT_PORT + NEIGHBOURS; candidate++) {
    const port = await tryPort(candidate, host);
    if (port === null) continue;
    const note = port === DEFAULT_PORT ? null : `Port ${DEFAULT_PORT} is in use: the API listens on ${port} instead.`;
    return { port, note };
  }
  throw new Error(
    `ports ${DEFAULT_PORT} to ${DEFAULT_PORT + NEIGHBOURS} are in use on ${host ?? 'this machine'}; set API_PORT`,
  );
}

/** How to reach from this machine what listens there, as it stands in a URL. */
export function reachable(host = '::'): string {
  if (host === '::' || host === '0.0.0.0') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
