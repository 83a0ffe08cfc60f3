import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** Told, in a line beside the answer, which party's folder a command does without. */
export type ToldLeftOut = Pick<Terminal, 'note'>;

/**
 * Leaves a party's folder out of a command that is of another party, if the folder was damaged or others can write to it,
 * and names it. The party's own commands read the folder themselves, and are refused.
 *
 * @param name - The folder's name, which is the party's.
 * @param error - The failure to read it.
 * @param told - The terminal; nobody is told if absent.
 * @throws The failure, if it is another one.
 */
export function leaveOut(name: string, error: unknown, told: ToldLeftOut | undefined): void {
  const isDamage =
    isMedsealError(error, 'FOLDER_FOREIGN') ||
    isMedsealError(error, 'FOLDER_EXPOSED') ||
    isMedsealError(error, 'KEYSTORE_INVALID');
  if (!isDamage) throw error;
  told?.note(`The device of ${name} is left out. ${error.message} ${error.next}`);
}
