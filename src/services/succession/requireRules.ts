import { readOfficeChanges, readOfficeDelay } from '../../bindings/readOfficeChanges.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { SignedRule, Successor } from '../../protocol/Successor.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';

/** A view of the ledger that a successor is compared with. */
export interface RulesSource {
  readonly index: Pick<LedgerIndex, 'refresh' | 'moment'>;
  readonly ledger: LedgerProvider;
  readonly network: Pick<NetworkFile, 'contracts'>;
}

/**
 * Requires that the Registry's offices can be those of a successor when it gets in force, or are those already: the
 * ledger is the judge between two that claim to follow one file.
 *
 * @param source - The ledger.
 * @param successor - Its signatures, and those of its changes of offices, are verified.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireRules(
  { index, ledger, network: { contracts } }: RulesSource,
  { from, offices }: Pick<Successor, 'from' | 'offices'>,
): Promise<void> {
  if (offices.length === 0) return;
  await index.refresh();
  const delay = await readOfficeDelay(ledger, contracts);
  for (const { message } of offices) {
    const { office, change } = message;
    const known = await readOfficeChanges(ledger, contracts, office);
    const { begun, made, readyAt } = known;
    if (change > begun + 1) {
      throw invalid(
        `its change of the ${office} has the number ${change}, and the ledger expects ${begun + 1}`,
      );
    }
    if (change <= made) {
      const held = known.offices.get(change);
      if (held !== undefined && !isOf(message, held)) {
        throw invalid(`the ledger made another change ${change} of the ${office}`);
      }
      continue;
    }
    const ready = change === begun ? readyAt : index.moment + delay;
    if (from < ready) {
      throw invalid(`it must not be in force before ${ready}, after the delay of the ledger`);
    }
  }
}

function isOf(
  { members, threshold }: SignedRule<'OfficeChange'>['message'],
  held: { readonly members: readonly string[]; readonly threshold: number },
): boolean {
  return (
    threshold === held.threshold &&
    members.length === held.members.length &&
    members.every((member, place) => member === held.members[place])
  );
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
