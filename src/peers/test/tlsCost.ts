import { Hono } from 'hono';
import { bytesToHex } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { listen } from '../../http/listen.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { pinnedFetch } from '../tls/pinnedFetch.ts';
import { TlsIdentity } from '../tls/TlsIdentity.ts';

/**
 * Measures what TLS between nodes costs: processor time of caller and receiver together, in one process, for calls one
 * after the other.
 */

const CALLS = 2000;
const HANDSHAKES = 300;
const BODIES = [
  ['1 kB', 1024],
  ['1 MB', 2 ** 20],
] as const;

const seeds = new Map(['hospital', 'laboratory'].map((name) => [name, systemRandom(32)]));
const keys = new Map<Organisation, Bytes32>(
  [...seeds].map(([name, seed]) => [name, bytesToHex(notePublicKey(seed))]),
);
const hospital = identityOf('hospital');
const laboratory = identityOf('laboratory');
const app = new Hono().post('/', async (c) =>
  c.text(String((await c.req.arrayBuffer()).byteLength)),
);
const secure = await listen(app, 0, '127.0.0.1', { tls: hospital });
const plain = await listen(app, 0);

function identityOf(name: Organisation): TlsIdentity {
  return new TlsIdentity(name, seeds.get(name) ?? new Uint8Array(), keys);
}

async function measure(what: string, calls: number, call: () => Promise<Response>): Promise<void> {
  for (let count = 0; count < calls / 10; count++) await (await call()).text();
  const [used, begun] = [process.cpuUsage(), performance.now()];
  for (let count = 0; count < calls; count++) await (await call()).text();
  const { user, system } = process.cpuUsage(used);
  const cpu = ((user + system) / 1000 / calls).toFixed(2);
  const time = ((performance.now() - begun) / calls).toFixed(2);
  console.log(`${what.padEnd(48)} ${cpu.padStart(8)} ms processor ${time.padStart(8)} ms`);
}

for (const [size, length] of BODIES) {
  const init = { method: 'POST', body: new Uint8Array(length) };
  const calls = length > 100_000 ? CALLS / 10 : CALLS;
  await measure(
    `plain HTTP, ${size}, kept connection`,
    calls,
    async () => await fetch(plain.url, init),
  );
  const kept = pinnedFetch(laboratory, 'hospital');
  await measure(`TLS, ${size}, kept connection`, calls, async () => await kept(secure.url, init));
}
const init = { method: 'POST', body: 'x' };
await measure('TLS, a handshake for each call', HANDSHAKES, async () => {
  return await pinnedFetch(laboratory, 'hospital')(secure.url, {
    ...init,
    headers: { connection: 'close' },
  });
});
await secure.close();
await plain.close();
