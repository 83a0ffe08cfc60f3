import { readOfficeChanges, readOfficeDelay } from '../../bindings/readOfficeChanges.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedRule, Successor } from '../../protocol/network/Successor.ts';
import type { ComparedLedger } from './ComparedLedger.ts';
import { begunOffice } from './begunChange.ts';
import { isHeldOffice } from './isHeldOffice.ts';
import { notMade } from './notMade.ts';

/**
 * Requires that the Registry's offices can be those of a successor when it gets in force, or are those already: the
 * ledger is the judge between two that claim to follow one file.
 *
 * @param source - The ledger.
 * @param successor - Its signatures, and those of its changes of offices, are verified.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export async function requireRules(
  source: ComparedLedger,
  { from, offices }: Pick<Successor, 'from' | 'offices'>,
): Promise<void> {
  if (offices.length === 0) return;
  const { index, ledger, network } = source;
  const { contracts } = network;
  await index.refresh();
  const delay = await readOfficeDelay(ledger, contracts);
  for (const { message } of offices) {
    const { office, change, deadline } = message;
    const known = await readOfficeChanges(ledger, contracts, office);
    const { begun, made, readyAt } = known;
    if (change > begun + 1) {
      throw invalid(
        `its change of the ${office} has the number ${change}, and the ledger expects ${begun + 1}`,
      );
    }
    if (change <= made) {
      const held = known.offices.get(change);
      if (held !== undefined && !isHeldOffice(message, held)) {
        throw invalid(`the ledger made another change ${change} of the ${office}`);
      }
      continue;
    }
    if (change === begun && (await begunOffice(source, contracts.registry, message)) !== 'same') {
      // It can have been finished since.
      const { offices: now } = await readOfficeChanges(ledger, contracts, office);
      const held = now.get(change);
      if (held === undefined || !isHeldOffice(message, held)) {
        throw invalid(
          `the ledger began another change ${change} of the ${office}: draft it again with the number ${begun + 1}`,
        );
      }
      continue;
    }
    if (change > begun && begun > made) await requireNotPending(source, office, begun);
    if (change > begun && deadline < index.moment) {
      throw invalid(`its change of the ${office} had to begin until ${deadline}`);
    }
    const ready = change === begun ? readyAt : index.moment + delay;
    if (from < ready) {
      throw invalid(`it must not be in force before ${ready}, after the delay of the ledger`);
    }
  }
}

/** A change that begins takes the place of one that is begun: that of a successor would never be made. */
async function requireNotPending(
  source: ComparedLedger,
  office: SignedRule<'OfficeChange'>['message']['office'],
  begun: number,
): Promise<void> {
  const { registry } = source.network.contracts;
  for (const { from, offices } of source.succession.successors) {
    const rule = offices.find(
      ({ message }) => message.office === office && message.change === begun,
    );
    if (rule === undefined) continue;
    if ((await begunOffice(source, registry, rule.message)) !== 'same') continue;
    throw invalid(notMade(`the ${office}`, begun, from));
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
