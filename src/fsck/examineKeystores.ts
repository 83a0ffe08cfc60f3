import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { base64 } from '@scure/base';
import { hexToBytes } from '../crypto/bytes.ts';
import { ADDRESS, BYTES32, findShapeError, OneOf } from '../protocol/wire/findShapeError.ts';
import { succeeds } from '../protocol/wire/succeeds.ts';
import type { Address } from '../protocol/ids.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import type { KeyFile } from '../device/keystore.ts';
import { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { examineDevice } from './examineDevice.ts';
import type {
  ExaminationHearer,
  LedgerView,
} from '../services/examination/OrganisationExamination.ts';

/** First line of every age file. */
const AGE = 'age-encryption.org/v1\n';

const OWNER = {
  format: new OneOf('medseal-key/1'),
  demo: 'boolean',
  name: 'text',
  'role?': 'text',
  'organisation?': 'text',
  address: ADDRESS,
} as const;
const DEMO = { ...OWNER, seed: BYTES32 } as const;
const LOCKED = { ...OWNER, sealed: 'text' } as const;

/**
 * Examines the keys of parties in a data folder, and the memory of their devices. A key that is not encrypted must be
 * that of its address; only the owners can tell whether a passphrase opens the others.
 *
 * @param data - The folder.
 * @param ports - Hashes and curve.
 * @param hearer - Told what is found.
 * @param ledger - Tells who is a patient.
 */
export async function examineKeystores(
  data: string,
  { primitives }: Pick<NodePorts, 'primitives'>,
  hearer: ExaminationHearer,
  ledger: LedgerView | undefined,
): Promise<void> {
  const parties = await readdir(join(data, 'parties'), { withFileTypes: true }).catch(() => []);
  let keys = 0;
  for (const name of parties.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))) {
    const path = `parties/${name}`;
    const files = await openSharedFolder(join(data, path));
    const key = await readJsonFile(files, 'key.json').catch(() => null);
    if (key !== undefined) keys += 1;
    const wrong =
      key === undefined ? 'it is lost' : isKey(key, name) ? undefined : 'it was altered';
    if (wrong !== undefined) {
      hearer.fault({ kind: 'keys', path, what: `${path}/key.json: ${wrong}`, remedy: 'backup' });
    }
    const remembered = await examineDevice(files, (file) => {
      forget(path, `${file}: it was altered`);
    });
    if (isPatient(key) && !remembered.includes('patient.json'))
      forget(path, 'device/patient.json: it is lost');
  }
  if (parties.length > 0) hearer.part({ path: 'parties', name: 'parties', holds: `${keys} keys` });

  function forget(path: string, what: string): void {
    hearer.fault({ kind: 'device', path, what: `${path}/${what}`, remedy: 'peers' });
  }

  /** Tells whether the key is that of a patient in the Registry: the device then knows patient ID and salt. */
  function isPatient(value: unknown): boolean {
    const { address } = Object(value) as { address?: Address };
    return address !== undefined && ledger?.index.party(address)?.handle !== undefined;
  }

  function isKey(value: unknown, name: string): boolean {
    return succeeds(() => {
      const key = value as KeyFile;
      const known = ledger?.index.party(key.address);
      const isThat = known?.role === key.role && known?.organisation === key.organisation;
      if (known !== undefined && !isThat) return false;
      const shape = key.demo ? DEMO : LOCKED;
      if (findShapeError(shape, key, 'it') !== undefined || key.name !== name) return false;
      if (key.demo) return addressOfSeed(primitives, hexToBytes(key.seed)) === key.address;
      const begins = base64.decode(key.sealed).subarray(0, AGE.length);
      return new TextDecoder().decode(begins) === AGE;
    });
  }
}
