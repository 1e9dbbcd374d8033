// Plays the alert rules with promtool: `npm run test:rules`.
import { ensurePackage, findOnPath } from './setup/debian-package.mjs';
import { run } from './setup/run.mjs';

const HOW =
  'No promtool found. It comes with Prometheus (Debian, Ubuntu: "sudo apt-get install prometheus"; macOS: "brew install prometheus").';

const promtool = await ensurePackage(
  () => findOnPath(['promtool']),
  'prometheus',
  HOW,
  (line) => console.error(line),
).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
for (const args of [
  ['check', 'rules', 'deploy/prometheus/rules/wagehood.yml'],
  ['test', 'rules', 'deploy/prometheus/rules.test.yml'],
]) {
  const { code } = await run(promtool, args);
  if (code !== 0) process.exit(1);
}
