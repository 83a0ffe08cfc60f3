import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { NAMESPACE, publicKeyOf, signChecksums, SUMS, writeChecksums } from './checksums.ts';
import { hasTool, ReleaseError } from './runTool.ts';

describe('the checksums of a release', { skip: !hasTool('ssh-keygen') && 'no ssh-keygen' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-sums-'));
  const release = join(folder, 'release');
  const makeKey = (name: string, type = 'ed25519'): string => {
    const path = join(folder, name);
    spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', path]);
    return path;
  };
  const verify = (publicKey: string, namespace = NAMESPACE): number | null => {
    writeFileSync(
      join(folder, 'signers'),
      `release@medseal namespaces="${NAMESPACE}" ${publicKey}\n`,
    );
    const args = [
      '-Y',
      'verify',
      '-n',
      namespace,
      '-I',
      'release@medseal',
      '-f',
      join(folder, 'signers'),
    ];
    const input = readFileSync(join(release, SUMS));
    return spawnSync('ssh-keygen', [...args, '-s', join(release, `${SUMS}.sig`)], { input }).status;
  };
  const check = (): number | null =>
    spawnSync('sha256sum', ['--check', '--strict', SUMS], { cwd: release }).status;
  let key: string;

  before(() => {
    spawnSync('mkdir', [release]);
    writeFileSync(join(release, 'b'), 'two');
    writeFileSync(join(release, 'a'), 'one');
    key = makeKey('key');
    writeChecksums(release);
    signChecksums(release, key);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('are of all files, and verified by stock programs', () => {
    assert.match(
      readFileSync(join(release, SUMS), 'utf8'),
      /^[0-9a-f]{64} {2}a\n[0-9a-f]{64} {2}b\n$/,
    );
    assert.equal(check(), 0);
    assert.equal(verify(publicKeyOf(key)), 0);
  });

  it('are written again without their signature in them', () => {
    const before = readFileSync(join(release, SUMS), 'utf8');
    writeChecksums(release);
    assert.equal(readFileSync(join(release, SUMS), 'utf8'), before);
  });

  // @actor a server of releases | puts a program of their own into it
  it('are refused under another key, for another purpose, and once a file or a sum is altered', (t) => {
    assert.notEqual(verify(publicKeyOf(makeKey('other'))), 0);
    assert.notEqual(verify(publicKeyOf(key), 'file'), 0);
    const sums = readFileSync(join(release, SUMS), 'utf8');
    t.after(() => {
      writeFileSync(join(release, 'a'), 'one');
      writeFileSync(join(release, SUMS), sums);
    });
    writeFileSync(join(release, 'a'), 'other');
    assert.notEqual(check(), 0);
    writeChecksums(release);
    assert.equal(check(), 0);
    assert.notEqual(verify(publicKeyOf(key)), 0);
  });

  it('cannot be signed by a key of another kind, by a text or by an absent file', () => {
    const ecdsa = makeKey('ecdsa', 'ecdsa');
    assert.throws(
      () => publicKeyOf(ecdsa),
      (error) => error instanceof ReleaseError && /Ed25519/.test(error.message),
    );
    writeFileSync(join(folder, 'text'), 'no key');
    assert.throws(() => publicKeyOf(join(folder, 'text')), ReleaseError);
    assert.throws(() => publicKeyOf(join(folder, 'absent')), ReleaseError);
  });
});
