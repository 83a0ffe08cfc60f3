import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { base64 } from '@scure/base';
import { hexToBytes } from '../../crypto/bytes.ts';
import { holds } from '../../protocol/holds.ts';
import { openFolder } from '../../vault/openFolder.ts';
import { readJsonFile } from '../jsonFiles.ts';
import type { KeyFile } from '../keystore.ts';
import { addressOfSeed } from '../lockedKeys.ts';
import type { NodePorts } from '../NodePorts.ts';
import type { ExaminationHearer } from './OrganisationExamination.ts';

/** What every age file begins with. */
const AGE = 'age-encryption.org/v1\n';

/**
 * Examines the keys of parties in a data folder, and what their devices remember: a key that is not encrypted is that
 * of its address; whether a passphrase opens the others, their owners know.
 *
 * @param data - The folder.
 * @param ports - Hashes and curve.
 * @param hearer - Told what is found.
 */
export async function examineKeystores(
  data: string,
  { primitives }: Pick<NodePorts, 'primitives'>,
  hearer: ExaminationHearer,
): Promise<void> {
  const parties = await readdir(join(data, 'parties'), { withFileTypes: true }).catch(() => []);
  let keys = 0;
  for (const name of parties.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))) {
    const path = `parties/${name}`;
    const files = await openFolder(join(data, path));
    const key = await readJsonFile(files, 'key.json').catch(() => null);
    if (key !== undefined) keys += 1;
    if (key !== undefined && !isKey(key)) {
      hearer.fault({
        kind: 'keys',
        path,
        what: `${path}/key.json: it was altered`,
        remedy: 'backup',
      });
    }
    for (const file of (await files.list('device')).filter((each) => each.endsWith('.json'))) {
      if ((await readJsonFile(files, `device/${file}`).catch(() => undefined)) !== undefined)
        continue;
      const what = `${path}/device/${file}: it can not be read`;
      hearer.fault({ kind: 'device', path, what, remedy: 'peers' });
    }
  }
  if (parties.length > 0) hearer.part({ path: 'parties', name: 'parties', holds: `${keys} keys` });

  function isKey(value: unknown): boolean {
    return holds(() => {
      const key = value as KeyFile;
      if (key.format !== 'medseal-key/1') return false;
      if (key.demo) return addressOfSeed(primitives, hexToBytes(key.seed)) === key.address;
      const begins = base64.decode(key.sealed).subarray(0, AGE.length);
      return new TextDecoder().decode(begins) === AGE;
    });
  }
}
