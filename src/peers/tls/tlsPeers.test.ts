import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { listen, type Listening } from '../../http/listen.ts';
import type { Organisation } from '../../protocol/ids.ts';
import {
  context,
  network,
  ORGANISATIONS,
  primitives,
  signatory,
  word,
} from '../../protocol/test/sampleNetwork.ts';
import type { PeerPorts } from '../../services/peers/peerCalls.ts';
import { HeardAhead } from '../HeardAhead.ts';
import { httpPeer } from '../httpPeer.ts';
import { peerApp } from '../peerApp.ts';
import { signPeerCall } from '../peerCall.ts';
import { PeerGate } from '../PeerGate.ts';
import { describePeers } from '../peers.cases.ts';
import { pinnedFetch } from './pinnedFetch.ts';
import { TlsIdentity } from './TlsIdentity.ts';

const seedOf = (name: Organisation): Uint8Array => hexToBytes(word(`tls ${name}`));
const keys = new Map(ORGANISATIONS.map((name) => [name, bytesToHex(notePublicKey(seedOf(name)))]));
const identities = new Map<Organisation, TlsIdentity>(
  ORGANISATIONS.map((name) => [name, new TlsIdentity(name, seedOf(name), keys)]),
);

function identityOf(name: Organisation): TlsIdentity {
  return identities.get(name) ?? assert.fail();
}

async function serve(organisation: Organisation, ports: PeerPorts): Promise<Listening> {
  const options = { network, organisation, primitives, clock: systemClock };
  const gate = new PeerGate({ ...options, heard: new HeardAhead(), isSuspended: () => false });
  const tls = identityOf(organisation);
  return await listen(peerApp({ ...options, gate, ports, tls }), 0, '127.0.0.1', { tls });
}

const signer = (name: Organisation): ReturnType<typeof signatory> =>
  signatory(`coordinator of ${name}`);

describe('organisations whose nodes speak TLS', () => {
  describePeers(async (services) => {
    const servers = new Map<Organisation, Listening>();
    for (const [name, ports] of services) servers.set(name, await serve(name, ports));
    return {
      peer: (caller, receiver) =>
        httpPeer({
          ...context,
          key: signer(caller),
          caller,
          receiver,
          url: servers.get(receiver)?.url ?? '',
          clock: systemClock,
          random: systemRandom,
          fetch: pinnedFetch(identityOf(caller), receiver),
        }),
      close: async () => {
        for (const server of servers.values()) await server.close();
      },
    };
  });
});

describe('a signed call that comes over the connection of another organisation', () => {
  const path = '/peer/v1/contributor/latestCheckpoint';
  const body = JSON.stringify('care/hospital');
  let laboratory: Listening;
  const asked: unknown[] = [];

  before(async () => {
    const contributor = {
      latestCheckpoint: async (log: unknown) => await Promise.resolve(asked.push(log)),
    };
    laboratory = await serve('laboratory', {
      coordinator: {},
      contributor,
      authority: {},
    } as unknown as PeerPorts);
  });
  after(async () => await laboratory.close());

  async function post(signs: Organisation, connects: Organisation): Promise<number> {
    const caller = { ...context, key: signer(signs), clock: systemClock, random: systemRandom };
    const head = { caller: signs, receiver: 'laboratory', method: 'POST', path };
    const authorization = signPeerCall(caller, { ...head, content: utf8ToBytes(body) });
    const fetch = pinnedFetch(identityOf(connects), 'laboratory');
    const answer = await fetch(laboratory.url + path, {
      method: 'POST',
      headers: { authorization },
      body,
    });
    const { code } = (await answer.json()) as { code?: string };
    if (!answer.ok) assert.equal(code, 'PEER_UNAUTHENTIC');
    return answer.status;
  }

  // @attack an organisation passes on a call that another signed | the connection's key must be the caller's
  it('is refused, and one over its own connection is answered', async () => {
    assert.equal(await post('hospital', 'insurer'), 401);
    assert.deepEqual(asked, []);
    assert.equal(await post('hospital', 'hospital'), 200);
    assert.deepEqual(asked, ['care/hospital']);
  });
});
