import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { loadNoblePairing } from '../crypto/threshold/loadNoblePairing.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import { openFolder } from '../folder/openFolder.ts';
import { shareFile } from '../folder/shareFile.ts';
import { dealShares } from '../node/founding/dealShares.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { network as unguarded } from '../protocol/test/sampleNetwork.ts';
import { faultOfShare } from './faultOfShare.ts';

const NAMES = ['hospital', 'laboratory', 'insurer'];

let data: string;
let network: NetworkFile;
let path: string;
let whole: string;
let other: Uint8Array;

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'medseal-share-'));
  const { release, secrets } = dealShares(await loadNoblePairing(), NAMES, 2, randomBytes);
  const channels = unguarded.channels.map((channel) => ({ ...channel, release }));
  network = { ...unguarded, channels };
  const folder = join(data, 'node/hospital');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await shareFile(await openFolder(folder), plainKeys).write(
    secrets.get('hospital') ?? assert.fail(),
  );
  other = secrets.get('insurer') ?? assert.fail();
  path = join(folder, 'share.json');
  whole = await readFile(path, 'utf8');
});
after(async () => await rm(data, { recursive: true, force: true }));

async function fault(of = network): Promise<string | undefined> {
  const examination = { data, guard: plainKeys, ports: { loadPairing: loadNoblePairing } };
  return (await faultOfShare(examination, of, 'hospital'))?.join(': ');
}

describe('the share of a release key on disk', () => {
  it('has no fault if the network file names it, or names none', async () => {
    assert.equal(await fault(), undefined);
    assert.equal(await fault(unguarded), undefined);
  });

  it('is named if it was altered, is another’s, is not a scalar, or is lost: its node would run and release nothing', async () => {
    const lines: readonly string[] = [
      whole.replace(/[0-9a-f]"/, (digit) => (digit === '0"' ? '1"' : '0"')),
      whole.replace(/0x[0-9a-f]+/, `0x${Buffer.from(other).toString('hex')}`),
      whole.replace(/0x[0-9a-f]+/, `0x${'00'.repeat(32)}`),
      whole.replace(/0x[0-9a-f]+/, `0x${'ff'.repeat(32)}`),
      whole.slice(0, 20),
    ];
    for (const text of lines) {
      await writeFile(path, text);
      assert.equal(await fault(), 'node/hospital/share.json: it was altered');
    }
    await rm(path);
    assert.equal(await fault(), 'node/hospital/share.json: it is lost');
  });
});
