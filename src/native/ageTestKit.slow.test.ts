import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { Opener } from '../crypto/sealing/ageHeader.ts';
import { open } from '../crypto/sealing/open.ts';
import { portableCipher } from '../crypto/sealing/portableCipher.ts';
import { nativeCipher } from './nativeCipher.ts';

/** C2SP's test kit for implementations of age, from the Go module proxy. */
const KIT = 'c2sp.org/CCTV/age@v0.0.0-20251208015420-e9274a7bdbfd';

const GO = process.env['GO'] ?? 'go';
const skip = spawnSync(GO, ['version']).status === 0 ? false : 'Go is not on this machine';

interface Vector {
  readonly name: string;
  readonly expect: string;
  /** SHA-256 of the plaintext. */
  readonly payload: string | undefined;
  readonly openers: readonly Opener[];
  readonly file: Uint8Array;
}

describe("C2SP's age test kit", { skip }, () => {
  const vectors = skip === false ? readKit() : [];

  it('has vectors for hybrid identities, headers and payloads', () => {
    assert.ok(vectors.length > 60, String(vectors.length));
  });

  for (const [cipherName, cipher] of Object.entries({ portableCipher, nativeCipher })) {
    for (const { name, expect, payload, openers, file } of vectors) {
      it(`${name} is a ${expect} with ${cipherName}`, async () => {
        const hash = createHash('sha256');
        let released = 0;
        let outcome = 'success';
        try {
          for await (const piece of open(openers, inPieces(file), { cipher })) {
            hash.update(piece);
            released += piece.length;
          }
        } catch (error) {
          outcome = (error as { code: string }).code;
        }
        assert.equal(outcome, expect === 'success' ? 'success' : 'SEAL_UNREADABLE');
        if (expect === 'success') assert.equal(hash.digest('hex'), payload);
        // Of a damaged payload, what stands before the damage may come out: that is what streaming is.
        else if (expect !== 'payload failure') assert.equal(released, 0);
      });
    }
  }
});

/** Every vector but those of formats that Medseal never opens: armour, passphrases, X25519 alone. */
function readKit(): readonly Vector[] {
  const answer = execFileSync(GO, ['mod', 'download', '-json', KIT], { encoding: 'utf8' });
  const folder = join((JSON.parse(answer) as { Dir: string }).Dir, 'testdata');
  return readdirSync(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const end = bytes.indexOf('\n\n');
    const fields = new Map(
      bytes
        .toString('latin1', 0, end)
        .split('\n')
        .map((line) => line.split(': ', 2) as [string, string]),
    );
    if (fields.has('armored') || fields.has('passphrase')) return [];
    const identity = fields.get('identity') ?? '';
    const hybrid = identity.startsWith('AGE-SECRET-KEY-PQ-1');
    const fileKey = fields.get('file key');
    // If the vector is not about whom it opens for, its file key opens it too.
    if (!hybrid && (fileKey === undefined || name.includes('x25519'))) return [];
    const opener = hybrid
      ? identity
      : { fileKey: new Uint8Array(Buffer.from(fileKey ?? '', 'hex')) };
    const body = bytes.subarray(end + 2);
    return {
      name,
      expect: fields.get('expect') ?? '',
      payload: fields.get('payload'),
      openers: [opener],
      file: fields.has('compressed') ? inflateSync(body) : body,
    };
  });
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}
