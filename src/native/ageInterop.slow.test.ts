import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hexToBytes } from '../crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../crypto/keys/ageIdentity.ts';
import { ownIdentity } from '../crypto/keys/ownIdentity.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { portableCipher } from '../crypto/sealing/portableCipher.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { evidencedRecipient } from '../crypto/threshold/evidencedStanza.ts';
import { nobleGroup } from '../crypto/threshold/nobleGroup.ts';
import { dealShares } from '../node/founding/dealShares.ts';
import { nativeCipher } from './nativeCipher.ts';
import { nativeKem } from './nativeKem.ts';

/** The reference implementation, built from the Go module proxy. */
const AGE = 'filippo.io/age/cmd/...@v1.3.1';
const SIZES = [0, 1, 65_535, 65_536, 65_537, 200_000];

const GO = process.env['GO'] ?? 'go';
const skip = spawnSync(GO, ['version']).status === 0 ? false : 'Go is not on this machine';

function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

describe('sealed files and filippo.io/age', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-age-'));
  const file = (name: string): string => join(folder, name);
  const run = (tool: string, ...args: string[]): Buffer =>
    execFileSync(file(tool), args, { maxBuffer: 2 ** 30 });
  const [ours, theirs] = [1, 2].map((byte) => ageIdentity(new Uint8Array(32).fill(byte))) as [
    string,
    string,
  ];

  before(() => {
    execFileSync(GO, ['install', AGE], { env: { ...process.env, GOBIN: folder } });
    writeFileSync(file('ours.txt'), `${ours}\n`);
    writeFileSync(file('theirs.txt'), `${theirs}\n`);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('agree about the recipient of an identity', async () => {
    const recipient = run('age-keygen', '-y', file('ours.txt')).toString().trim();
    assert.equal(await recipientOf(ours), recipient);
    assert.equal(await recipientOf(ours, nativeCipher.kem), recipient);
  });

  for (const [name, cipher] of Object.entries({ portableCipher, nativeCipher })) {
    it(`open there what ${name} sealed here, for each recipient`, async () => {
      const recipients = [await recipientOf(ours), await recipientOf(theirs)];
      for (const size of SIZES) {
        const record = recordOf(size);
        writeFileSync(file('sealed'), await sealBytes(recipients, record, { cipher }));
        for (const identity of ['ours.txt', 'theirs.txt']) {
          const opened = run('age', '--decrypt', '--identity', file(identity), file('sealed'));
          assert.ok(opened.equals(record), `${size} bytes, ${identity}`);
        }
      }
    });

    it(`open here with ${name} what was sealed there`, async () => {
      const recipient = await recipientOf(ours);
      for (const size of SIZES) {
        const record = recordOf(size);
        writeFileSync(file('plain'), record);
        run('age', '--recipient', recipient, '--output', file('sealed'), file('plain'));
        const opened = await openBytes([ours], await readFile(file('sealed')), { cipher });
        assert.deepEqual(opened, record);
      }
    });
  }

  it('open there what is sealed here for a release and for its patient, with the patient’s own identity alone', async () => {
    const { release } = dealShares(nobleGroup, ['a', 'b', 'c'], 2, random);
    const [epoch, secret] = [ours, ageIdentity(new Uint8Array(32).fill(3))];
    const own = ownIdentity(secret, epoch);
    const target = {
      recipientKey: recipientKey(await recipientOf(epoch)),
      publicKey: hexToBytes(release.publicKey),
      identity: new Uint8Array(100),
      keyId: new Uint8Array(32),
    };
    const evidenced = evidencedRecipient(nobleGroup, nativeKem, target, random);
    const record = recordOf(70_000);
    writeFileSync(file('guarded'), await sealBytes([evidenced, await recipientOf(own)], record));
    writeFileSync(file('own.txt'), `${own}\n`);
    const opened = run('age', '--decrypt', '--identity', file('own.txt'), file('guarded'));
    assert.ok(opened.equals(record));
    const args = ['--decrypt', '--identity', file('ours.txt'), file('guarded')];
    const { status, stderr } = spawnSync(file('age'), args);
    assert.notEqual(status, 0);
    assert.match(stderr.toString(), /no identity matched any of the recipients/);
  });

  it('both refuse a file with one changed bit', async () => {
    const sealed = await sealBytes([await recipientOf(ours)], recordOf(70_000), {
      cipher: nativeCipher,
    });
    for (const at of [30, 1_600, sealed.length - 70_000, sealed.length - 1]) {
      const changed = sealed.with(at, (sealed[at] ?? 0) ^ 1);
      writeFileSync(file('changed'), changed);
      const args = ['--decrypt', '--identity', file('ours.txt'), file('changed')];
      assert.notEqual(spawnSync(file('age'), args).status, 0);
      await assert.rejects(openBytes([ours], changed), { code: 'SEAL_UNREADABLE' });
    }
  });
});

function recordOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31) ^ (index >> 8));
}
