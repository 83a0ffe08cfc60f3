import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { PatientFacts } from '../protocol/facts.ts';
import { lastEpoch } from '../protocol/lastEpoch.ts';
import type { Category } from '../protocol/vocabulary.ts';
import { closeSpan, settleSpan } from './closeSpan.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmFacts } from './confirmFacts.ts';
import { grantRight } from './grantRight.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { Party } from './Party.ts';
import type { PatientState } from './PatientState.ts';
import { readersAmong } from './planPackets.ts';
import { refreshPackets } from './refreshPackets.ts';
import { revokeRight } from './revokeRight.ts';
import { sealPackets } from './sealPackets.ts';
import { withPatientState } from './withPatientState.ts';

/** How many epochs the new span is committed to, at least: one to turn to, and some for the next ends of rights. */
const EPOCHS = 4;

/**
 * Destroys the keys of a category in all epochs so far: from then on not even the phrase opens what was sealed under
 * it until now. The keys turn first, so what is added afterwards is read as before, by everyone who may.
 *
 * What others have, it does not reach: who was given keys or has read records may have kept them, and a copy of the
 * patient's state or of a device from before opens with the phrase. Safe to repeat, also where it broke off.
 *
 * @param party - The patient.
 * @param category - What is destroyed.
 * @returns The last epoch whose key of the category is gone.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient, or has no epoch yet; with the code of
 * what an agent refuses; `RULE_UNCONFIRMED`, `STATE_STALE`.
 */
export async function eraseKeys(party: Party, category: Category): Promise<number> {
  const at = await withPatientState(party, async (state) => await closePresent(party, state));
  await turn(party, category);
  await withPatientState(party, async (state) => {
    const patient = await presentOf(party, state);
    const settled = await settleSpan(party, state, patient);
    // It was not this span that the ledger turned to: everything is as it was.
    if (settled.closing !== undefined || !isClosedAt(settled, at)) {
      throw new MedsealError('STATE_STALE', {});
    }
    await keepErased(party, withoutCategory(settled, category, at), patient);
  });
  await refreshPackets(party);
  return at;
}

/** What nodes keep for those who keep a right is sealed again as well, without the keys that are gone. */
async function keepErased(party: Party, state: PatientState, patient: PatientFacts): Promise<void> {
  const { handle, epoch } = patient;
  const { grants = [] } = await confirmFacts(party, { handle, grants: true });
  const planned = readersAmong(state.grants, grants, seconds(party.clock)).map((known) => {
    const count = Math.max(0, known.sealedTo - epoch + 1);
    return { known, epochs: Array.from({ length: count }, (_, ahead) => epoch + ahead) };
  });
  const sealed = await sealPackets(party, state, planned);
  await keepPatientState(party, sealed.state, sealed.packets);
}

/** Has the epochs after the present one begin a span of their own; gives the present one. */
async function closePresent(party: Party, state: PatientState): Promise<number> {
  const patient = await presentOf(party, state);
  const { epoch } = patient;
  const settled = await settleSpan(party, state, patient);
  const closing = settled.closing === undefined ? closeSpan(party, settled, epoch) : settled;
  await commitMore(party, closing, epoch, Math.max(EPOCHS, lastEpoch(patient) - epoch));
  return epoch;
}

/** Ends a right, for that is what turns the keys: one that the patient gave to nobody else. */
async function turn(party: Party, category: Category): Promise<void> {
  const { digest } = await grantRight(party, {
    grantee: party.address,
    categories: [category],
    actions: ['add'],
    purpose: 'PATRQT',
    until: seconds(party.clock) + 600,
  });
  await revokeRight(party, digest);
}

async function presentOf(party: Party, { handle }: PatientState): Promise<PatientFacts> {
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined || patient.epoch === 0) {
    throw new MedsealError('NOT_FOUND', { what: 'epoch of the patient' });
  }
  return patient;
}

function isClosedAt({ keyring }: PatientState, at: number): boolean {
  return keyring.closed?.[at] !== undefined || keyring.salts[at] !== undefined;
}

/** What a device knows without what gives keys of a category in spans up to an epoch. */
function withoutCategory(state: PatientState, category: Category, upTo: number): PatientState {
  const { keyring } = state;
  const without = (listed: typeof keyring.salts): typeof keyring.salts => {
    const spans = Object.entries(listed).map(([end, keys]) => {
      const { [category]: _erased, ...kept } = keys;
      return [end, Number(end) <= upTo ? kept : keys] as const;
    });
    return Object.fromEntries(spans);
  };
  const { salts, closed } = keyring;
  return {
    ...state,
    keyring: { ...keyring, salts: without(salts), ...(closed && { closed: without(closed) }) },
  };
}
