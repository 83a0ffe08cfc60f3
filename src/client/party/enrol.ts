import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { isRecipient } from '../../crypto/keys/isRecipient.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { EnrolmentResult } from '../../protocol/evidence/facts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState, writePatientState, type PatientState } from '../state/PatientState.ts';
import type { Party } from './Party.ts';
import { requireArgument } from './requireArgument.ts';

/**
 * Applies to the authority; a patient's device stores the issued ID and the salt that opens the handle. A party that is
 * already enrolled gets the original answer.
 *
 * @param party - Party that applies.
 * @param as - The role, and the organisation that the party belongs to.
 * @throws MedsealError `ENROLMENT_REFUSED`; `ARGUMENT_INVALID` for an unknown role; `KEY_UNAUTHENTIC` if the handle
 * does not open, or coordinators do not confirm the enrolment; for a patient, `ANSWER_DISPUTED` if fewer than k
 * organisations store the state.
 * @example
 * ```ts
 * const { enrolment } = await enrol(patient, { role: 'patient', organisation: 'hospital' });
 * console.log(`The chart is ${enrolment.handle}.`);
 * ```
 */
export async function enrol(
  party: Party,
  as: { readonly role: Role; readonly organisation: Organisation },
): Promise<EnrolmentResult> {
  const { primitives, recipient } = party;
  requireArgument('role', as.role);
  if (!isRecipient(recipient)) {
    const reason = '`recipient` must be a sound post-quantum hybrid age recipient (age1pq1…)';
    throw new MedsealError('ENROLMENT_REFUSED', { reason });
  }
  const application = sign(party, party, 'Application', {
    party: party.address,
    role: as.role,
    organisation: as.organisation,
    recipient: recipientHash(primitives, recipient),
    deadline: seconds(party.clock) + 600,
  });
  const card = { party: party.address, recipient };
  const result = await party.agent.apply({ application, card });
  const state = as.role === 'patient' ? await beginning(party, result) : undefined;
  if (state !== undefined) await writePatientState(party, state);
  await confirmEnrolment(party, result, as.role);
  if (state !== undefined) await keepPatientState(party, state);
  return result;
}

async function confirmEnrolment(
  party: Party,
  { enrolment }: EnrolmentResult,
  role: Role,
): Promise<void> {
  const { address, recipient, primitives } = party;
  const handle = role === 'patient' ? { handle: enrolment.handle } : {};
  const facts = await confirmFacts(party, { party: address, ...handle });
  const confirmed =
    facts.party?.role === role &&
    facts.party.recipient === recipientHash(primitives, recipient) &&
    facts.patient?.controller === (role === 'patient' ? address : undefined);
  if (!confirmed) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'enrolment' });
}

/** First state of a patient's device; a device that already has a state keeps it. */
async function beginning(party: Party, result: EnrolmentResult): Promise<PatientState | undefined> {
  const { patientId = '', salt = '0x', enrolment } = result;
  const { handle } = enrolment;
  const channel = logOf(party.network, party.log).channel.name;
  const opens = succeeds(() => {
    const opening = { channel, patientId, salt: hexToBytes(salt) };
    return bytesToHex(handleOf(party.primitives, opening)) === handle;
  });
  if (!opens) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'handle' });
  const known = await readPatientState(party).catch(unlessNew);
  if (known?.handle === handle) return undefined;
  const keyring = { format: 'medseal-keyring/2', handle, keys: {} } as const;
  return {
    format: 'medseal-patient/1',
    revision: 0,
    handle,
    patientId,
    salt,
    keyring,
    grants: [],
    recipients: {},
  };
}

function unlessNew(error: unknown): undefined {
  if (!isMedsealError(error, 'NOT_FOUND')) throw error;
}
