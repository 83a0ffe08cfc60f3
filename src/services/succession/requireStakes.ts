import { readStakeReadyAt } from '../../bindings/readBegunChange.ts';
import { readOfficeDelay } from '../../bindings/readOfficeChanges.ts';
import { readReplacedBy } from '../../bindings/readReplacedBy.ts';
import { readStake } from '../../bindings/readStake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import type { StakeChange } from '../../protocol/struct/requests.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import { begunStake } from './begunChange.ts';
import { notMade } from './notMade.ts';
import { requireRemovable } from './requireRemovable.ts';
import { requireReplaceable } from './requireReplaceable.ts';

/**
 * Requires that the ledger can begin the changes of stakes of a successor, replace its key or take power from one, or has, before anything of it is
 * begun: half of a successor would keep every other one out.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireStakes(
  source: ComparedLedger,
  successor: Pick<Successor, 'from' | 'stakes' | 'replacement' | 'removal'>,
): Promise<void> {
  await requireReplaceable(source, successor);
  await requireRemovable(source, successor);
  const { from, stakes } = successor;
  const { index, ledger, network } = source;
  const { validators } = network.contracts;
  if (stakes.length === 0) return;
  if (validators === undefined) throw invalid('the ledger of this network has no validators');
  await index.refresh();
  const delay = await readOfficeDelay(ledger, network.contracts);
  for (const { message } of stakes) {
    const { organisation, key, change, deadline } = message;
    const held = await readStake(ledger, validators, key);
    const name = organisationName(organisation);
    if (held.owner !== '' && held.owner !== name) {
      throw invalid(`the key of the validator of ${name} is that of ${held.owner}`);
    }
    if (change > held.change && (await readReplacedBy(ledger, validators, key)) !== ZERO32) {
      throw invalid(
        `the ledger has another key in the place of that of the validator of ${name}: propose the change again with the present one`,
      );
    }
    if (change !== held.change && change !== held.change + 1) {
      throw invalid(
        `its change of the stake of ${name} has the number ${change}, and the ledger expects ${held.change + 1}`,
      );
    }
    if (change === held.change && (await begunStake(source, validators, message)) !== 'same') {
      throw invalid(
        `the ledger began another change ${change} of the stake of ${name}: draft it again with the number ${change + 1}`,
      );
    }
    const isBegun = change === held.change;
    if (!isBegun && deadline < index.moment) {
      throw invalid(`its change of the stake of ${name} had to begin until ${deadline}`);
    }
    if (!isBegun && (await readStakeReadyAt(ledger, validators, key)) > 0) {
      await requireNotPending(source, validators, message);
    }
    const ready = isBegun ? await readStakeReadyAt(ledger, validators, key) : index.moment + delay;
    if (from < ready) {
      throw invalid(`it must not be in force before ${ready}, after the delay of the ledger`);
    }
  }
}

/** A change that begins takes the place of one that is begun: that of a successor would never be finished. */
async function requireNotPending(
  source: ComparedLedger,
  validators: Address,
  { organisation, key, change }: StakeChange,
): Promise<void> {
  for (const { from, stakes } of source.succession.successors) {
    const rule = stakes.find(({ message }) => message.key === key && message.change === change - 1);
    if (rule === undefined) continue;
    if ((await begunStake(source, validators, rule.message)) !== 'same') continue;
    throw invalid(notMade(`the stake of ${organisationName(organisation)}`, change - 1, from));
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
