// Lints programs that exist only as text: [{ file, code }] as JSON on stdin, the broken rules of each as JSON on stdout.
// A process of its own, because ESLint loads the projects' configs as ES modules, which Jest's sandbox does not allow.
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';

const eslint = new ESLint();
const broken = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: file });
  broken.push(
    result ? result.messages.map((message) => message.ruleId ?? `fatal: ${message.message}`) : ['not linted'],
  );
}
process.stdout.write(JSON.stringify(broken));
