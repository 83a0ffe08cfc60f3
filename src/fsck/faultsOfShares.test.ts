import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { randomBytes } from '@noble/hashes/utils.js';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { plainKeys, type KeyGuard } from '../folder/keyGuard.ts';
import { openFolder } from '../folder/openFolder.ts';
import { shareFiles, shareName } from '../folder/shareFiles.ts';
import { openShares } from '../node/openShares.ts';
import { dealShares } from '../node/founding/dealShares.ts';
import type { NetworkFile, ReleaseKey } from '../protocol/network/NetworkFile.ts';
import { network as unguarded } from '../protocol/test/sampleNetwork.ts';
import { faultsOfShares } from './faultsOfShares.ts';

const NAMES = ['hospital', 'laboratory', 'insurer'];

let data: string;
let network: NetworkFile;
let again: NetworkFile;
let folder: string;
let name: string;
let whole: string;
let other: Uint8Array;

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'medseal-share-'));
  const { release, secrets } = dealShares(portablePrimitives.group, NAMES, 2, randomBytes);
  network = guarded(unguarded, release);
  const { release: fresh } = dealShares(portablePrimitives.group, NAMES, 2, randomBytes);
  const fingerprint = `0x${'11'.repeat(32)}` as const;
  const before = [{ fingerprint, until: 1, channels: network.channels }];
  again = guarded({ ...unguarded, before }, fresh);
  folder = join(data, 'node/hospital');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = release.shares[0]?.key ?? assert.fail();
  name = shareName(key);
  const shares = shareFiles(await openFolder(folder), plainKeys);
  await shares.write(key, secrets.get('hospital') ?? assert.fail());
  other = secrets.get('insurer') ?? assert.fail();
  whole = await readFile(join(folder, name), 'utf8');
});
after(async () => await rm(data, { recursive: true, force: true }));

async function faults(of = network, guard: KeyGuard | undefined = plainKeys): Promise<string> {
  const examination = { data, guard, ports: { primitives: portablePrimitives } };
  const found = await faultsOfShares(examination, of, 'hospital');
  return found.map((each) => each.join(': ')).join('; ');
}

describe('the share of a release key on disk', () => {
  it('has no fault if the network file names it, or names none', async () => {
    assert.equal(await faults(), '');
    assert.equal(await faults(unguarded), '');
  });

  // @attack a share comes back from a backup of before the shares were dealt again | it releases nothing and deals nothing; `fsck` and `up --check` say so
  it('is named if it is from a backup of before the shares were dealt again: it releases nothing', async () => {
    const [channel = assert.fail()] = again.channels;
    const present = shareName(channel.release?.shares[0]?.key ?? assert.fail());
    const what =
      'it is lost, and what is here is from before the shares were dealt again: it releases nothing';
    assert.equal(await faults(again), `node/hospital/${present}: ${what}`);
    assert.equal(await faults(again, undefined), `node/hospital/${present}: ${what}`);
    const shares = shareFiles(await openFolder(folder), plainKeys);
    const ports = { primitives: portablePrimitives };
    const home = { organisation: 'hospital', shares };
    assert.equal(await openShares(again, channel, home, ports), undefined);
    // Also if it lies under the name of the present one.
    await writeFile(join(folder, present), whole);
    assert.equal(await openShares(again, channel, home, ports), undefined);
    assert.equal(await faults(again), `node/hospital/${present}: it was altered`);
    await rm(join(folder, present));
  });

  // @attack an organisation’s share is altered or lost, so that it runs and releases nothing | `fsck` names it
  it('is named if it was altered, is another’s, is not a scalar, or is lost: its node would run and release nothing', async () => {
    const lines: readonly string[] = [
      whole.replace(/[0-9a-f]"/, (digit) => (digit === '0"' ? '1"' : '0"')),
      whole.replace(/0x[0-9a-f]+/, `0x${Buffer.from(other).toString('hex')}`),
      whole.replace(/0x[0-9a-f]+/, `0x${'00'.repeat(32)}`),
      whole.replace(/0x[0-9a-f]+/, `0x${'ff'.repeat(32)}`),
      whole.slice(0, 20),
    ];
    for (const text of lines) {
      await writeFile(join(folder, name), text);
      assert.equal(await faults(), `node/hospital/${name}: it was altered`);
    }
    await rm(join(folder, name));
    assert.equal(await faults(), `node/hospital/${name}: it is lost`);
    assert.equal(await faults(network, undefined), `node/hospital/${name}: it is lost`);
  });
});

function guarded(file: NetworkFile, release: ReleaseKey): NetworkFile {
  return { ...file, channels: file.channels.map((each) => ({ ...each, release })) };
}
