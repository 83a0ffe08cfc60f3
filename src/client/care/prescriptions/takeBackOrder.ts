import { digestOf } from '../../../protocol/struct/signing.ts';
import { findAdded } from '../../agent/logOnce.ts';
import { rightFor } from '../../party/knownRights.ts';
import type { Party } from '../../party/Party.ts';
import { addRecord } from '../../records/addRecord.ts';
import { confirmRule } from '../../rights/confirmRule.ts';
import { forgetOrder, keepOrder, keptOrder, nameOfBack, recordOnce } from './keptOrder.ts';
import type { NewPrescription } from './NewPrescription.ts';
import { withRecord } from './prescriptionRecord.ts';

/**
 * Takes off the chart what was written for an order that the ledger does not have and that is not sent again: the next version
 * of its record is empty. Safe to repeat after it was cut off. A prescription that reaches the ledger all the same is still
 * listed: its first version stays in evidence.
 *
 * @param party - The prescriber.
 * @param wanted - The order.
 * @returns `issued` if k coordinators say that the ledger has it: then it stays. `left` if no right allows to correct it: then
 * readers see that it was never issued. `withdrawn` otherwise.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `RULE_UNCONFIRMED`, and those of `addRecord`.
 */
export async function takeBackOrder(
  party: Party,
  wanted: NewPrescription,
): Promise<'issued' | 'left' | 'withdrawn'> {
  const written = await keptOrder(party, wanted);
  const once = written && recordOnce(party, wanted, written);
  const version = once && (await findAdded(party, once));
  if (written === undefined || once === undefined || !version) return 'withdrawn';
  const { record } = version;
  const prescription = digestOf(party, 'Prescription', withRecord(written.message, record));
  const facts = await confirmRule(party, { prescription }, () => true);
  if (facts.prescription !== undefined) return 'issued';
  const { handle } = wanted;
  const category = 'medications';
  const isGiven = wanted.grant.terms.amend;
  const found = isGiven
    ? undefined
    : await rightFor(party, { handle, action: 'amend', category, record });
  const grant = isGiven ? wanted.grant : found?.covers === true ? found.grant : undefined;
  if (grant === undefined) return 'left';
  const { purpose } = grant.terms;
  // From now on a repeat sends it no more.
  await keepOrder(party, wanted, { ...written, takenBack: true });
  const content = new Uint8Array();
  const empty = { handle, grant, purpose, category, content, amends: version } as const;
  await addRecord(party, { ...empty, once: nameOfBack(once) });
  await forgetOrder(party, wanted);
  return 'withdrawn';
}
