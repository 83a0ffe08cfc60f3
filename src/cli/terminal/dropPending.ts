import { setImmediate as turn } from 'node:timers/promises';
import { MedsealError } from '../../errors/MedsealError.ts';

const CTRL_C = 3;

/**
 * Throws away what was typed before now: whole lines and the beginning of one. A person answers a question that was
 * shown, not one that is to come.
 *
 * @param stdin - A terminal. It is paused afterwards.
 * @throws MedsealError `NOT_CONFIRMED` if the terminal is gone, or Ctrl-C is among it.
 */
export async function dropPending(stdin: NodeJS.ReadStream): Promise<void> {
  let [isQuiet, isEnded] = [false, false];
  const drop = (piece: Buffer | string): void => {
    isQuiet = false;
    isEnded ||= Buffer.from(piece).includes(CTRL_C);
  };
  // A terminal keeps a line to itself until it is whole, unless every key counts.
  stdin.setRawMode(true);
  stdin.on('data', drop);
  stdin.resume();
  try {
    // Reading begins within two turns of the event loop; a turn that brings nothing comes after the last of it.
    for (let turns = 0; !isQuiet || turns < 3; turns += 1) {
      isQuiet = true;
      await turn();
    }
  } finally {
    stdin.pause();
    stdin.off('data', drop);
    stdin.setRawMode(false);
  }
  if (isEnded || stdin.readableEnded) {
    throw new MedsealError('NOT_CONFIRMED', { reason: 'the question was cancelled' });
  }
}
