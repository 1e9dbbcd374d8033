const { readFileSync } = require('node:fs');

/**
 * Imports a text file (Lua scripts) as a default-exported string, as esbuild's text loader does in the bundles. The file is read
 * again, because jest takes a first line that starts with `#!` away, and with it the flags of a script.
 */
module.exports = {
  process: (_text, path) => ({
    code: `module.exports = { __esModule: true, default: ${JSON.stringify(readFileSync(path, 'utf8'))} };`,
  }),
};
