import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import { commitmentFor } from '../../protocol/rights/commitmentFor.ts';
import type { Keyring } from '../../protocol/rights/epochs.ts';
import { isProvenSheet } from '../../protocol/rights/isProvenSheet.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import type { Party } from '../party/Party.ts';
import { spanEnds } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import { rememberSheet } from './provenSheets.ts';

/**
 * Tells whether a keyring gives the recipients that the patient has committed to: whether the sheets that it gives are
 * proven by the proofs that nodes serve. In each span and commitment the sheet of the last epoch is enough, since every key
 * before follows from that one's; to compare the roots takes the key pairs of all epochs.
 *
 * @param party - The patient.
 * @param keyring - The chart's keys.
 * @param patient - The chart as k coordinators confirm it.
 * @returns True if it gives them. False says nothing: nodes may lack a sheet.
 */
export async function givesServed(
  party: Party,
  keyring: Keyring,
  patient: PatientFacts,
): Promise<boolean> {
  const { handle, first, next } = patient;
  const last = lastEpoch(patient);
  const ends = spanEnds(keyring).filter((end) => end >= first && end < last);
  // The present commitment ends where the next one begins, however far it reaches.
  const lastOnes = new Set([...ends, next ? next.first - 1 : last, last]);
  try {
    const epochs = [...lastOnes].filter((epoch) => epoch !== 0);
    const served = await Promise.all(
      epochs.map(async (epoch) => await party.agent.sheet({ handle, epoch })),
    );
    for (const [place, { sheet, proof }] of served.entries()) {
      const epoch = epochs[place] ?? 0;
      const range = { first: epoch, count: 1, guarded: sheet.own !== undefined };
      const [given] = (await epochSheets(party, keyring, range)).sheets;
      const proven = given && { ...given, proof };
      const committed = commitmentFor(patient, epoch);
      if (!proven || !isProvenSheet(party.primitives, committed, epoch, proven)) return false;
      rememberSheet(party, committed, given.sheet);
    }
    return true;
  } catch {
    // Keys that are missing, an agent that is away, or an answer of another form.
    return false;
  }
}
