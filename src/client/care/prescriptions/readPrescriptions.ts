import { base64 } from '@scure/base';
import type { MedicationRequest } from '@medplum/fhirtypes';
import { bytesToHex, hexToBytes } from '../../../crypto/bytes.ts';
import { openBytes } from '../../../crypto/sealing/openBytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { decodePart } from '../../../fhir/decodePart.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import type { Base64 } from '../../../protocol/evidence/evidence.ts';
import type { Prescription, PrescriptionFacts } from '../../../protocol/care/prescriptions.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { succeeds } from '../../../protocol/wire/succeeds.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import { identitiesOf } from '../../party/identitiesOf.ts';
import type { Party } from '../../party/Party.ts';
import { isErasedIn } from '../../records/isErasedIn.ts';
import type { Chart } from '../../records/readChart.ts';
import { readRecords } from '../../records/readRecords.ts';
import type { ChartRecord } from '../../records/viewChart.ts';
import { awaitPrescription } from './confirmPrescription.ts';
import { prescriptionIn, type PrescriptionRecord } from './prescriptionRecord.ts';
import { keysFrom, laterHolder, slipKeyFrom } from './prescriptionKeys.ts';
import { makeSlip, type Slip } from './Slip.ts';
import { submitCare } from './submitCare.ts';

/** A prescription of a chart. */
export interface PrescriptionListed {
  readonly digest: Bytes32;
  readonly message: Prescription;
  readonly request: MedicationRequest;
  /** The prescription as the ledger has it; absent if it was never put there. */
  readonly facts?: PrescriptionFacts;
  /** Slip to show it with; only for the patient, while another key did not take its place. */
  readonly slip?: Slip;
  /** Secret of the first holder's key, sealed to the patient alone. */
  readonly sealedKey: Base64;
}

/** The prescriptions of a chart. */
export interface PrescriptionsRead {
  readonly prescriptions: readonly PrescriptionListed[];
  /** Records that may hold more of them and could not be read now; erased ones are not among them. */
  readonly unread: readonly ChartRecord[];
}

/**
 * Reads the prescriptions of a chart: those among its medications with which a prescriber began a record, also if it was
 * amended since, with what became of each.
 *
 * @param party - The patient, or a reader of medications.
 * @param chart - The chart.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`; of `readRecords`.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * const { prescriptions, unread } = await readPrescriptions(patient, chart);
 * for (const { message, facts } of prescriptions) {
 *   console.log(`${message.terms.medicine}: ${facts?.state ?? 'never issued'}`);
 * }
 * if (unread.length > 0) console.log(`${unread.length} records could not be read`);
 * ```
 */
export async function readPrescriptions(party: Party, chart: Chart): Promise<PrescriptionsRead> {
  // A prescription rests on the version with which its prescriber began the record: amending it ends nothing.
  const medications = chart.records.filter(
    ({ category, action }) => category === 'medications' && action === 'add',
  );
  const prescriptions: PrescriptionListed[] = [];
  const unread: ChartRecord[] = [];
  for await (const read of readRecords(party, chart, medications)) {
    if ('error' in read) {
      if (!isErasedIn(chart, read.record)) unread.push(read.record);
      continue;
    }
    const { record, author } = read.record;
    const written = prescriptionFrom(party, { handle: chart.handle, record }, read.content);
    if (written?.message.prescriber !== author) continue;
    prescriptions.push(await listOne(party, written));
  }
  return { prescriptions, unread };
}

/**
 * Gives a prescription other keys: what was shown before opens nothing any more. The holder's key signs it, which no slip
 * has, so nobody does it to whom the prescription was only shown. The words of the patient's present key bring the new
 * keys back on another device. After a change of key the same device, which has the former key, still has them.
 *
 * @param party - The patient.
 * @param listed - The prescription, from the patient's own chart.
 * @returns The slip from now on.
 * @throws MedsealError `SLIP_REPLACED` if the patient does not have its key; `RULE_REFUSED` if it has ended, or a pharmacist was faster;
 * `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const slip = await passPrescription(patient, shown);
 * console.log(formatSlip(slip));
 * ```
 */
export async function passPrescription(
  party: Party,
  listed: Pick<PrescriptionListed, 'digest' | 'message' | 'request' | 'sealedKey' | 'facts'>,
): Promise<Slip> {
  const { digest, facts, sealedKey } = listed;
  const secret = facts && (await holderOf(party, sealedKey, digest, facts));
  if (facts === undefined || secret === undefined) throw new MedsealError('SLIP_REPLACED', {});
  const step = facts.step + 1;
  const later = laterHolder(party.primitives, party.keys, digest, step);
  const keys = keysFrom(party.primitives, later);
  const message = { prescription: digest, step, ...keys, deadline: seconds(party.clock) + 300 };
  const signer = { address: facts.holder, signingKey: hexToBytes(secret) };
  const { signature } = sign(party, signer, 'PassPrescription', message);
  const request = sign(party, party, 'PassPrescription', message);
  await submitCare(party, { request, cosignature: signature });
  await awaitPrescription(party, digest, ({ holder }) => holder === keys.holder);
  return makeSlip(party, { ...listed, key: slipKeyFrom(party.primitives, later) });
}

function prescriptionFrom(
  party: Party,
  place: Parameters<typeof prescriptionIn>[1],
  content: Uint8Array,
): PrescriptionRecord | undefined {
  let found: PrescriptionRecord | undefined;
  succeeds(() => {
    for (const { resource } of decodePart(content).entries) {
      found ??= prescriptionIn(party.primitives, place, resource);
    }
    return true;
  });
  return found;
}

async function listOne(party: Party, written: PrescriptionRecord): Promise<PrescriptionListed> {
  const { message, request, sealedKey } = written;
  const digest = digestOf(party, 'Prescription', message);
  const { prescription: facts } = await confirmFacts(party, { prescription: digest });
  const secret = facts && (await holderOf(party, sealedKey, digest, facts));
  // The prescriber may have put there another slip than that of this key: only passing it on helps then.
  const isShown = secret && keysFrom(party.primitives, secret).slip === facts.slip;
  const slip =
    isShown && makeSlip(party, { message, request, key: slipKeyFrom(party.primitives, secret) });
  return { digest, message, request, sealedKey, ...(facts && { facts }), ...(slip && { slip }) };
}

/** Secret of the present holder's key: the prescriber's gift, or one that the patient gave it later, with any key since. */
async function holderOf(
  party: Party,
  sealedKey: Base64,
  digest: Bytes32,
  facts: PrescriptionFacts,
): Promise<Bytes32 | undefined> {
  const { primitives, keys, formerKeys = [] } = party;
  const first = await openHolder(party, sealedKey);
  if (first && keysFrom(primitives, first).holder === facts.holder) return first;
  for (let step = facts.step; step > 0; step--) {
    for (const each of [keys, ...formerKeys]) {
      const later = laterHolder(primitives, each, digest, step);
      if (keysFrom(primitives, later).holder === facts.holder) return later;
    }
  }
  return undefined;
}

async function openHolder(party: Party, sealed: Base64): Promise<Bytes32 | undefined> {
  try {
    const { cipher, primitives } = party;
    const options = { ...(cipher && { cipher }) };
    const secret = await openBytes(identitiesOf(party), base64.decode(sealed), options);
    const holder = bytesToHex(secret);
    keysFrom(primitives, holder);
    return holder;
  } catch {
    return undefined;
  }
}
