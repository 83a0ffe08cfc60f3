import { MedsealError } from '../../errors/MedsealError.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import { seconds } from '../../protocol/Clock.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { DeviceStore } from '../party/DeviceStore.ts';
import type { Party } from '../party/Party.ts';
import { actingKeys } from './actingKeys.ts';

/**
 * Opens the party by which a representative acts on a patient's chart: what a patient's device does, it does too, by the key of
 * the mandate; evidence is signed by the representative's own key and names the mandate. It writes no records: for that a
 * representative needs a right of their own.
 *
 * @param party - The representative.
 * @param mandate - The opening, as it was offered and given.
 * @param device - Place for the patient's state, apart from the representative's own; beside it if absent.
 * @throws MedsealError `RIGHT_MISSING` for a mandate of another, or that is not on the ledger; `RIGHT_ENDED`; `KEY_UNAUTHENTIC`,
 * `VERDICTS_MISSING`.
 * @example
 * ```ts
 * const forLeo = await actFor(marta, offer.mandate);
 * const { state } = await restorePatient(forLeo);
 * const chart = await readChart(forLeo, { handle: state.handle, purpose: 'PATRQT' });
 * console.log(`${chart.records.length} records of Leo's`);
 * ```
 */
export async function actFor(
  party: Party,
  mandate: Mandate,
  device: DeviceStore = beside(party.device, mandate),
): Promise<Party> {
  const { handle, terms } = mandate;
  const digest = digestOf(party, 'Mandate', mandate);
  const { keys, address: key, recipient } = await actingKeys(party, mandate);
  const { patient } = await confirmFacts(party, { handle });
  const known = patient?.mandates?.find((each) => each.mandate === digest);
  const isOwn = terms.representative === party.address && key === mandate.key;
  if (patient === undefined || known === undefined || !isOwn) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  if (known.state === 'ended' || terms.until <= seconds(party.clock)) {
    throw new MedsealError('RIGHT_ENDED', {});
  }
  const { controller: address } = patient;
  const { party: facts } = await confirmFacts(party, { party: address });
  const { recipient: patients, keyChanges } = await party.agent.card(address);
  const isPatients =
    recipientHash(party.primitives, patients) === facts?.recipient &&
    keyAfter(party, address, keyChanges) === (facts.key?.signer ?? address);
  if (!isPatients) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'recipient of the patient' });
  const { keyChanges: _, formerKeys: __, ...others } = party;
  return {
    ...others,
    address,
    keys,
    recipient,
    device,
    ...(keyChanges && { keyChanges }),
    acting: {
      by: party,
      mandate,
      digest,
      ...(known.appointer !== undefined && { appointer: known.appointer }),
      patient: patients,
    },
  };
}

/** A place on the representative's device for what the patient's devices keep. */
function beside(device: DeviceStore, { handle }: Mandate): DeviceStore {
  const named = (name: string): string => `acting-${handle.slice(2, 34)}-${name}`;
  const { alone } = device;
  return {
    read: async (name) => await device.read(named(name)),
    write: async (name, value) => await device.write(named(name), value),
    ...(alone && { alone: async (work) => await alone(work) }),
  };
}
