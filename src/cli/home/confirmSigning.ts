import type { Terminal } from '../terminal/Terminal.ts';
import type { Visitor } from './openVisitor.ts';

/** A party with the key that signs for it. */
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
  signer: Signer,
  lines: readonly string[],
): Promise<void> {
  await terminal.confirm([`${beginning(signer)}:`, '', ...lines]);
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
  signer: Signer,
  where: string,
  lines: readonly string[],
): Promise<void> {
  await terminal.confirm([`${beginning(signer)}, ${where}:`, '', ...lines]);
}

function beginning({ key, party }: Signer): string {
  const { acting } = party;
  if (acting === undefined) return `You are about to sign, as ${key.name} (${party.address})`;
  return `You are about to sign, as ${key.name} (${acting.by.address}), acting for ${party.address}`;
}
