import { linesOf } from './lines';

/** kubectl in the namespace that is looked at. */
type Here = (...words: string[]) => Promise<string>;

const MOST_LINES = 60;
const OURS = 'app.kubernetes.io/part-of=wagehood';
const RESTARTED = '{range .items[?(@.status.containerStatuses[0].restartCount>0)]}{.metadata.name}{"\\n"}{end}';

/** What there is, who complained, and the last words of everybody, also of those who had to start again. */
export async function explain(here: Here): Promise<string> {
  const ask = (...words: string[]) => here(...words).catch((error: Error) => error.message);
  const said = await Promise.all([
    ask('get', 'nodes', '--output', 'wide'),
    ask('get', 'deployments,statefulsets,persistentvolumeclaims,pods', '--output', 'wide'),
    ask('get', 'events', '--sort-by=.metadata.creationTimestamp', '--field-selector', 'type=Warning'),
    ask('logs', '--selector', OURS, '--prefix', '--tail=5', '--ignore-errors'),
  ]);
  const restarted = linesOf(await here('get', 'pods', '--output', `jsonpath=${RESTARTED}`).catch(() => ''));
  const before = await Promise.all(restarted.map((pod) => ask('logs', pod, '--previous', '--prefix', '--tail=20')));
  return [...said, ...before].map((text) => linesOf(text).slice(-MOST_LINES).join('\n')).join('\n\n');
}
