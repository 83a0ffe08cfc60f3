import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openNodeFolder, type NodeFolder } from '../NodeFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { foundFromFiles, joinFromFiles } from './ceremony.ts';
import { followsFromItself } from './followsFromItself.ts';
import { writeIdentity } from './identityFiles.ts';

/** A demonstration that organisations found by files; its nodes give keys of people away. */

const ports = await machinePorts();
let root: string;
let network: NetworkFile;

before(async () => {
  root = await scratchFolder();
  await mkdir(join(root, 'exchange'));
  for (const [name, demo] of [
    ['hospital', true],
    ['laboratory', true],
    ['insurer', false],
  ] as const) {
    await within(name, demo, async (folder, exchange) => {
      await writeIdentity(folder, `https://${name}.example`, exchange, ports);
    });
  }
  network = await within('hospital', true, async (folder, exchange) => {
    return await foundFromFiles(folder, exchange, ports, { unguarded: true });
  });
});
after(async () => await rm(root, { recursive: true }));

async function within<Value>(
  name: string,
  demo: boolean,
  run: (folder: NodeFolder, exchange: string) => Promise<Value>,
): Promise<Value> {
  const create = { demo, hosts: [name] };
  const folder = await openNodeFolder(join(root, name), { ports, create });
  try {
    return await run(folder, join(root, 'exchange'));
  } finally {
    await folder.close();
  }
}

async function joined(name: string): Promise<NetworkFile> {
  return await within(name, true, async (folder, exchange) => {
    return await joinFromFiles(folder, exchange, ports);
  });
}

describe('a demonstration that is founded by files', () => {
  // @attack a founder calls a network a demonstration, so that nodes give keys of people away | each organisation derives that from its own folder
  it('is not joined by an organisation whose folder is not for one, nor under the name of another network', async () => {
    const reason = 'demo does not follow from the identity files';
    const other = failsWith('CEREMONY_INVALID', { file: 'network.json', reason });
    await assert.rejects(joined('insurer'), other);
    const path = join(root, 'exchange/network.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, JSON.stringify({ ...network, demo: false }));
    await assert.rejects(joined('laboratory'), other);
    await writeFile(path, text);
  });

  it('says so in its network file, which follows from itself', async () => {
    assert.deepEqual(await joined('laboratory'), network);
    assert.equal(network.demo, true);
    assert.ok(followsFromItself(network, ports.primitives));
  });
});
