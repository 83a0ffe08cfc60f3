import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { systemClock } from '../../folder/systemClock.ts';
import { failsWith } from '../vault.cases.ts';
import { StoreCaller } from './StoreCaller.ts';

describe('a caller of a store', () => {
  it('holds no answer without an end in memory', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const server = createServer((_, outgoing) => {
      const write = (): void => void outgoing.write(piece, (error) => error ?? write());
      write();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const caller = new StoreCaller({ place: 'here', clock: systemClock });
    const url = new URL(`http://127.0.0.1:${port}/`);
    const response = await caller.ask({
      what: 'GET',
      make: async () => await Promise.resolve({ url, init: {} }),
    });
    await assert.rejects(caller.text(response, 2 ** 20), failsWith('STORAGE_FAILED'));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
