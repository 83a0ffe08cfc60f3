import { readRemoval } from '../../bindings/readRemoval.ts';
import { readStake } from '../../bindings/readStake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import { LONGEST_REPLACEMENT } from '../../protocol/network/replacedKeyOf.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ComparedLedger } from './ComparedLedger.ts';

/**
 * Requires that the ledger has taken power from the key of a validator as a successor says, or can: the contract counts how many are
 * out.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireRemovable(
  { index, ledger, network }: ComparedLedger,
  { removal }: Pick<Successor, 'removal'>,
): Promise<void> {
  if (removal === undefined) return;
  const { validators } = network.contracts;
  if (validators === undefined) throw invalid('the ledger of this network has no validators');
  const { organisation, key, deadline, removal: number } = removal.message;
  const name = organisationName(organisation);
  await index.refresh();
  const known = await readRemoval(ledger, validators, key);
  if (known.removal >= number) return;
  if (known.removal + 1 !== number) {
    throw invalid(
      `its removal of the key of ${name} has the number ${number}, and the ledger expects ${known.removal + 1}`,
    );
  }
  if (known.until !== 0) {
    throw invalid(`the key of the validator of ${name} is without power already`);
  }
  const held = await readStake(ledger, validators, key);
  if (held.owner !== name || held.amount === 0) {
    throw invalid(`the key from which it takes power is not that of the validator of ${name}`);
  }
  if (deadline < index.moment) {
    throw invalid(`its removal of the key of ${name} had to come until ${deadline}`);
  }
  if (deadline > index.moment + LONGEST_REPLACEMENT) {
    throw invalid(`its removal of the key of ${name} must have a deadline within a day`);
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
