import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { validatorsAbi } from '../../bindings/generated/validatorsAbi.ts';
import { readRemoval, type Removal } from '../../bindings/readRemoval.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import type { RulesCarrier } from './carryChanges.ts';

/** A validator from whose key all others took power at once. */
export interface RemovedKey extends Pick<Removal, 'until' | 'isConfirmed'> {
  readonly organisation: Organisation;
}

/**
 * Returns the validators whose keys are without power at the ledger because all others took it at once. Those whose removal lapsed get
 * it back by this: the contract does nothing by itself, and anybody may ask.
 *
 * @param carrier - The ledger, and who sends.
 * @param files - The network files that name the validators.
 * @throws MedsealError of the ledger.
 */
export async function tendRemovals(
  carrier: Pick<RulesCarrier, 'network' | 'ledger' | 'sender'> & Pick<ComparedLedger, 'index'>,
  files: readonly NetworkFile[],
): Promise<readonly RemovedKey[]> {
  const { ledger, sender, index, network } = carrier;
  const { validators: contract } = network.contracts;
  if (contract === undefined) return [];
  const named = files.flatMap(presentNodes).flatMap(({ organisation, validator }) => {
    return validator === undefined ? [] : [[validator.key, organisation] as const];
  });
  const removed: RemovedKey[] = [];
  for (const [key, organisation] of new Map(named)) {
    const { until, isConfirmed } = await readRemoval(ledger, contract, key);
    if (until === 0) continue;
    if (isConfirmed || until > index.moment) {
      removed.push({ organisation, until, isConfirmed });
      continue;
    }
    await sender.send({ to: contract, data: encodeBatch(validatorsAbi, 'returnKeys', [[key]]) });
  }
  return removed;
}
