import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../folder/systemClock.ts';
import { serveOnLoopback } from '../test/serveOnLoopback.ts';
import { failsWith } from '../vault.cases.ts';
import { StoreCaller } from './StoreCaller.ts';

describe('a caller of a store', () => {
  it('holds no answer without an end in memory', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const server = await serveOnLoopback((_, outgoing) => {
      const write = (): void => void outgoing.write(piece, (error) => error ?? write());
      write();
    });
    const caller = new StoreCaller({ place: 'here', clock: systemClock });
    const url = new URL(server.url);
    const response = await caller.ask({
      what: 'GET',
      make: async () => await Promise.resolve({ url, init: {} }),
    });
    await assert.rejects(caller.text(response, 2 ** 20), failsWith('STORAGE_FAILED'));
    await server.stop();
  });
});
