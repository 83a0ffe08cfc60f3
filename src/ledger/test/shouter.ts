import type { Hex } from '../../protocol/ids.ts';
import { assemble } from './assemble.ts';

/** Writes the smallest logs that there are for as long as its transaction has gas. */
const { creation } = assemble(`
  loop:
    ${'0 0 LOG0 '.repeat(64)}
    GAS 40000 LT @loop JUMPI
    STOP
`);

/** Code that creates a contract which fills a block with logs, the most that its gas pays for. */
export const shouter: Hex = creation;
