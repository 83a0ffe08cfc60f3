import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import type { Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import type { LoggedVersion } from '../../client/records/logVersion.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { BEGIN, ORGANISATIONS, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Erase, Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { bytesToHex } from '../../crypto/bytes.ts';

/** Bytes of a record whose file goes to a store, because it is too long for a row. */
export const LARGE = 20_000;

/** A version of a record that the patient adds alone. */
export async function addOwn(
  patient: Party,
  category: Category,
  length = 40,
): Promise<LoggedVersion> {
  const { handle } = await readPatientState(patient);
  const content = patient.random(length);
  return await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
}

/** The sealed file of a version. */
export function fileOf({ acknowledgement }: LoggedVersion): Bytes32 {
  return (parseBody(acknowledgement.body).request.message as Write).file;
}

/** Organisations whose vaults hold a file. */
export async function holding(network: TestNetwork, file: Bytes32): Promise<readonly string[]> {
  const held = ORGANISATIONS.map(async (name) => {
    const found = await network.services(name).vault.stat(file);
    return found === undefined ? [] : [name];
  });
  return (await Promise.all(held)).flat();
}

/** Erases a category, and lets all organisations learn of it and delete its files. */
export async function eraseEverywhere(
  network: TestNetwork,
  patient: Party,
  category: Category,
): Promise<number> {
  const epoch = await eraseKeys(patient, category);
  await network.checkpoint();
  return epoch;
}

/** An erasure as its author signs it, without the client in between. */
export function erasureBy(
  author: Party,
  erase: Pick<Erase, 'handle' | 'category' | 'epoch'> & Partial<Erase>,
): Submission {
  const message: Erase = {
    log: author.log,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: BEGIN + 300,
    salt: bytesToHex(author.random(16)),
    ...erase,
  };
  return { request: sign(author, author, 'Erase', message) };
}
