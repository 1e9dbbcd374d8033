/** What this library needs of a logger; winston's logger satisfies it. */
export interface StreamsLog {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

const ignore = (): void => undefined;

export const silentLog: StreamsLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };
