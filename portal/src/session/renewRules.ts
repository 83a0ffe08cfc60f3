import { readPatientState } from '../../../src/client/index.ts';
import { applyRulesHere } from './applyRulesHere.ts';
import type { Session } from './Session.ts';

const renewed = new WeakMap<Session['party'], Promise<number>>();

/**
 * Renews the rights of the patient's standing rules, once in a session.
 *
 * @param session - The patient.
 * @returns The number of people who could not be given their right.
 * @throws MedsealError what `applyRules` throws.
 */
export async function renewRules({ party }: Session): Promise<number> {
  const known = renewed.get(party);
  if (known !== undefined) return await known;
  const renewing = renew(party);
  renewed.set(party, renewing);
  renewing.catch(() => renewed.delete(party));
  return await renewing;
}

async function renew(party: Session['party']): Promise<number> {
  const { rules = [] } = await readPatientState(party);
  return rules.length === 0 ? 0 : (await applyRulesHere(party)).failed.length;
}
