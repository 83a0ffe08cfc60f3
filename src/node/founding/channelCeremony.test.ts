import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openNodeFolder, type NodeFolder } from '../NodeFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { foundFromFiles, joinFromFiles } from './ceremony.ts';
import { writeIdentity, type IdentityFile } from './identityFiles.ts';

/** A channel that is founded on the ledger of another network; the network is founded, and does not run. */

const ORGANISATIONS = ['hospital', 'laboratory'] as const;
const ports = await machinePorts();
const invalid = failsWith('CEREMONY_INVALID');
let root: string;
let network: NetworkFile;

before(async () => {
  root = await scratchFolder();
  for (const place of ['care', 'research', 'plain']) {
    await mkdir(join(root, place, 'exchange'), { recursive: true });
    for (const name of ORGANISATIONS) {
      await within(place, name, async (folder, exchange) => {
        await writeIdentity(folder, `https://${place}.${name}.example`, exchange, ports);
      });
    }
  }
  network = await found('care');
});
after(async () => await rm(root, { recursive: true }));

async function within<Value>(
  place: string,
  name: Organisation,
  run: (folder: NodeFolder, exchange: string) => Promise<Value>,
): Promise<Value> {
  const create = { demo: false, hosts: [name] };
  const folder = await openNodeFolder(join(root, place, name), { ports, create });
  try {
    return await run(folder, join(root, place, 'exchange'));
  } finally {
    await folder.close();
  }
}

type Terms = Parameters<typeof foundFromFiles>[3];

async function found(place: string, terms?: Terms): Promise<NetworkFile> {
  return await within(place, 'hospital', async (folder, exchange) => {
    return await foundFromFiles(folder, exchange, ports, { unguarded: true, ...terms });
  });
}

async function joined(place: string, on?: NetworkFile): Promise<NetworkFile> {
  return await within(place, 'laboratory', async (folder, exchange) => {
    return await joinFromFiles(folder, exchange, ports, { on });
  });
}

/** Runs with an identity file altered, and puts it back. */
async function altered(
  change: (identity: IdentityFile) => unknown,
  run: () => Promise<void>,
): Promise<void> {
  const path = join(root, 'research/exchange/laboratory.identity.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, JSON.stringify(change(JSON.parse(text) as IdentityFile)));
  await run();
  await writeFile(path, text);
}

describe('a channel on the ledger of another network', () => {
  it('has a name if, and only if, it is on that of another', async () => {
    const early = failsWith('ARGUMENT_INVALID', { argument: 'channel' });
    await assert.rejects(found('research', { on: network }), early);
    await assert.rejects(found('plain', { channel: 'research' }), early);
  });

  // @attack a channel's identity file names a key or account of the first network | refused: it would link the two
  it('takes no name, key, account or log of that network, and no validator', async () => {
    const terms = { on: network, channel: 'research' };
    await assert.rejects(found('research', { ...terms, channel: 'care' }), invalid);
    const [, { sender, tls } = assert.fail()] = network.founders ?? [];
    const [{ coordinators, logs } = assert.fail()] = network.channels;
    const { publicKey } = parseVerifierKey(logs[0]?.key ?? '');
    const validator = {
      key: bytesToHex(ports.random(32)),
      node: 'ab'.repeat(20),
      address: 'laboratory.example:26656',
    };
    for (const change of [
      { sender },
      { tls },
      { coordinator: coordinators[0]?.address },
      { authority: network.authority.members[1]?.address },
      { authority: sender },
      { log: bytesToHex(publicKey) },
      { validator },
    ]) {
      await altered(
        (identity) => ({ ...identity, ...change }),
        async () => await assert.rejects(found('research', terms), invalid, JSON.stringify(change)),
      );
    }
    const left = await readdir(join(root, 'research/hospital'));
    assert.ok(!left.includes('founding.json') && !left.includes('network.json'));
  });

  it('is bound to the first file of that network, whichever successor is given', async () => {
    const channel = await found('research', { on: network, channel: 'research' });
    assert.equal(channel.ledger.of?.network, fingerprintOf(ports.primitives, network));
    assert.equal(channel.ledger.of.validators, undefined);
    assert.ok(!(await readdir(join(root, 'research/hospital/node'))).includes('ledger'));
    const fingerprint = fingerprintOf(ports.primitives, network);
    const { channels, founders: nodes = [] } = network;
    const successor = { ...network, nodes, before: [{ fingerprint, until: 1, channels }] };
    assert.deepEqual(await joined('research', successor), channel);
  });

  it('is founded again only with the same terms', async () => {
    const terms = { on: network, channel: 'research' };
    for (const other of [
      { ...terms, channel: 'trial' },
      { ...terms, categories: ['vitals'] as const },
      { ...terms, controlledMedicines: ['http://www.whocc.no/atc|N02A*'] },
      { ...terms, copies: 2 },
      { ...terms, dailyBytes: 2 ** 30 },
      { ...terms, correctionDays: 14 },
      { ...terms, faulty: 1 },
      {},
    ]) {
      await assert.rejects(found('research', other), invalid, JSON.stringify(other));
    }
    assert.equal((await found('research', terms)).channels[0]?.name, 'research');
  });

  // @attack the founder of a channel binds it to another ledger or Registry than its members know | each derives the ledger from the file that it knows itself
  it('is not joined without the network, with another, or as one that has its own ledger', async () => {
    await assert.rejects(joined('research'), invalid);
    const { contracts, ledger } = network;
    for (const other of [
      { ...network, demo: true },
      { ...network, contracts: { ...contracts, registry: contracts.consent } },
      { ...network, ledger: { ...ledger, chainId: ledger.chainId + 1 } },
      { ...network, ledger: { ...ledger, genesis: network.networkId } },
    ]) {
      await assert.rejects(joined('research', other), invalid);
    }
    await found('plain');
    await assert.rejects(joined('plain', network), invalid);
    await joined('plain');
  });

  // @actor one node's operator | gives its node another number than the others have, so that writes are refused or taken by its word
  it('is not joined with other categories, controlled medicines, or another name, than its id was made from', async () => {
    const path = join(root, 'research/exchange/network.json');
    const text = await readFile(path, 'utf8');
    const channel = JSON.parse(text) as NetworkFile;
    const [terms = assert.fail()] = channel.channels;
    const { ledger } = channel;
    for (const other of [
      { ...channel, channels: [{ ...terms, categories: ['vitals'] }] },
      { ...channel, channels: [{ ...terms, controlled: ['http://www.whocc.no/atc|N02A*'] }] },
      { ...channel, channels: [{ ...terms, copies: 2 }] },
      { ...channel, channels: [{ ...terms, dailyBytes: 2 ** 30 }] },
      { ...channel, channels: [{ ...terms, correctionDays: 14 }] },
      { ...channel, ledger: { ...ledger, of: { ...ledger.of, network: channel.networkId } } },
      { ...channel, ledger: { ...ledger, of: undefined } },
    ]) {
      await writeFile(path, JSON.stringify(other));
      await assert.rejects(joined('research', network), invalid);
    }
    await writeFile(path, text);
    assert.deepEqual(await joined('research', network), channel);
  });
});
