// Imports a text file (Lua scripts) as a default-exported string, as esbuild's text loader does in the bundles.
module.exports = {
  process: (text) => ({ code: `module.exports = { __esModule: true, default: ${JSON.stringify(text)} };` }),
};
