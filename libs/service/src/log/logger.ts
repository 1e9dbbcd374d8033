import type { LogLevel } from '@wagehood/config';
import winston from 'winston';
import { MASK, maskSecrets } from './mask';

export type LogFields = object;

/** What code logs with. A line is a JSON object: `timestamp level component service message …fields`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same logger with fields that every line of it carries. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly service: string;
  /** `MarketDataIngestion`, `CalculationEngine`, `StrategyEvaluator`, `AlertSystem`, `Api`: what people grep for. */
  readonly component: string;
  readonly level?: LogLevel;
  /** Texts that must never appear, wherever they come from. */
  readonly secrets?: readonly string[];
  /** Fields of what is being handled at the moment. */
  readonly context?: () => LogFields | undefined;
  /** Default: standard output. */
  readonly stream?: NodeJS.WritableStream;
}

const RESERVED = new Set(['timestamp', 'level', 'component', 'service', 'message']);

/** Below this length a "secret" would blacken innocent text. */
const SHORTEST_SECRET = 4;

/** JSON escapes some characters: a secret may appear as it is or escaped. */
const spellings = (secret: string) => [...new Set([secret, JSON.stringify(secret).slice(1, -1)])];

function lineFormat({ service, component, secrets = [] }: LoggerOptions): winston.Logform.Format {
  const hidden = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellings);
  return winston.format.printf(({ level, message, ...fields }) => {
    const line: Record<string, unknown> = {
      timestamp: new Date().toISOString(),
      level: level.toUpperCase(),
      component,
      service,
      message: maskSecrets(String(message)),
    };
    for (const [name, value] of Object.entries(maskSecrets(fields) as object)) {
      line[RESERVED.has(name) ? `${name}_` : name] = value;
    }
    return hidden.reduce((text, secret) => text.replaceAll(secret, MASK), JSON.stringify(line));
  });
}

function wrap(target: winston.Logger, bound: LogFields, context?: LoggerOptions['context']): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    target.log({
      ...context?.(),
      ...bound,
      ...fields,
      ...(hasMessage(fields) && { message_: fields.message }),
      level,
      message,
    });
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(target, { ...bound, ...fields }, context),
  };
}

const hasMessage = (fields?: LogFields): fields is { message: unknown } => fields !== undefined && 'message' in fields;

/** Creates a logger that writes JSON lines to standard output. Logging never throws. */
export function createLogger(options: LoggerOptions): Logger {
  const transport = options.stream
    ? new winston.transports.Stream({ stream: options.stream })
    : new winston.transports.Console({ stderrLevels: [] });
  const target = winston.createLogger({
    level: options.level ?? 'info',
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format: lineFormat(options),
    transports: [transport],
  });
  return wrap(target, {}, options.context);
}

/** A logger that says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
