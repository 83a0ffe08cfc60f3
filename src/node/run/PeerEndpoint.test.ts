import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { beforeEach, describe, it, afterEach } from 'node:test';
import { Hono } from 'hono';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { pinnedFetch } from '../../peers/tls/pinnedFetch.ts';
import { TlsIdentity } from '../../peers/tls/TlsIdentity.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { PeerEndpoint } from './PeerEndpoint.ts';

/** An endpoint for other organisations whose keys change. */

const HOSPITAL = seed('hospital');
const NEWER = seed('newer key of the hospital');
const LABORATORY = seed('laboratory');
let own: TlsIdentity | undefined;
let endpoint: PeerEndpoint;

beforeEach(async () => {
  own = identity('hospital', HOSPITAL);
  const app = new Hono().get('/', (c) => c.text('here'));
  endpoint = await PeerEndpoint.listen({
    app,
    host: '127.0.0.1',
    port: 0,
    ownIdentity: () => own,
  });
});
afterEach(async () => await endpoint.close());

function seed(name: string): Uint8Array {
  return hexToBytes(word(`tls key of ${name}`));
}

/** The key of an organisation, in a network where the hospital's is another. */
function identity(organisation: string, key: Uint8Array, hospital = HOSPITAL): TlsIdentity {
  const keys = new Map([
    ['hospital', bytesToHex(notePublicKey(hospital))],
    ['laboratory', bytesToHex(notePublicKey(LABORATORY))],
  ]);
  return new TlsIdentity(organisation, key, keys);
}

/** Asks as the laboratory, which goes by a key of the hospital. */
async function ask(hospital: Uint8Array): Promise<string> {
  const caller = identity('laboratory', LABORATORY, hospital);
  return await (await pinnedFetch(caller, 'hospital')(endpoint.url)).text();
}

describe('an endpoint for other organisations', () => {
  it('speaks TLS with the key of the network file', async () => {
    assert.match(endpoint.url, /^https:/);
    assert.equal(await ask(HOSPITAL), 'here');
    await assert.rejects(ask(NEWER));
    await assert.rejects(fetch(endpoint.url.replace('https', 'http')));
  });

  it('goes by another key at the same port, and ends the connections of before', async () => {
    const { url } = endpoint;
    const { context } = identity('laboratory', LABORATORY);
    const port = Number(new URL(url).port);
    const socket = connect({ port, secureContext: context, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.resume();
    const ended = once(socket, 'close');
    own = identity('hospital', NEWER, NEWER);
    await endpoint.renew();
    await ended;
    assert.equal(endpoint.url, url);
    assert.equal(endpoint.identity, own);
    assert.equal(await ask(NEWER), 'here');
    await assert.rejects(ask(HOSPITAL));
  });

  it('keeps its connections if the network file in force pins the same keys', async () => {
    const { context } = identity('laboratory', LABORATORY);
    const port = Number(new URL(endpoint.url).port);
    const socket = connect({ port, secureContext: context, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const before = own;
    own = identity('hospital', HOSPITAL);
    await endpoint.renew();
    assert.equal(endpoint.identity, before);
    const answered = once(socket, 'data');
    socket.write('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
    assert.match(String(await answered), /^HTTP\/1.1 200 /);
    socket.destroy();
  });

  it('goes by another key of another organisation, and by those that may ask for successors', async () => {
    const others = [
      identity('hospital', HOSPITAL, NEWER),
      identity('laboratory', HOSPITAL),
      new TlsIdentity('hospital', HOSPITAL, new Map(), [bytesToHex(notePublicKey(LABORATORY))]),
    ];
    for (const other of others) {
      own = other;
      await endpoint.renew();
      assert.equal(endpoint.identity, other);
    }
  });

  it('keeps no key that a network file does not pin any more', async () => {
    const before = endpoint.url;
    own = undefined;
    await endpoint.renew();
    assert.equal(endpoint.identity, undefined);
    assert.equal(endpoint.url, before.replace('https', 'http'));
    assert.equal(await (await fetch(endpoint.url)).text(), 'here');
    const { context } = identity('laboratory', LABORATORY);
    const port = Number(new URL(before).port);
    const socket = connect({ port, secureContext: context, rejectUnauthorized: false });
    await once(socket, 'error');
  });

  it('speaks TLS from the network file on that pins keys', async () => {
    own = undefined;
    await endpoint.renew();
    own = identity('hospital', NEWER, NEWER);
    await endpoint.renew();
    assert.equal(await ask(NEWER), 'here');
    await assert.rejects(fetch(endpoint.url.replace('https', 'http')));
  });

  it('does not listen again once it is closed', async () => {
    const { url } = endpoint;
    const renewed = endpoint.renew();
    await endpoint.close();
    await renewed;
    await endpoint.renew();
    await assert.rejects(ask(HOSPITAL));
    assert.equal(endpoint.url, url);
  });
});
