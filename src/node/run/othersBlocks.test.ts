import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { Hono } from 'hono';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { listen } from '../../http/listen.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { askBlocks } from '../../peers/askBlocks.ts';
import { BLOCKS_PATH } from '../../peers/BlockService.ts';
import { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import { othersBlocks } from './othersBlocks.ts';

const NAMES = ['hospital', 'laboratory', 'insurer'] as const;
const seeds = new Map(NAMES.map((name) => [name, hexToBytes(word(`tls ${name}`))] as const));
const pinned = new Map(
  [...seeds].map(([name, seed]) => [name, bytesToHex(notePublicKey(seed))] as const),
);
const kept = { all: true, snapshots: true };

function identityOf(name: (typeof NAMES)[number]): TlsIdentity {
  return new TlsIdentity(name, seeds.get(name) ?? new Uint8Array(), pinned);
}

let close: (() => Promise<void>) | undefined;
afterEach(async () => await close?.());

/** Has the hospital ask the laboratory’s address, where a node with the key of an organisation answers. */
async function askedAt(answers: (typeof NAMES)[number]): Promise<unknown> {
  const app = new Hono().get(BLOCKS_PATH, (c) => c.json(kept));
  const server = await listen(app, 0, '127.0.0.1', { tls: identityOf(answers) });
  close = async () => await server.close();
  const [laboratory] = othersBlocks({
    known: {
      present: network,
      urls: new Map([['laboratory', server.url]]),
      ownIdentity: () => identityOf('hospital'),
    } as unknown as Parameters<typeof othersBlocks>[0]['known'],
    role: { hosts: ['hospital'] } as unknown as Parameters<typeof othersBlocks>[0]['role'],
    ports: { clock: new TestClock(0) } as unknown as Parameters<typeof othersBlocks>[0]['ports'],
  });
  assert.ok(laboratory);
  return await askBlocks(laboratory);
}

describe('the other organisations that are asked which blocks they keep', () => {
  it('answer with their own key', async () => {
    assert.deepEqual(await askedAt('laboratory'), kept);
  });

  it('are not spoken for by a node with another key', async () => {
    await assert.rejects(askedAt('insurer'), { code: 'PEER_UNREACHABLE' });
  });
});
