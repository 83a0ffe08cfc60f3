import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { foundFromFiles, joinFromFiles, writeIdentity, type IdentityFile } from './ceremony.ts';
import type { FoundingTerms } from './Founding.ts';
import { openNodeFolder, type NodeFolder } from './NodeFolder.ts';
import { machinePorts } from './NodePorts.ts';
import { scratchFolder } from './test/scratchFolder.ts';

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
    const [home] = folder.homes;
    assert.ok(home !== undefined);
    await writeIdentity(home, `https://${name}.example`, join(begun, 'exchange'));
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
    async (folder, exchange) => await foundFromFiles(folder, exchange, ports, terms),
  );
}

async function take(name: Organisation): Promise<NetworkFile> {
  return await within(name, async (folder, exchange) => await joinFromFiles(folder, exchange));
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

  it('where a file has a key too few or one that is none', async () => {
    const file = 'laboratory.identity.json';
    const whole = await identity('laboratory');
    for (const field of ['coordinator', 'sender', 'authority', 'log', 'url'] as const) {
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

  it('where an organisation claims a key of another, in whichever office', async () => {
    const hospital = await identity('hospital');
    const whole = await identity('insurer');
    for (const field of ['coordinator', 'sender', 'authority', 'log'] as const) {
      await change('insurer.identity.json', () => ({ ...whole, [field]: hospital[field] }));
      await assert.rejects(found(), failsWith('CEREMONY_INVALID'));
    }
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

  it('where so few must agree that two sets of them need have nobody honest in common, or no right can be given', async () => {
    for (const terms of [
      { thresholds: { writes: 1 } },
      { thresholds: { views: 4 } },
      { faulty: 1, thresholds: { views: 2 } },
      { faulty: 3 },
      { longestRight: 0 },
      { longestRight: -1 },
      { longestRight: 0.5 },
    ]) {
      await assert.rejects(found(terms), failsWith('NETWORK_FILE_INVALID'));
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
      async (folder, exchange) => await foundFromFiles(folder, exchange, ports),
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
    const keys = Object.entries(await identity('insurer')).map(([field, value]) => [
      field,
      field === 'organisation' ? 'clinic' : value.replaceAll(/[1-8]/g, '9'),
    ]);
    await writeFile(
      late,
      JSON.stringify({ ...Object.fromEntries(keys), format: 'medseal-identity/1' }),
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
    const file = 'laboratory.identity.json';
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
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_OTHER'));
  });

  it('where it is of a network that another founded with the same files', async () => {
    await found();
    await take('insurer');
    const second = join(place, 'second');
    await cp(join(begun, 'hospital'), second, { recursive: true });
    const folder = await openNodeFolder(second, { ports });
    try {
      await foundFromFiles(folder, join(place, 'exchange'), ports);
    } finally {
      await folder.close();
    }
    await assert.rejects(take('insurer'), failsWith('NETWORK_FILE_OTHER'));
  });

  it('where who is asked does not agree', async () => {
    await found();
    const joining = within(
      'insurer',
      async (folder, exchange) => await joinFromFiles(folder, exchange, refuse),
    );
    await assert.rejects(joining, /^Error: no$/);
    await untouched('insurer');
    assert.equal((await take('insurer')).demo, false);
  });
});
