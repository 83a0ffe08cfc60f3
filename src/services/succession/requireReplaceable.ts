import { readStakeReadyAt } from '../../bindings/readBegunChange.ts';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import { readStake } from '../../bindings/readStake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import { LONGEST_REPLACEMENT } from '../../protocol/network/replacedKeyOf.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import { begunStake } from './begunChange.ts';
import { notMade } from './notMade.ts';

/**
 * Requires that the ledger has replaced the key of a validator as a successor says, or can: the contract counts how many are
 * replaced within its delay.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireReplaceable(
  source: ComparedLedger,
  { replacement }: Pick<Successor, 'replacement'>,
): Promise<void> {
  if (replacement === undefined) return;
  const { index, ledger, network } = source;
  const { validators } = network.contracts;
  if (validators === undefined) throw invalid('the ledger of this network has no validators');
  const { organisation, former, key, deadline } = replacement.message;
  const name = organisationName(organisation);
  await index.refresh();
  const by = await readReplacedBy(ledger, validators, former);
  if (by === key) return;
  if (by !== ZERO32)
    throw invalid(`the ledger has replaced the key of the validator of ${name} by another one`);
  const held = await readStake(ledger, validators, former);
  if (held.owner !== name || held.amount === 0) {
    throw invalid(`the key that it replaces is not that of the validator of ${name}`);
  }
  if ((await readStake(ledger, validators, key)).owner !== '') {
    throw invalid(`the new key of the validator of ${name} had a stake before: make another one`);
  }
  if (deadline < index.moment) {
    throw invalid(`its replacement of the key of ${name} had to come until ${deadline}`);
  }
  if (deadline > index.moment + LONGEST_REPLACEMENT) {
    throw invalid(`its replacement of the key of ${name} must have a deadline within a day`);
  }
  await requireNoneBegun(source, validators, replacement.message);
}

/** A change of the former key's stake that was begun stands: those who signed it count on it. */
async function requireNoneBegun(
  source: ComparedLedger,
  validators: Address,
  { organisation, former }: NonNullable<Successor['replacement']>['message'],
): Promise<void> {
  const { ledger, succession, index } = source;
  if ((await readStakeReadyAt(ledger, validators, former)) === 0) return;
  const what = `the stake of ${organisationName(organisation)}`;
  for (const { from, stakes } of succession.successors) {
    const rule = stakes.find(({ message }) => message.key === former);
    if (rule === undefined || from <= index.moment) continue;
    if ((await begunStake(source, validators, rule.message)) !== 'same') continue;
    throw invalid(notMade(what, rule.message.change, from));
  }
  throw invalid(`the ledger began another change of ${what}: finish or change that one first`);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
