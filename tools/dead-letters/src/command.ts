import { parseApi } from '@wagehood/command';
import { parseArgs } from 'node:util';

export interface Filters {
  readonly stage?: string;
  readonly symbol?: string;
  readonly limit?: string;
}

/** Of alerts that were given up. */
export interface AlertChoice {
  readonly ids: readonly string[];
  readonly rule?: string;
  readonly channel?: string;
}

export type Command =
  | (Source & { readonly verb: 'list'; readonly filters: Filters })
  | (Source & { readonly verb: 'show'; readonly id: string })
  | (Source & { readonly verb: 'alerts'; readonly choice: AlertChoice })
  | (Source & { readonly verb: 'resend'; readonly choice: AlertChoice });

interface Source {
  readonly api: string;
  readonly json: boolean;
}

export const USAGE = `npm run dead-letters -- list | show ID | alerts | resend ID… | resend --all
  list     what stages have put aside, newest first, and how many each keeps
  show     one of them whole
  alerts   alerts that could not be delivered
  resend   has them delivered again: those that are named, or --all (of a rule, of a channel)
  --stage NAME        list: calculation, strategy or alerting; several with commas
  --symbol NAME       list: of this symbol; several with commas
  --limit N           list: at most so many, default 100
  --rule NAME, --channel NAME   alerts, resend: only those
  --json              the answer of the api as it is
  --api URL           default http://127.0.0.1:8000; API_KEY holds a key (scope read; write to resend)
  Exit codes: 0 done, 1 failed, 2 not understood.`;

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  list: ['stage', 'symbol', 'limit'],
  show: [],
  alerts: ['rule', 'channel'],
  resend: ['rule', 'channel', 'all'],
};

/** @throws Error with one readable line */
export function parseCommand(words: readonly string[]): Command | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...{ stage: text, symbol: text, limit: text, rule: text, channel: text, api: text },
      ...{ json: flag, all: flag, help: { ...flag, short: 'h' } },
    },
  });
  const [verb = '', ...rest] = positionals;
  const { api = 'http://127.0.0.1:8000', json = false, help, ...given } = values;
  if (help) return 'help';
  const known = FLAGS[verb];
  if (!known) throw new Error(`${verb || 'nothing'}: list, show, alerts or resend is expected`);
  const foreign = Object.keys(given).find((name) => !known.includes(name));
  if (foreign !== undefined) throw new Error(`--${foreign}: is no flag of ${verb}`);
  const source = { api: parseApi(api), json };
  const { all, rule, channel, ...filters } = given;
  const choice = { ids: rest, ...(rule === undefined ? {} : { rule }), ...(channel === undefined ? {} : { channel }) };
  if (verb === 'show') return { ...source, verb, id: onlyOne(rest) };
  if (verb === 'resend') return { ...source, verb, choice: chosen(choice, all ?? false) };
  if (rest.length > 0) throw new Error(`${rest.join(' ')}: ${verb} takes flags alone`);
  return verb === 'list' ? { ...source, verb, filters } : { ...source, verb: 'alerts', choice };
}

function onlyOne(ids: readonly string[]): string {
  const [id] = ids;
  if (id === undefined || ids.length > 1) throw new Error('show: one id is expected, as list gives it');
  return id;
}

/** Everything is sent again only to whoever says so. */
function chosen(choice: AlertChoice, all: boolean): AlertChoice {
  if (all === choice.ids.length > 0) throw new Error('resend: ids as alerts gives them, or --all, is expected');
  return choice;
}
