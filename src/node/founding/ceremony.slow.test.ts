// Over 400 lines: every value of the files that are exchanged is altered, over one founding.

import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { parseVerifierKey, verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { tlsKeysOf } from '../../protocol/network/networkLookups.ts';
import { tlsIdentityOf } from '../tlsIdentityOf.ts';
import { requireKeysOf } from './readNetwork.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { foundFromFiles, joinFromFiles } from './ceremony.ts';
import type { FoundingTerms } from '../../folder/Founding.ts';
import { writeIdentity, type IdentityFile } from './identityFiles.ts';
import { openNodeFolder, type NodeFolder } from '../NodeFolder.ts';
import { networkIdOf, type Decided } from './networkIdOf.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { scratchFolder } from '../test/scratchFolder.ts';

/** Files that are not as they were given, or come at the wrong moment: nobody founds or joins a network by them. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const ports = await machinePorts();
let root: string;
/** Three folders and their identity files, founded by nobody yet. */
let begun: string;
let place: string;

before(async () => {
  root = await scratchFolder();
  begun = join(root, 'begun');
  await mkdir(join(begun, 'exchange'), { recursive: true });
  for (const name of ORGANISATIONS) {
    const create = { demo: false, hosts: [name] };
    const folder = await openNodeFolder(join(begun, name), { ports, create });
    await writeIdentity(folder, `https://${name}.example`, join(begun, 'exchange'), ports);
    await folder.close();
  }
});
let number = 0;
beforeEach(async () => {
  place = join(root, `case-${(number += 1)}`);
  await cp(begun, place, { recursive: true });
});
after(async () => await rm(root, { recursive: true }));

async function within<Value>(
  name: Organisation,
  run: (folder: NodeFolder, exchange: string) => Promise<Value>,
): Promise<Value> {
  const folder = await openNodeFolder(join(place, name), { ports });
  try {
    return await run(folder, join(place, 'exchange'));
  } finally {
    await folder.close();
  }
}

async function found(terms?: FoundingTerms): Promise<NetworkFile> {
  return await within(
    'hospital',
    async (folder, exchange) =>
      await foundFromFiles(folder, exchange, ports, { unguarded: true, ...terms }),
  );
}

async function take(name: Organisation): Promise<NetworkFile> {
  return await within(
    name,
    async (folder, exchange) => await joinFromFiles(folder, exchange, ports),
  );
}

async function refuse(): Promise<void> {
  await Promise.reject(new Error('no'));
}

async function change(name: string, changed: (value: never) => unknown): Promise<void> {
  const path = join(place, 'exchange', name);
  const value = JSON.parse(await readFile(path, 'utf8')) as never;
  await writeFile(path, JSON.stringify(changed(value)));
}

async function identity(name: Organisation): Promise<IdentityFile> {
  const path = join(place, 'exchange', `${name}.identity.json`);
  return JSON.parse(await readFile(path, 'utf8')) as IdentityFile;
}

/** That nothing of a founding or a joining was left in a folder. */
async function untouched(name: Organisation): Promise<void> {
  const left = await readdir(join(place, name));
  for (const file of ['founding.json', 'network.json', 'nodes.json']) {
    assert.ok(!left.includes(file), `${name} has ${file}`);
  }
}

describe('a founding by files is refused, and leaves nothing,', () => {
  it('where the founder’s own file is not there', async () => {
    await rm(join(place, 'exchange/hospital.identity.json'));
    const file = 'hospital.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    await untouched('hospital');
  });

  it('where a file has no form, half a form, or that of another version', async () => {
    const file = 'laboratory.identity.json';
    for (const text of ['{}', '[]', 'null', '{"format":"medseal-identity/2"}']) {
      await writeFile(join(place, 'exchange', file), text);
      await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    }
    await untouched('hospital');
  });

  it('if a file lacks a key or has a malformed one', async () => {
    const file = 'laboratory.identity.json';
    const whole = await identity('laboratory');
    for (const field of ['coordinator', 'sender', 'authority', 'log', 'tls', 'url'] as const) {
      for (const value of [undefined, '', '0x12', 7]) {
        await change(file, () => ({ ...whole, [field]: value }));
        await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
      }
    }
    await untouched('hospital');
  });

  it('where a file is of one organisation and named after another', async () => {
    const other = await identity('insurer');
    await change('laboratory.identity.json', () => other);
    const file = 'laboratory.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
  });

  it('where an organisation has the name of the ledger’s folder', async () => {
    const whole = await identity('insurer');
    await writeFile(
      join(place, 'exchange/ledger.identity.json'),
      JSON.stringify({ ...whole, organisation: 'ledger' }),
    );
    const file = 'ledger.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    await untouched('hospital');
  });

  it('where an organisation claims a key of another, in whichever office', async () => {
    const hospital = await identity('hospital');
    const whole = await identity('insurer');
    for (const field of ['coordinator', 'sender', 'authority'] as const) {
      for (const taken of ['coordinator', 'sender', 'authority'] as const) {
        await change('insurer.identity.json', () => ({ ...whole, [field]: hospital[taken] }));
        await assert.rejects(found(), failsWith('CEREMONY_INVALID'));
      }
    }
    for (const field of ['log', 'tls', 'url'] as const) {
      await change('insurer.identity.json', () => ({ ...whole, [field]: hospital[field] }));
      await assert.rejects(found(), failsWith('CEREMONY_INVALID'));
    }
    await untouched('hospital');
  });

  it('where some have a key for TLS and others have none, or have it at an http: address', async () => {
    const whole = await identity('laboratory');
    const { tls: _tls, ...without } = whole;
    for (const changed of [without, { ...whole, url: 'http://laboratory.example' }]) {
      await change('laboratory.identity.json', () => changed);
      const file = 'laboratory.identity.json';
      await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    }
    await untouched('hospital');
  });

  // @attack the carrier of the identity files takes the TLS keys out of all of them | each organisation misses its own
  it('where the carrier takes the key for TLS out of all files', async () => {
    for (const name of ORGANISATIONS) {
      await change(`${name}.identity.json`, ({ tls: _tls, ...rest }: IdentityFile) => rest);
    }
    const file = 'hospital.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    await untouched('hospital');
  });

  it('where an organisation gives one key for two offices', async () => {
    const whole = await identity('insurer');
    await change('insurer.identity.json', () => ({ ...whole, authority: whole.coordinator }));
    await assert.rejects(found(), failsWith('CEREMONY_INVALID'));
    await untouched('hospital');
  });

  it('where the founder’s file names another address than the founder gave', async () => {
    const url = 'https://mallory.example';
    await change('hospital.identity.json', (own: IdentityFile) => ({ ...own, url }));
    const file = 'hospital.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
    await untouched('hospital');
  });

  it('where the founder’s file names other keys than the founder has', async () => {
    const { coordinator } = await identity('insurer');
    await rm(join(place, 'exchange/insurer.identity.json'));
    await change('hospital.identity.json', (own: IdentityFile) => ({ ...own, coordinator }));
    const file = 'hospital.identity.json';
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file }));
  });

  it('where the folder is said to be of another than its keys are, and makes no keys', async () => {
    const folder = join(place, 'hospital');
    await writeFile(
      join(folder, 'folder.json'),
      JSON.stringify({ format: 3, demo: false, hosts: ['clinic'] }),
    );
    await assert.rejects(found(), failsWith('FOLDER_FOREIGN'));
    await untouched('hospital');
    assert.deepEqual(await readdir(join(folder, 'node')), ['hospital']);
  });

  it('if the threshold is so low that two quorums need have nobody honest in common, or no right can be given', async () => {
    for (const terms of [
      { thresholds: { writes: 1 } },
      { thresholds: { views: 4 } },
      { faulty: 1, thresholds: { views: 2 } },
      { faulty: 3 },
      { longestRight: 0 },
      { longestRight: -1 },
      { longestRight: 0.5 },
      // One organisation keeps the ledger: it makes blocks for transactions alone.
      { maxLedgerAge: 180 },
    ]) {
      await assert.rejects(found(terms), failsWith('ARGUMENT_INVALID'));
    }
    await untouched('hospital');
  });

  it('where who is asked does not agree', async () => {
    const asked: unknown[] = [];
    const agree: FoundingTerms['agree'] = async (founding) => {
      asked.push([founding.faulty, founding.thresholds, founding.organisations]);
      await Promise.reject(new Error('no'));
    };
    await assert.rejects(found({ faulty: 1, agree }), /^Error: no$/);
    assert.deepEqual(asked, [[1, { writes: 3, views: 3 }, ['hospital', 'insurer', 'laboratory']]]);
    await untouched('hospital');
  });
});

