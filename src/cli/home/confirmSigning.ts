import type { Terminal } from '../terminal/Terminal.ts';
import type { Visitor } from './openVisitor.ts';

/** Whoever signs, and with which key. */
type Signer = Pick<Visitor, 'key' | 'party'>;

/**
 * Shows a person what they are about to sign, with the key that signs it, and asks.
 *
 * @param terminal - Asks.
 * @param signer - Whoever signs.
 * @param lines - Lines that say it: its effect first, indented by two blanks.
 * @throws MedsealError as `Terminal.confirm` does, if the person says no or nobody can be asked.
 */
export async function confirmSigning(
  terminal: Terminal,
  { key, party }: Signer,
  lines: readonly string[],
): Promise<void> {
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    ...lines,
  ]);
}

/**
 * Shows a person what they are about to sign, as `confirmSigning` does, and what it is signed on or with.
 *
 * @param terminal - Asks.
 * @param signer - Whoever signs.
 * @param where - End of the first line, behind the key, such as `on your chart`.
 * @param lines - Lines that say it.
 * @throws MedsealError as `Terminal.confirm` does, if the person says no or nobody can be asked.
 */
export async function confirmSigningOn(
  terminal: Terminal,
  { key, party }: Signer,
  where: string,
  lines: readonly string[],
): Promise<void> {
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}), ${where}:`,
    '',
    ...lines,
  ]);
}
