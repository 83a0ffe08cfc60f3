import { readStake } from '../../bindings/readStake.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import { organisationName } from '../../protocol/networkLookups.ts';
import type { Successor } from '../../protocol/Successor.ts';
import { begunStake, type BegunSource } from './begunChange.ts';

/** A view of the ledger that changes of stakes are compared with. */
export interface StakesSource extends BegunSource {
  readonly network: Pick<NetworkFile, 'contracts'>;
}

/**
 * Requires that the ledger can begin the changes of stakes of a successor, or has begun them, before anything of it is
 * begun: half of a successor would keep every other one out.
 *
 * @param source - The ledger.
 * @param successor - The successor.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireStakes(
  source: StakesSource,
  { stakes }: Pick<Successor, 'stakes'>,
): Promise<void> {
  const { ledger, network } = source;
  const { validators } = network.contracts;
  if (stakes.length === 0) return;
  if (validators === undefined) throw invalid('the ledger of this network has no validators');
  for (const { message } of stakes) {
    const { organisation, key, change } = message;
    const held = await readStake(ledger, validators, key);
    const name = organisationName(organisation);
    if (held.owner !== '' && held.owner !== name) {
      throw invalid(`the key of the validator of ${name} is that of ${held.owner}`);
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
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
