import type { Terminal } from '../../src/cli/terminal/Terminal.ts';

/** A terminal that nobody sits at, and nobody reads. */
export const silentTerminal: Terminal = {
  confirm: async () => await Promise.resolve(),
  ask: async () => await Promise.reject(new Error('nobody sits here')),
  printLines: async () => await Promise.resolve(),
  printJson: async () => await Promise.resolve(),
  printBytes: async () => await Promise.resolve(),
  input: (async function* () {})(),
  note: () => undefined,
  changing: () => undefined,
  certain: () => undefined,
  progress: {
    stage: () => undefined,
    counted: (content) => content,
    aside: async (work) => await work(),
    hide: () => undefined,
    end: () => undefined,
  },
};
