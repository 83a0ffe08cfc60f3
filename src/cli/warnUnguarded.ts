import { isGuarded } from '../protocol/release/isGuarded.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Terminal } from './terminal/Terminal.ts';

/**
 * Warns of a network without a release key, in words: one that is founded so now, and one that was.
 *
 * @param terminal - Shows it beside the answer.
 * @param network - The network file.
 */
export function warnUnguarded(
  terminal: Pick<Terminal, 'note'>,
  network: Pick<NetworkFile, 'channels'>,
): void {
  if (!isGuarded(network)) noteUnguarded(terminal);
}

/**
 * Warns of a network that is founded without a release key.
 *
 * @param terminal - Shows it beside the answer.
 */
export function noteUnguarded(terminal: Pick<Terminal, 'note'>): void {
  terminal.note(
    'This network is unguarded: anybody who kept keys and a sealed file reads it with no entry in any log, even after the ' +
      'right ended. A network that you start in another folder (--data) without --unguarded prevents that.',
  );
}
