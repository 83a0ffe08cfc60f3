import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { openNodeFolder } from '../NodeFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { foundFromFiles } from './ceremony.ts';
import { followsFromItself } from './followsFromItself.ts';
import { writeIdentity } from './identityFiles.ts';

const ports = await machinePorts();
let root: string;
let network: NetworkFile;
let channel: NetworkFile;

before(async () => {
  root = await scratchFolder();
  network = await found('care');
  channel = await found('research', { on: network, channel: 'research', categories: ['vitals'] });
});
after(async () => await rm(root, { recursive: true }));

async function found(
  place: string,
  terms?: Parameters<typeof foundFromFiles>[3],
): Promise<NetworkFile> {
  const exchange = join(root, place, 'exchange');
  await mkdir(exchange, { recursive: true });
  let founded: NetworkFile | undefined;
  for (const name of ['laboratory', 'hospital']) {
    const create = { demo: false, hosts: [name] };
    const folder = await openNodeFolder(join(root, place, name), { ports, create });
    await writeIdentity(folder, `https://${place}.${name}.example`, exchange, ports);
    if (name === 'hospital') {
      founded = await foundFromFiles(folder, exchange, ports, { unguarded: true, ...terms });
    }
    await folder.close();
  }
  return founded ?? assert.fail();
}

/** A value with each of its texts and numbers altered, one at a time. */
function* alteredOnce(value: unknown): Generator {
  if (typeof value === 'string') {
    yield value.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
  } else if (typeof value === 'number') {
    yield value + 1;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      for (const other of alteredOnce(inner)) {
        yield Array.isArray(value)
          ? value.map((each: unknown, place) => (String(place) === key ? other : each))
          : { ...value, [key]: other };
      }
    }
  }
}

describe('a network file that was founded by files', () => {
  it('follows from itself, with a ledger of its own or that of another network', () => {
    for (const file of [network, channel]) {
      assert.equal(followsFromItself(file, ports.primitives), true);
    }
  });

  it('does not with any single value altered', () => {
    for (const file of [network, channel]) {
      const others = [...alteredOnce(file)];
      assert.ok(others.length > 30);
      for (const other of others) {
        const isTaken =
          succeeds(() => (parseNetworkFile(other), true)) &&
          followsFromItself(other as NetworkFile, ports.primitives);
        assert.equal(isTaken, false, JSON.stringify(other));
      }
    }
  });

  it('is not judged if nobody knows what it was founded from', () => {
    const { founders: _founders, ...alone } = network;
    assert.equal(followsFromItself(alone, ports.primitives), true);
    const ofOneProcess = network.founders?.map(({ url: _url, ...founder }) => founder) ?? [];
    const demonstration = { ...network, demo: true, founders: ofOneProcess };
    assert.equal(followsFromItself(demonstration, ports.primitives), true);
  });
});
