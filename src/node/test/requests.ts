import assert from 'node:assert/strict';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Party } from '../../client/party/Party.ts';
import { uploadSealed } from '../../client/agent/uploadSealed.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type {
  Acknowledgement,
  Body,
  Outcome,
  SignedVerdict,
} from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type {
  EvidenceType,
  Messages,
  Signed,
  View,
  ViewSet,
  Write,
} from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { listPairs, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { JudgedBody } from '../../services/ports.ts';
import { BEGIN, ORGANISATIONS, type Care, type TestNetwork } from './testNetwork.ts';

/** Requests to an agent or a coordinator without the client in between, so that a test can make them wrong. */

/** Uploads bytes as if they were a sealed file. */
export async function uploaded(
  party: Party,
  content: Uint8Array = party.random(40),
): Promise<{ file: `0x${string}`; size: number }> {
  const file = bytesToHex(party.primitives.sha256(content));
  const size = content.length;
  await uploadSealed(party, { hash: file, size }, pieces(content));
  return { file, size };
}

/** A write by the doctor under the doctor's right, of a file that the vault holds. */
export async function writeOf(
  { doctor, handle, right }: Care,
  change: Partial<Write> = {},
): Promise<Write> {
  return {
    log: doctor.log,
    action: 'add',
    handle,
    record: bytesToHex(doctor.random(32)),
    version: 1,
    begunBy: doctor.address,
    about: ZERO32,
    category: 'laboratory',
    epoch: 1,
    ...(change.file === undefined && (await uploaded(doctor))),
    grant: right.digest,
    purpose: 'TREAT',
    deadline: BEGIN + 300,
    salt: bytesToHex(doctor.random(16)),
    ...change,
  } as Write;
}

/** A view of the whole chart by the doctor. */
export function viewOf({ doctor, handle, right }: Care, change: Partial<View> = {}): View {
  return {
    log: doctor.log,
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    grant: right.digest,
    purpose: 'TREAT',
    deadline: BEGIN + 300,
    salt: bytesToHex(doctor.random(16)),
    ...change,
  };
}

/** A set of views by the doctor, with its list. */
export function setOf(
  { doctor, handle, right }: Care,
  versions: readonly ViewPair[],
  change: Partial<ViewSet> = {},
): { readonly set: ViewSet; readonly pairs: readonly ViewPair[] } {
  const salt = change.salt ?? bytesToHex(doctor.random(16));
  const { pairs, root, count } = listPairs(doctor.primitives, salt, versions);
  const set = {
    log: doctor.log,
    handle,
    root,
    count,
    grant: right.digest,
    purpose: 'TREAT' as const,
    keep: 0,
    deadline: BEGIN + 300,
    salt,
    ...change,
  };
  return { set, pairs };
}

/** Signs a request, and shows the doctor's right with it. */
export function submissionOf<Type extends EvidenceType>(
  { doctor, right }: Care,
  type: Type,
  message: Messages[Type],
  party: Party = doctor,
): Submission {
  return { request: sign(party, party, type, message), opening: right.grant };
}

/** The same request with another signature of its party, made with another nonce. */
export function resigned(party: Party, submission: Submission): Submission {
  const { request } = submission;
  const digest = hexToBytes(digestOf(party, request.type, request.message));
  const options = {
    prehash: false,
    extraEntropy: new Uint8Array(32).fill(7),
    format: 'recovered',
  } as const;
  const [v = 0, ...rs] = secp256k1.sign(digest, party.keys.signingKey(), options);
  const signature = bytesToHex(Uint8Array.of(...rs, v + 27));
  return { ...submission, request: { ...request, signature } };
}

/** Submits one request; returns its outcome. */
export async function submitted(party: Party, submission: Submission): Promise<Outcome> {
  const [outcome] = await party.agent.submit([submission]);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

/** Returns the acknowledgement of a request that must be acknowledged. */
export async function acknowledgedBy(
  party: Party,
  submission: Submission,
): Promise<Acknowledgement> {
  const outcome = await submitted(party, submission);
  if (outcome.outcome !== 'acknowledged') throw new Error(JSON.stringify(outcome));
  return outcome.acknowledgement;
}

/** Makes a body as the hospital's agent would write it now, with changes. */
export function judgedBody(
  network: TestNetwork,
  { right }: Care,
  request: Signed<EvidenceType>,
  change: Partial<Body> = {},
): JudgedBody {
  const body: Body = {
    format: 'medseal-body/1',
    flag: 'A',
    log: 'care/hospital',
    at: Math.floor(network.clock.now() / 1000),
    block: 0,
    request,
    salt: bytesToHex(network.ports.random(16)),
    ...change,
  };
  return { body: canonicalJson(body), opening: right.grant };
}

/** SHA-256 of a text, as entries are named. */
export function entryOf({ primitives }: Party, body: string): `0x${string}` {
  return bytesToHex(primitives.sha256(utf8ToBytes(body)));
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content.subarray(0, 7);
  yield content.subarray(7);
  await Promise.resolve();
}

/**
 * Obtains verdicts of all coordinators for an entry that nobody appends: a view by the doctor, of the whole chart or, with its
 * acknowledgement, of a record.
 */
export async function promisedAndDropped(
  network: TestNetwork,
  care: Care,
  index: number,
  wanted: { readonly view?: Partial<View>; readonly record?: Acknowledgement } = {},
): Promise<Acknowledgement> {
  const { doctor } = care;
  const request = sign(doctor, doctor, 'View', viewOf(care, wanted.view));
  return await judgedAndDropped(network, care, index, request, wanted.record);
}

/** Obtains verdicts of all coordinators for a request, and for its record, whose entry nobody appends. */
export async function judgedAndDropped(
  network: TestNetwork,
  care: Care,
  index: number,
  request: Signed<EvidenceType>,
  record?: Acknowledgement,
): Promise<Acknowledgement> {
  const { log, primitives } = care.doctor;
  const judged = { ...judgedBody(network, care, request), ...(record && { record }) };
  const verdicts: SignedVerdict[] = [];
  for (const name of ORGANISATIONS) {
    const { coordinator } = network.services(name);
    const { verdict } = await coordinator.judge({ log, bodies: [judged] });
    assert.ok(verdict);
    verdicts.push({ ...verdict, index: 0, proof: [] });
  }
  const entry = bytesToHex(primitives.sha256(utf8ToBytes(judged.body)));
  return { log, index, entry, body: judged.body, verdicts };
}

/** Requires a refusal with a code; returns the body of its evidence, if it has one. */
export function refusedWith(outcome: Outcome | undefined, code: ErrorCode): Body | undefined {
  assert.equal(outcome?.outcome, 'refused', JSON.stringify(outcome));
  assert.equal(outcome.problem.code, code);
  return outcome.acknowledgement && parseBody(outcome.acknowledgement.body);
}

/** Returns the number of entries in the hospital's log, as its administrator would checkpoint it. */
export async function logSize(network: TestNetwork): Promise<number> {
  await network.checkpoint();
  const latest = await network.services().contributor.latestCheckpoint('care/hospital');
  return latest?.checkpoint.size ?? 0;
}
