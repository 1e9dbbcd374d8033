import type { Change } from './version';

const HEADING = '## Unreleased\n';
const GROUPS: readonly { readonly title: string; readonly types: readonly string[] }[] = [
  { title: 'Added', types: ['feat'] },
  { title: 'Changed', types: ['perf'] },
  { title: 'Fixed', types: ['fix'] },
];

/**
 * What stands under "Unreleased" becomes the section of the version. Where nobody has written anything, the commits speak.
 * @throws Error when there is no such heading
 */
export function releaseChangelog(text: string, version: string, day: string, changes: readonly Change[]): string {
  const at = text.indexOf(HEADING);
  if (at < 0) throw new Error(`CHANGELOG.md has no heading "${HEADING.trim()}"`);
  const [head, rest] = [text.slice(0, at + HEADING.length), text.slice(at + HEADING.length)];
  const end = rest.search(/^## /m);
  const [written, older] = end < 0 ? [rest, ''] : [rest.slice(0, end), rest.slice(end)];
  const section = written.trim() === '' ? sectionOf(changes) : written.trim();
  return `${head}\n## ${version} (${day})\n\n${section}\n${older === '' ? '' : `\n${older}`}`;
}

function sectionOf(changes: readonly Change[]): string {
  const groups = GROUPS.flatMap(({ title, types }) => {
    const lines = changes.filter(({ type }) => types.includes(type)).map(lineOf);
    return lines.length === 0 ? [] : [`### ${title}\n\n${lines.join('\n')}`];
  });
  return groups.join('\n\n');
}

const lineOf = ({ scope, text, isBreaking }: Change): string =>
  `- ${isBreaking ? '**Breaking:** ' : ''}${scope === '' ? '' : `${scope}: `}${text}`;
