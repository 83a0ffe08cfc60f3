import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { failsWith } from '../protocol/test/failsWith.ts';
import { listenInFolder } from '../folder/listenInFolder.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { systemClock } from '../folder/systemClock.ts';
import { askSnapshot } from './askSnapshot.ts';
import { serveSnapshots } from './serveSnapshots.ts';
import { SNAPSHOT, SNAPSHOT_SOCKET } from './snapshotProtocol.ts';
import { WriteGate } from '../database/WriteGate.ts';

it('a snapshot whose taker is killed on the way is over before the next one begins', async (t) => {
  const data = await scratchFolder();
  const gate = new WriteGate();
  const end = await serveSnapshots({
    data,
    gate,
    clock: systemClock,
    sign: async () => await Promise.resolve([]),
  });
  t.after(async () => {
    await end();
    await rm(data, { recursive: true });
  });
  const ask = (): Socket => connect(join(data, SNAPSHOT_SOCKET));
  const written = Promise.withResolvers<void>();
  const writing = gate.run(async () => await written.promise);
  // It waits for the write, and its taker goes.
  const first = ask();
  while (!(await readdir(data)).includes(SNAPSHOT)) await setImmediate();
  first.destroy();
  await once(first, 'close');

  const second = ask();
  const [refused] = (await once(second, 'data')) as [Buffer];
  assert.match(refused.toString(), /another backup/);
  written.resolve();
  await writing;
  while ((await readdir(data)).includes(SNAPSHOT)) await setImmediate();
  const third = ask();
  const [taken] = (await once(third, 'data')) as [Buffer];
  assert.equal(typeof (JSON.parse(taken.toString()) as { at: number }).at, 'number');
  assert.ok((await readdir(data)).includes(SNAPSHOT));
  third.destroy();
});

it('what answers at the socket in another way is not a node, and is left', async (t) => {
  const data = await scratchFolder();
  let said = '';
  const server = createServer((connection) => connection.resume().end(said));
  const place = await listenInFolder(server, data, SNAPSHOT_SOCKET);
  t.after(async () => {
    await place.close();
    await rm(data, { recursive: true });
  });
  const reason = 'the process that listens at its socket is not a node';
  for (said of [
    'null\n',
    '5\n',
    '{\n',
    '{"at":"x"}\n',
    '{"failed":{}}\n',
    '"',
    'x'.repeat(10_000),
  ]) {
    await assert.rejects(askSnapshot(data), failsWith('BACKUP_FAILED', { reason }));
  }
  said = '';
  await assert.rejects(
    askSnapshot(data),
    failsWith('BACKUP_FAILED', { reason: 'its node stopped' }),
  );
  said = '{"failed":"no room"}\n';
  await assert.rejects(askSnapshot(data), failsWith('BACKUP_FAILED', { reason: 'no room' }));
});
