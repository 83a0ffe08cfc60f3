import { base64 } from '@scure/base';
import type { MedicationRequest } from '@medplum/fhirtypes';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { deriveName } from '../../crypto/keys/deriveName.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Prescription, PrescriptionFacts } from '../../protocol/prescriptions.ts';
import { digestOf, sign } from '../../protocol/signing.ts';
import { succeeds } from '../../protocol/succeeds.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { identitiesOf } from '../party/identitiesOf.ts';
import type { Party } from '../party/Party.ts';
import { newestOfEach } from '../records/newestOfEach.ts';
import type { Chart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { awaitPrescription } from './confirmPrescription.ts';
import { prescriptionIn, type PrescriptionRecord } from './prescriptionRecord.ts';
import { holderOf } from './readSlip.ts';
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
}

/**
 * Reads the prescriptions of a chart: those among its medications that a prescriber issued, with what became of each.
 *
 * @param party - The patient, or a reader of medications.
 * @param chart - The chart.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`; of `readRecords`.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * for (const { message, facts } of await readPrescriptions(patient, chart)) {
 *   console.log(`${message.terms.medicine}: ${facts?.state ?? 'never issued'}`);
 * }
 * ```
 */
export async function readPrescriptions(
  party: Party,
  chart: Chart,
): Promise<readonly PrescriptionListed[]> {
  const medications = newestOfEach(chart.records).filter(
    ({ category }) => category === 'medications',
  );
  const found: PrescriptionListed[] = [];
  for await (const read of readRecords(party, chart, medications)) {
    if ('error' in read) continue;
    const { record, author } = read.record;
    const written = prescriptionFrom(party, { handle: chart.handle, record }, read.content);
    if (written?.message.prescriber !== author) continue;
    found.push(await listed(party, written));
  }
  return found;
}

/**
 * Gives a prescription another key: what was shown before opens nothing any more. The patient's words bring the new key
 * back on another device.
 *
 * @param party - The patient.
 * @param prescription - The prescription, with its slip.
 * @returns The slip from now on.
 * @throws MedsealError `SLIP_REPLACED` if it has no slip; `RULE_REFUSED` if it has ended, or a pharmacist was faster;
 * `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const slip = await passPrescription(patient, shown);
 * console.log(formatSlip(slip));
 * ```
 */
export async function passPrescription(
  party: Party,
  { digest, facts, slip }: PrescriptionListed,
): Promise<Slip> {
  if (slip === undefined || facts === undefined) throw new MedsealError('SLIP_REPLACED', {});
  const step = facts.step + 1;
  const key = laterKey(party, digest, step);
  const holder = holderOf(party, key) ?? facts.holder;
  const message = { prescription: digest, step, holder, deadline: seconds(party.clock) + 300 };
  const signer = { address: facts.holder, signingKey: hexToBytes(slip.key) };
  const { signature } = sign(party, signer, 'PassPrescription', message);
  const request = sign(party, party, 'PassPrescription', message);
  await submitCare(party, { request, cosignature: signature });
  await awaitPrescription(party, digest, (each) => each.holder === holder);
  return { ...slip, key };
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

async function listed(party: Party, written: PrescriptionRecord): Promise<PrescriptionListed> {
  const { message, request } = written;
  const digest = digestOf(party, 'Prescription', message);
  const { prescription: facts } = await confirmFacts(party, { prescription: digest });
  const key = facts && (await keyOf(party, written, digest, facts));
  const slip = key && makeSlip(party, { message, request, key });
  return { digest, message, request, ...(facts && { facts }), ...(slip && { slip }) };
}

/** The secret of the key that shows it now: the prescriber's gift, or one that the patient gave it later. */
async function keyOf(
  party: Party,
  { sealedKey }: PrescriptionRecord,
  digest: Bytes32,
  facts: PrescriptionFacts,
): Promise<Bytes32 | undefined> {
  const first = await openKey(party, sealedKey);
  if (first === undefined || holderOf(party, first) === facts.holder) return first;
  for (let step = facts.step; step > 0; step--) {
    const key = laterKey(party, digest, step);
    if (holderOf(party, key) === facts.holder) return key;
  }
  return undefined;
}

async function openKey(party: Party, sealed: string): Promise<Bytes32 | undefined> {
  try {
    const { cipher } = party;
    const options = { ...(cipher && { cipher }) };
    const secret = await openBytes(identitiesOf(party), base64.decode(sealed), options);
    return secret.length === 32 ? bytesToHex(secret) : undefined;
  } catch {
    return undefined;
  }
}

function laterKey(party: Party, digest: Bytes32, step: number): Bytes32 {
  const name = deriveName(party.keys.seed(), utf8ToBytes(`prescription ${digest}/${step}`));
  return bytesToHex(party.primitives.sha256(utf8ToBytes(name)));
}
