// What an end-to-end test imports; README.md one folder up says how to write one.

export { scenario } from "./scenario.mjs";
export { settled, until } from "./wait.mjs";
export * as deep from "./deep.mjs";
