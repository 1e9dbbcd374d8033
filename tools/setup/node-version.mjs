/** Ends the process with one line when this Node is older than package.json's `engines` asks for. */
export function requireNode(minimum = [20, 19]) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  console.error(`wagehood needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
