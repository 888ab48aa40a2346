// Which rules hold for the scripts of the site and of the tests: those that ESLint recommends, all of
// them. `python -m scripts.node.eslint` brings what is needed and runs it.

const js = require("@eslint/js");
const globals = require("globals");

const SEARCH = "overrides/assets/javascripts/workers/*.js";
const PASTE = "overrides/assets/paste/worker.js";

module.exports = [
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["overrides/assets/**/*.js"],
    ignores: [SEARCH, PASTE],
    languageOptions: { globals: globals.browser },
  },
  { files: [PASTE], languageOptions: { globals: globals.worker } },
  {
    // Material starts it as a classic worker, and loads Lunr into it.
    files: [SEARCH],
    languageOptions: { sourceType: "script", globals: { ...globals.worker, lunr: "readonly" } },
  },
  {
    // Some of its functions are run in the page.
    files: ["tests/**/*.mjs"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
