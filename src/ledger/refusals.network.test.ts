import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assemble } from './test/assemble.ts';
import { founders, heightOf, secretOf, senderAt, until } from './test/askValidators.ts';
import { probe } from './test/probe.ts';
import { engineMissing, startEngines, type Engines, type TestEngine } from './test/startEngines.ts';

describe('a validator turns away', { skip: engineMissing ?? false }, () => {
  let network: Engines;
  let engine: TestEngine;

  before(async () => {
    network = await startEngines({ validators: 1, senders: founders });
    engine = network.engines[0] ?? assert.fail('no validator');
  });
  after(async () => {
    await network.close();
  });

  // @actor an admitted account | creates a contract of its own that fills blocks with logs
  it('code of an account’s own, and takes that of the network’s contracts', async () => {
    const sender = await senderAt(engine, secretOf(2));
    const { creation } = assemble('0 0 LOG0 STOP');
    await assert.rejects(sender.send({ data: creation, gas: 200_000 }), {
      code: 'LEDGER_REJECTED',
      values: { code: -32003, reason: "the code is not one of the network's contracts" },
    });
    assert.ok((await sender.send({ data: probe.creation })).contract !== undefined);
  });
  // @actor a web page | asks a validator's consensus, or opens a WebSocket to it
  it('a page that asks the consensus, and opens no WebSocket for it', async () => {
    const status = async (headers: Readonly<Record<string, string>>): Promise<number> =>
      (await fetch(`${engine.blocks}/status`, { headers })).status;
    assert.equal(await status({}), 200);
    assert.equal(await status({ origin: 'https://example.org' }), 403);
    assert.equal(await status({ 'sec-fetch-site': 'cross-site' }), 403);
    const socket = new WebSocket(`${engine.blocks.replace('http:', 'ws:')}/websocket`);
    const opened = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true));
      socket.addEventListener('error', () => resolve(false));
    });
    assert.equal(opened, false);
  });

  // @actor a stranger | holds a validator's places with connections that say nothing, so that a peer that starts stays out
  it('connections that say nothing, and so keeps places for a peer that starts', async () => {
    const settings = JSON.parse(await readFile(join(engine.home, 'settings.json'), 'utf8')) as {
      readonly listen: string;
      readonly rpc: string;
      readonly blocks: string;
    };
    const silent = new Set<Socket>();
    let ended = false;
    const call = (port: number): void => {
      if (ended) return;
      const socket = createConnection({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
      silent.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        silent.delete(socket);
        setTimeout(call, 50, port);
      });
    };
    for (const address of [settings.listen, settings.rpc, settings.blocks]) {
      for (let count = 0; count < 600; count++) call(Number(address.split(':')[1]));
    }
    try {
      let joined = false;
      const guest = network.add().then(async (node) => {
        joined = (await heightOf(node)) > 0;
      });
      await until('a peer that starts has a block', async () => await Promise.resolve(joined));
      await guest;
    } finally {
      ended = true;
      for (const socket of silent) socket.destroy();
    }
  });
});
