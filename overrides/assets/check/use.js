// What a check takes, and the reading of a page does not: loaded when the form is first used.

export { ask } from "./ask.js";
export { doubt, misspelled } from "./meant.js";
export { build, draw, folded, reveal, seenAt } from "./result.js";
export { start } from "./watch.js";
