/** Writes of doctors on charts of many patients, made before a clock starts. */
import { randomBytes } from 'node:crypto';
import { confirmSheet } from '../../src/client/epochs/confirmSheet.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { sealTargets } from '../../src/client/records/sealTargets.ts';
import { uploadSealed } from '../../src/client/agent/uploadSealed.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { sealBytes } from '../../src/crypto/sealing/sealBytes.ts';
import { streamBytes } from '../../src/crypto/sealing/streamBytes.ts';
import type { Submission } from '../../src/protocol/AgentPort.ts';
import type { EpochSheet } from '../../src/protocol/rights/epochs.ts';
import { releaseKeyOf } from '../../src/protocol/release/releaseKeyOf.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import type { Grant, Write } from '../../src/protocol/struct/requests.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import { DEFAULT_QUOTAS } from '../../src/services/agent/Quotas.ts';

/** Bytes of a sealed file: a small record, sealed. */
const FILE = 2500;

/** Bytes of a record that is sealed, if nodes look at the file's header. */
const CONTENT = 500;

/** A patient's chart, a doctor, and the right of the one to write to the other. */
export interface Right {
  readonly doctor: Party;
  readonly grant: Grant;
  readonly digest: `0x${string}`;
  /** Recipients to seal to, if the channel has a release key. */
  readonly sheet?: EpochSheet;
}

/**
 * Enrols patients and doctors at the first organisation, and has each patient give a doctor a right.
 *
 * @param open - Opens a party with a new key.
 * @param parties - Number of parties; a tenth of them are doctors.
 */
export async function grantRights(
  open: () => Promise<Party>,
  parties: number,
): Promise<readonly Right[]> {
  const doctors = await inLanes(Array.from({ length: Math.ceil(parties / 10) }), 8, async () => {
    const doctor = await open();
    await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
    return doctor;
  });
  const patients = Array.from({ length: parties - doctors.length }, (_, place) => place);
  return await inLanes(patients, 8, async (place) => {
    const patient = await open();
    await enrol(patient, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(patient, 1);
    const doctor = doctors[place % doctors.length];
    if (doctor === undefined) throw new Error('no doctor');
    const { grant, digest } = await grantRight(patient, {
      grantee: doctor.address,
      categories: ['laboratory', 'vitals'],
      actions: ['add'],
      purpose: 'TREAT',
      until: Math.floor(Date.now() / 1000) + 30 * 24 * 3600,
    });
    if (releaseKeyOf(doctor.network, doctor.log) === undefined) return { doctor, grant, digest };
    return { doctor, grant, digest, sheet: await confirmSheet(doctor, grant.handle) };
  });
}

/**
 * Uploads files and signs writes of them.
 *
 * @param rights - The rights in turn.
 * @param count - Number of writes in all.
 * @param arraySize - Number of writes of an array.
 * @returns Arrays, each as JSON.
 */
export async function prepareArrays(
  rights: readonly Right[],
  count: number,
  arraySize: number,
): Promise<string[]> {
  const arrays: string[] = [];
  for (let from = 0; from < count; from += arraySize) {
    arrays.push(
      JSON.stringify(await prepareWrites(rights, Math.min(arraySize, count - from), from)),
    );
  }
  return arrays;
}

/** Uploads a new file for each of so many writes, and signs them; the first is of the right at place `from`. */
export async function prepareWrites(
  rights: readonly Right[],
  count: number,
  from = 0,
): Promise<Submission[]> {
  const writes = Array.from({ length: count }, (_, place) => place);
  // As many as one party may send at once.
  return await inLanes(writes, DEFAULT_QUOTAS.arrivingFiles, async (place) => {
    const right = rights[(from + place) % rights.length];
    if (right === undefined) throw new Error('no right');
    const { doctor, grant, digest } = right;
    const version = {
      handle: grant.handle,
      record: bytesToHex(randomBytes(32)),
      version: 1,
      category: 'laboratory',
    } as const;
    const content = await fileOf(right, version);
    const file = bytesToHex(doctor.primitives.sha256(content));
    await uploadSealed(doctor, { hash: file, size: content.length }, streamBytes(content));
    const write: Write = {
      ...version,
      begunBy: doctor.address,
      about: ZERO32,
      log: doctor.log,
      action: 'add',
      epoch: 1,
      file,
      size: content.length,
      grant: digest,
      purpose: 'TREAT',
      deadline: Math.floor(Date.now() / 1000) + 595,
      salt: bytesToHex(randomBytes(16)),
    };
    return { request: sign(doctor, doctor, 'Write', write), opening: grant };
  });
}

/** A sealed file: random bytes, for nodes do not look into it, unless the channel has a release key. */
async function fileOf(
  { doctor, sheet }: Right,
  version: Pick<Write, 'handle' | 'record' | 'version' | 'category'>,
): Promise<Uint8Array> {
  if (sheet === undefined) return new Uint8Array(randomBytes(FILE));
  const { cipher } = doctor;
  const content = new Uint8Array(randomBytes(CONTENT));
  return await sealBytes(sealTargets(doctor, sheet, version), content, {
    ...(cipher && { cipher }),
  });
}

async function inLanes<Item, Result>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of rest) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: count }, lane));
  return results;
}