describe('what was founded once', () => {
  it('stays as it is when it is founded again, and nobody is asked again', async () => {
    const network = await found({ faulty: 1 });
    const agree = refuse;
    assert.deepEqual(await found({ agree }), network);
    assert.deepEqual(await found({ faulty: 1, thresholds: { views: 3 }, agree }), network);
  });

  it('says in the network file how long a right may be: ten years, or what the founder chose', async () => {
    assert.deepEqual((await found()).rights, { longest: 315_576_000 });
  });

  it('is founded with the longest right that the founder chose, and with no other again', async () => {
    const network = await found({ longestRight: 86_400 });
    assert.deepEqual(network.rights, { longest: 86_400 });
    assert.deepEqual(await found({ longestRight: 86_400 }), network);
    assert.deepEqual(await found(), network);
    const file = 'founding.json';
    const again = found({ longestRight: 86_401 });
    await assert.rejects(again, failsWith('CEREMONY_INVALID', { file }));
  });

  it('is not founded again by who lost what it was founded with, nor by who joined', async () => {
    await found();
    await rm(join(place, 'hospital/founding.json'));
    await assert.rejects(found(), failsWith('FOLDER_FOREIGN'));
    await take('insurer');
    const founding = within(
      'insurer',
      async (folder, exchange) =>
        await foundFromFiles(folder, exchange, ports, { unguarded: true }),
    );
    await assert.rejects(founding, failsWith('FOLDER_FOREIGN'));
    for (const name of ['hospital', 'insurer']) {
      const left = await readdir(join(place, name));
      assert.ok(!left.includes('founding.json'), `${name} has founding.json`);
    }
  });

  it('is not founded again with other numbers', async () => {
    await found({ thresholds: { views: 3 } });
    for (const terms of [
      { faulty: 1 },
      { thresholds: { views: 2 } },
      { thresholds: { writes: 3 } },
    ]) {
      const file = 'founding.json';
      await assert.rejects(found(terms), failsWith('CEREMONY_INVALID', { file }));
    }
  });

  it('takes nobody in whose file comes late, and nobody out whose file is gone', async () => {
    await found();
    const late = join(place, 'exchange/clinic.identity.json');
    const { share: _share, validator: _validator, ...insurer } = await identity('insurer');
    const keys = Object.entries(insurer).map(([field, value]) => [
      field,
      field === 'organisation' ? 'clinic' : value.replaceAll(/[1-8]/g, '9'),
    ]);
    const url = 'https://clinic.example';
    await writeFile(
      late,
      JSON.stringify({ ...Object.fromEntries(keys), format: 'medseal-identity/1', url }),
    );
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    await rm(late);
    await rm(join(place, 'exchange/laboratory.identity.json'));
    await assert.rejects(found(), failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    await untouched('insurer');
  });
});

/** Each value of a network file that is not an object, with its path. */
function leavesOf(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  const text = String(value);
  return text.slice(0, -1) + (text.endsWith('1') ? '2' : '1');
}

/** A network file with another value at a path. */
function altered(file: NetworkFile, path: readonly string[], value: unknown): NetworkFile {
  const copy = structuredClone(file);
  let inner = copy as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
  inner[path.at(-1) ?? ''] = value;
  return copy;
}

/** Result when an organisation takes the network file: the error's code, or the fingerprint. */
async function fate(name: Organisation): Promise<string> {
  try {
    const taken = await take(name);
    for (const file of ['network.json', 'nodes.json']) await rm(join(place, name, file));
    return fingerprintOf(ports.primitives, taken);
  } catch (error) {
    await untouched(name);
    return (error as { code?: string }).code ?? 'no code';
  }
}

const REFUSED = new Set(['CEREMONY_INVALID', 'NETWORK_FILE_INVALID']);

describe('the keys that nodes speak TLS with', () => {
  it('are pinned by the network file', async () => {
    const network = await found();
    const keys = tlsKeysOf(network) ?? assert.fail();
    for (const name of ORGANISATIONS) {
      assert.equal(keys.get(name), (await identity(name)).tls);
    }
    assert.deepEqual(await take('laboratory'), network);
  });

  it('are in no file if proxies speak TLS for the nodes: the network file is as it was before there were any', async () => {
    for (const name of ORGANISATIONS) {
      await within(
        name,
        async (folder, exchange) =>
          await writeIdentity(folder, `https://${name}.example`, exchange, ports, {
            isProxied: true,
          }),
      );
    }
    const network = await found();
    assert.equal(tlsKeysOf(network), undefined);
    for (const founder of network.founders ?? assert.fail()) {
      assert.deepEqual(Object.keys(founder), ['organisation', 'sender', 'url']);
    }
    assert.deepEqual(await take('laboratory'), network);
  });

  it('stay secret, and are those of the folder: another key in the network file is refused', async () => {
    const network = await found();
    const exchanged = await readFile(join(place, 'exchange/laboratory.identity.json'), 'utf8');
    await within('laboratory', async ({ homes: [home = assert.fail()] }) => {
      const { tls = assert.fail() } = home.keys;
      assert.ok(!exchanged.includes(bytesToHex(tls)));
      assert.ok(tlsIdentityOf(network, home) !== undefined);
      const { tls: _tls, ...older } = home.keys;
      assert.throws(
        () => tlsIdentityOf(network, { ...home, keys: older }),
        failsWith('NETWORK_FILE_INVALID'),
      );
      const founders = network.founders?.map((each) =>
        each.organisation === 'laboratory'
          ? { ...each, tls: `0x${'ab'.repeat(32)}` as const }
          : each,
      );
      assert.throws(
        () => requireKeysOf({ ...network, ...(founders && { founders }) }, home),
        failsWith('NETWORK_FILE_INVALID'),
      );
      await Promise.resolve();
    });
  });
});

describe('who takes a network file makes it himself', () => {
  // @attack a founder names contracts or a genesis of its own, or alters any other field | derived from the identity files, and compared whole
  it('and refuses every one in which any single value is another', async () => {
    const network = await found();
    const right = fingerprintOf(ports.primitives, network);
    const leaves = leavesOf(network);
    assert.ok(leaves.length > 50);
    for (const [path, value] of leaves) {
      await change('network.json', () => altered(network, path, another(value)));
      const came = await fate('insurer');
      const name = path.join('.');
      assert.ok(REFUSED.has(came), `${name}: ${came}`);
    }
    await change('network.json', () => network);
    assert.equal(await fate('insurer'), right);
  });

  it('and takes other terms of a founder only under another network id and fingerprint', async () => {
    const network = await found();
    const [channel] = network.channels;
    assert.ok(channel !== undefined);
    const identities = [];
    for (const name of ['hospital', 'insurer', 'laboratory']) identities.push(await identity(name));
    const channels = [{ ...channel, thresholds: { writes: 2, views: 3 } }];
    const other = { ...network, channels, rights: { longest: 86_400 } };
    const networkId = networkIdOf(ports.primitives, decidedIn(other), identities);
    assert.notEqual(networkId, network.networkId);
    await change('network.json', () => renamed(other, networkId));
    const came = await fate('insurer');
    assert.match(came, /^0x/);
    assert.notEqual(came, fingerprintOf(ports.primitives, network));
  });

  it('and refuses what lacks anything, and what has more', async () => {
    const network = await found();
    for (const name of Object.keys(network)) {
      await change('network.json', () => ({ ...network, [name]: undefined }));
      assert.ok(REFUSED.has(await fate('insurer')), name);
    }
    const [channel] = network.channels;
    for (const more of [
      { note: 'more' },
      { channels: [channel, { ...channel, name: 'research', logs: [] }] },
      { ledger: { ...network.ledger, url: 'https://mallory.example' } },
      { contracts: { ...network.contracts, claims: network.contracts.consent } },
    ]) {
      await change('network.json', () => ({ ...network, ...more }));
      assert.ok(REFUSED.has(await fate('insurer')), JSON.stringify(more));
    }
  });

  // @attack a founder adds keys of its own under the names of other organisations | each takes only the file that it makes itself
  it('and refuses keys that the founder adds under the names of others, or as another organisation', async () => {
    const network = await found();
    const [channel] = network.channels;
    assert.ok(channel !== undefined);
    for (const organisation of ['laboratory', 'insurer', 'hospital', 'clinic']) {
      const members = [
        ...network.authority.members,
        { organisation, address: `0x${'a'.repeat(40)}` as const },
      ];
      await change('network.json', () => ({
        ...network,
        authority: { ...network.authority, members },
      }));
      assert.ok(REFUSED.has(await fate('insurer')), `authority of ${organisation}`);
      const coordinators = [
        ...channel.coordinators,
        { organisation, address: `0x${'b'.repeat(40)}` as const },
      ];
      await change('network.json', () => ({
        ...network,
        channels: [{ ...channel, coordinators }],
      }));
      assert.ok(REFUSED.has(await fate('insurer')), `coordinator of ${organisation}`);
    }
  });

  it('and refuses a ledger that begins in the future, and one that it is said to have founded itself', async () => {
    await found();
    const clock = { ...ports.clock, now: () => Date.now() - 3_600_000 };
    const early = within(
      'insurer',
      async (folder, exchange) => await joinFromFiles(folder, exchange, { ...ports, clock }),
    );
    await assert.rejects(early, failsWith('LEDGER_AHEAD'));
    await untouched('insurer');
    const copy = join(place, 'copy');
    await cp(join(begun, 'hospital'), copy, { recursive: true });
    const folder = await openNodeFolder(copy, { ports });
    try {
      const joining = joinFromFiles(folder, join(place, 'exchange'), ports);
      await assert.rejects(joining, failsWith('CEREMONY_INVALID', { file: 'network.json' }));
    } finally {
      await folder.close();
    }
  });

  // @attack a founder gives a network the id of another one, so that signatures hold in both | the id is a hash of everybody's new keys
  it('so that networks that are founded with the same files have different ids, however they are founded', async () => {
    const first = await found();
    const second = join(place, 'second');
    await cp(join(begun, 'hospital'), second, { recursive: true });
    await rm(join(place, 'exchange/network.json'));
    const folder = await openNodeFolder(second, { ports });
    try {
      const network = await foundFromFiles(folder, join(place, 'exchange'), ports, {
        unguarded: true,
      });
      assert.notEqual(network.networkId, first.networkId);
      // A founder who wants the id of the other network gives it to nobody.
      await change('network.json', () => ({ ...network, networkId: first.networkId }));
    } finally {
      await folder.close();
    }
    assert.equal(await fate('insurer'), 'CEREMONY_INVALID');
  });
});

describe('whoever carries the files, and puts an address of its own in them,', () => {
  const url = 'https://mallory.example';
  const file = 'laboratory.identity.json';

  // @attack whoever carries the files puts its own address in, to sit between organisations | its owner finds it, and so do the others
  it('is found out by the one whose address it is, before the network is founded or after', async () => {
    await change(file, (own: IdentityFile) => ({ ...own, url }));
    await found();
    await assert.rejects(take('laboratory'), failsWith('CEREMONY_INVALID', { file }));
    await untouched('laboratory');
  });

  it('is found out by the others where the network file says another', async () => {
    await found();
    await change(file, (own: IdentityFile) => ({ ...own, url }));
    const reason = 'founders[2].url does not follow from the identity files';
    await assert.rejects(
      take('insurer'),
      failsWith('CEREMONY_INVALID', { file: 'network.json', reason }),
    );
    await untouched('insurer');
  });

  // @attack the same in both files, for one of the takers | the fingerprint is another
  it('changes the fingerprint where it alters the network file too', async () => {
    const network = await found();
    const own = await identity('laboratory');
    await change(file, () => ({ ...own, url }));
    // All that follows from it is made again, as the carrier can.
    const founders = (network.founders ?? []).map((each) =>
      each.organisation === 'laboratory' ? { ...each, url } : each,
    );
    await change('network.json', () => ({ ...network, founders }));
    assert.equal(await fate('insurer'), 'CEREMONY_INVALID', 'the network id is of the old address');
    const identities = [];
    for (const name of ['hospital', 'insurer', 'laboratory']) identities.push(await identity(name));
    const networkId = networkIdOf(ports.primitives, decidedIn(network), identities);
    await change('network.json', () => renamed({ ...network, founders }, networkId));
    const came = await fate('insurer');
    assert.match(came, /^0x/);
    assert.notEqual(came, fingerprintOf(ports.primitives, network));
    await assert.rejects(take('laboratory'), failsWith('CEREMONY_INVALID', { file }));
  });

  it('does not change what a node took: the same files again say where the nodes are, and no others', async () => {
    const network = await found();
    await take('insurer');
    await change(file, (own: IdentityFile) => ({ ...own, url }));
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID'));
    const nodes = JSON.parse(await readFile(join(place, 'insurer/nodes.json'), 'utf8')) as {
      urls: Record<string, string>;
    };
    assert.equal(nodes.urls['laboratory'], 'https://laboratory.example');
    assert.deepEqual(
      network.founders?.map((each) => each.url),
      ['hospital', 'insurer', 'laboratory'].map((name) => `https://${name}.example`),
    );
  });
});

/** Returns the founder's terms. */
function decidedIn({ contracts, ledger, channels, rights }: NetworkFile): Decided {
  const { chainId, timestamp = 0 } = ledger;
  const [{ faulty, thresholds } = assert.fail()] = channels;
  const further = furtherContractsOf(contracts);
  return { chainId, timestamp, faulty, thresholds, longestRight: rights?.longest ?? 0, further };
}

/** A network file of another network id, with the logs that follow from it. */
function renamed(file: NetworkFile, networkId: Bytes32): NetworkFile {
  return {
    ...file,
    networkId,
    channels: file.channels.map((channel) => ({
      ...channel,
      logs: channel.logs.map((log) => {
        const origin = log.origin.replace(file.networkId.slice(2, 34), networkId.slice(2, 34));
        const id = bytesToHex(ports.primitives.sha256(utf8ToBytes(origin)));
        return {
          ...log,
          origin,
          id,
          key: verifierKeyOf(origin, parseVerifierKey(log.key).publicKey),
        };
      }),
    })),
  };
}

describe('a network file is refused by who joins, and leaves nothing,', () => {
  it('before there is one', async () => {
    const file = 'network.json';
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID', { file }));
    await untouched('insurer');
  });

  it('where it names another key of the joining organisation, as a founder could who wants its voice', async () => {
    const network = await found();
    const stolen = `0x${'ab'.repeat(20)}` as const;
    await change('network.json', (file: NetworkFile) => ({
      ...file,
      channels: file.channels.map((channel) => ({
        ...channel,
        coordinators: channel.coordinators.map((each) =>
          each.organisation === 'insurer' ? { ...each, address: stolen } : each,
        ),
      })),
    }));
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_INVALID'));
    await change('network.json', () => ({
      ...network,
      authority: {
        ...network.authority,
        members: network.authority.members.map((each) =>
          each.organisation === 'insurer' ? { ...each, address: stolen } : each,
        ),
      },
    }));
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_INVALID'));
    await untouched('insurer');
  });

  it('where it names another key of a third one than that one gave', async () => {
    await found();
    await change('network.json', (file: NetworkFile) => ({
      ...file,
      authority: {
        ...file.authority,
        members: file.authority.members.map((each) =>
          each.organisation === 'laboratory' ? { ...each, address: `0x${'cd'.repeat(20)}` } : each,
        ),
      },
    }));
    const file = 'network.json';
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID', { file }));
    await untouched('insurer');
  });

  it('where fewer may agree than can speak for all', async () => {
    await found({ faulty: 1 });
    await change('network.json', (file: NetworkFile) => ({
      ...file,
      channels: file.channels.map((channel) => ({
        ...channel,
        thresholds: { writes: 2, views: 2 },
      })),
    }));
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_INVALID'));
  });

  it('where it changed after it was taken, by however little', async () => {
    await found();
    await take('insurer');
    await change('network.json', (file: NetworkFile) => ({
      ...file,
      channels: file.channels.map((channel) => ({
        ...channel,
        thresholds: { writes: 3, views: 2 },
      })),
    }));
    await assert.rejects(take('insurer'), failsWith('CEREMONY_INVALID', { file: 'network.json' }));
  });

  it('where it is of a network that another founded with the same files', async () => {
    await found();
    await take('insurer');
    const second = join(place, 'second');
    await cp(join(begun, 'hospital'), second, { recursive: true });
    await rm(join(place, 'exchange/network.json'));
    const folder = await openNodeFolder(second, { ports });
    try {
      await foundFromFiles(folder, join(place, 'exchange'), ports, { unguarded: true });
    } finally {
      await folder.close();
    }
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_OTHER'));
  });

  it('where who is asked does not agree', async () => {
    await found();
    const joining = within(
      'insurer',
      async (folder, exchange) => await joinFromFiles(folder, exchange, ports, { agree: refuse }),
    );
    await assert.rejects(joining, /^Error: no$/);
    await untouched('insurer');
    assert.equal((await take('insurer')).demo, false);
  });
});
