import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createHash } from 'node:crypto';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { loadNoblePairing } from '../../crypto/threshold/loadNoblePairing.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { ChannelKey } from '../../protocol/release/releaseKeyOf.ts';
import { SMALL_FILE, type FileIdentity, type Vault } from '../../vault/Vault.ts';
import { guardedAmong } from './guardedAmong.ts';

const KEY = { id: new Uint8Array(32).fill(3) } as ChannelKey;
const [small, large] = [utf8ToBytes('a note'), new Uint8Array(SMALL_FILE)];
const files = new Map<Bytes32, Uint8Array>();
let guarded: readonly FileIdentity[];
let open: readonly FileIdentity[];

before(async () => {
  const pairing = await loadNoblePairing();
  const theirs = await recipientOf(ageIdentity(new Uint8Array(32).fill(1)));
  const own = await recipientOf(ageIdentity(new Uint8Array(32).fill(2)));
  const evidenced = evidencedRecipient(pairing, portableKem, {
    recipientKey: recipientKey(theirs),
    publicKey: pairing.multiplyBaseG2(5n),
    identity: utf8ToBytes('a version'),
    keyId: KEY.id,
  });
  const sealed = async (targets: Parameters<typeof sealBytes>[0]): Promise<FileIdentity[]> =>
    await Promise.all(
      [small, large].map(async (content) => put(await sealBytes(targets, content))),
    );
  guarded = await sealed([evidenced, own]);
  open = [...(await sealed([theirs, own])), put(new Uint8Array()), put(small)];
});

describe('the guarded files among many', () => {
  it('are those whose header says so, small or large', async () => {
    const found = await guardedAmong(vault(), KEY, [...open, ...guarded]);
    assert.deepEqual(found, new Set(guarded.map(({ hash }) => hash)));
  });

  it('are not those of another release key', async () => {
    const other = { ...KEY, id: new Uint8Array(32).fill(4) };
    assert.deepEqual(await guardedAmong(vault(), other, guarded), new Set());
  });

  it('are found by their beginning if the vault gives no small file whole', async () => {
    const found = await guardedAmong({ ...vault(), small: none }, KEY, [...open, ...guarded]);
    assert.deepEqual(found, new Set(guarded.map(({ hash }) => hash)));
  });
});

function put(content: Uint8Array): FileIdentity {
  const hash = bytesToHex(new Uint8Array(createHash('sha256').update(content).digest()));
  files.set(hash, content);
  return { hash, size: content.length };
}

function vault(): Pick<Vault, 'get' | 'small'> {
  return {
    get: (hash, range) => streamBytes((files.get(hash) ?? small).slice(range?.from, range?.to)),
    small: async (hashes) => await Promise.resolve(hashes.map((hash) => files.get(hash))),
  };
}

async function none(hashes: readonly Bytes32[]): Promise<readonly undefined[]> {
  return await Promise.resolve(hashes.map(() => undefined));
}
