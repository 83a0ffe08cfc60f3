import type { MedsealError } from '../../errors/MedsealError.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** Says that an entry stands of which somebody could not be told. */
export function noteUntold(terminal: Terminal, untold: MedsealError | undefined): void {
  if (untold === undefined) return;
  terminal.note(`medseal: a letter about it did not go: ${untold.message}`);
}
