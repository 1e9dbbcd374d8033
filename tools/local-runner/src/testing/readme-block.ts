import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const file = join(resolve(__dirname, '../../../..'), 'README.md');
const blockOf = (name: string) => new RegExp(`(<!-- ${name}:output -->\n)([\\s\\S]*?)(<!-- ${name}:end -->)`);

const fenced = (lines: readonly string[]) => `\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n`;

/** What the README shows between its marks; with UPDATE_DOCS=1 the lines are written there first. */
export function readmeBlock(
  name: string,
  lines: readonly string[],
): { readonly shown: string; readonly wanted: string } {
  const wanted = fenced(lines);
  if (process.env['UPDATE_DOCS'] === '1') {
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(blockOf(name), (_all, begin: string, _old, end: string) => begin + wanted + end),
    );
  }
  return { shown: blockOf(name).exec(readFileSync(file, 'utf8'))?.[2] ?? '', wanted };
}
