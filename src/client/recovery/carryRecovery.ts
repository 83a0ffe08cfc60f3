import type { Bytes32 } from '../../protocol/ids.ts';
import type { SignedRecovery } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';

/** The recovery of a key that the ledger took. */
export interface RecoveryCarried {
  readonly transaction: Bytes32;
  readonly block: number;
  /** First second at which it takes effect, unless the party stops it, Unix. */
  readonly readyAt: number;
}

/**
 * Sends the recovery of a key that enough members signed to the ledger. The delay of the network begins: until it is over, the
 * party's former key can stop it. Then every node finishes it.
 *
 * @param at - Any party that can reach an agent, of whichever organisation.
 * @param recovery - The recovery, with the signatures.
 * @throws MedsealError `SIGNATURE_INVALID` if too few members signed; `RECOVERY_UNFIT`; `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const text = await readFile('recovery.json', 'utf8');
 * const { file } = signRecovery(auditor, parseRecoveryFile(auditor, text).file, members);
 * const { readyAt } = await carryRecovery(auditor, file);
 * console.log(`It takes effect at ${new Date(readyAt * 1000).toISOString()}.`);
 * ```
 */
export async function carryRecovery(at: Party, recovery: SignedRecovery): Promise<RecoveryCarried> {
  const { message, signatures, newSignature } = recovery;
  const { party, signer } = message;
  const placed = await at.agent.recover({ message, signatures, newSignature });
  let readyAt = 0;
  await confirmRule(at, { party }, (after) => {
    readyAt = after.party?.recovery?.readyAt ?? 0;
    // One with a short delay may be finished already.
    return [after.party?.recovery?.signer, after.party?.key?.signer].includes(signer);
  });
  return { ...placed, readyAt };
}
