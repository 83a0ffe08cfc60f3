// Over 400 lines: one costly founding, of which most cases open, alter and compare copies.

import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addRecord } from '../client/records/addRecord.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { enrol } from '../client/party/enrol.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { readRecord } from '../client/records/readRecord.ts';
import { bytesToUtf8, utf8ToBytes } from '../crypto/bytes.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { openDeviceFolder } from '../device/deviceFolder.ts';
import { openNetwork, type RunningNetwork } from './openNetwork.ts';
import { scratchFolder } from './test/scratchFolder.ts';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`test/${name}.ts`, import.meta.url));
const SEED = 'a5'.repeat(32);
let root: string;
/** A folder with a network that was closed again, to copy and to spoil. */
let founded: string;
let failures: unknown[];

before(async () => {
  root = await scratchFolder();
  failures = [];
  founded = join(root, 'founded');
  const network = await open(founded);
  const patient = await openPatient(network, founded);
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await commitEpochs(patient, 2);
  await add(patient, 'the first record');
  await network.close();
});
after(async () => await rm(root, { recursive: true }));

async function open(folder: string, demo = true): Promise<RunningNetwork> {
  return await openNetwork({ folder, demo, onFailure: (error) => failures.push(error) });
}

async function openPatient(network: RunningNetwork, folder: string): Promise<Party> {
  const agent = network.agents.get('hospital');
  assert.ok(agent !== undefined);
  return await openParty({
    ...network.ports,
    seed: Buffer.from(SEED, 'hex'),
    network: network.file,
    agent,
    log: 'care/hospital',
    device: await openDeviceFolder(`${folder}/parties/patient`),
  });
}

async function add(patient: Party, text: string): Promise<ReturnType<typeof addRecord>> {
  const { handle } = await readPatientState(patient);
  const content = utf8ToBytes(text);
  return await addRecord(patient, { handle, category: 'other', content, purpose: 'PATRQT' });
}

/** Every record of the patient's chart, opened. */
async function texts(patient: Party): Promise<string[]> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const opened: string[] = [];
  for (const record of chart.records) {
    opened.push(bytesToUtf8((await readRecord(patient, chart, record)).content));
  }
  return opened;
}

async function copy(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(founded, folder, { recursive: true });
  return folder;
}

/**
 * All files below a folder with their bytes, short of the lock, the databases' own notes, and what is copied in the
 * background.
 */
async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const passing =
      /\/(?:lock\/.*|LOG(?:\.old)?|process\.json|(?:vault|vault-index|contributor)\/.*)$/;
    if (!entry.isFile() || passing.test(path)) continue;
    found.set(path, (await readFile(path)).toString('base64'));
  }
  return found;
}

async function spoil(
  folder: string,
  file: string,
  change: (value: never) => unknown,
): Promise<void> {
  const path = join(folder, file);
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(change(value as never)));
}

describe('a network’s folder', () => {
  it('is its owner’s alone, secrets most of all', async () => {
    for (const path of ['', '/node', '/node/hospital', '/authority', '/authority/insurer']) {
      assert.equal((await stat(founded + path)).mode & 0o077, 0, path);
    }
    for (const path of ['/node/hospital/keys.json', '/authority/hospital/keys.json']) {
      assert.equal((await stat(founded + path)).mode & 0o777, 0o600, path);
    }
  });

  it('knows after it was closed all that it knew before', async () => {
    const folder = await copy('reopened');
    const network = await open(folder);
    const patient = await openPatient(network, folder);
    assert.deepEqual(await texts(patient), ['the first record']);
    const next = await add(patient, 'the second record');
    await fetchReceipt(patient, next.acknowledgement);
    await network.close();
    const again = await open(folder);
    assert.deepEqual(again.file, network.file);
    const same = await openPatient(again, folder);
    assert.deepEqual(await texts(same), ['the first record', 'the second record']);
    await fetchReceipt(same, next.acknowledgement);
    await again.close();
    assert.deepEqual(failures, []);
  });

  it('serves one process at a time, and says which', async () => {
    const folder = await copy('locked');
    const network = await open(folder);
    const before = await contents(folder);
    await assert.rejects(
      open(folder),
      failsWith('FOLDER_LOCKED', { path: folder, pid: process.pid }),
    );
    const { stdout } = await run(process.execPath, [script('openAndReport'), folder]);
    assert.deepEqual(JSON.parse(stdout), {
      code: 'FOLDER_LOCKED',
      values: { path: folder, pid: process.pid },
    });
    assert.deepEqual(await contents(folder), before);
    const patient = await openPatient(network, folder);
    assert.deepEqual(await texts(patient), ['the first record']);
    await network.close();
    const freed = await run(process.execPath, [script('openAndReport'), folder]);
    assert.equal(freed.stdout, 'opened');
  });

  it('is closed without a complaint while a checkpoint is due', async () => {
    const folder = await copy('closed at once');
    const network = await open(folder);
    const patient = await openPatient(network, folder);
    const { acknowledgement } = await add(patient, 'the last record');
    await network.close();
    assert.deepEqual(failures, []);
    const again = await open(folder);
    await fetchReceipt(await openPatient(again, folder), acknowledgement);
    await again.close();
  });
});

describe('an interrupted founding', () => {
  /** Files that a crash may have left, by the step before which it came. */
  const crashes: [string, readonly string[]][] = [
    ['anything was written', []],
    ['the keys', ['folder.json']],
    ['the founding', ['folder.json', 'node/hospital/keys.json', 'authority/hospital']],
    ['the ledger', ['folder.json', 'founding.json', 'node/hospital', 'authority']],
    ['the network file', ['folder.json', 'founding.json', 'node', 'authority']],
  ];
  let whole: string;
  let first: RunningNetwork;
  before(async () => {
    whole = join(root, 'whole');
    first = await open(whole);
    await first.close();
  });

  for (const [before_, left] of crashes) {
    it(`goes on where it ended before ${before_}`, async () => {
      const folder = join(root, `before ${before_}`);
      await mkdir(folder);
      for (const part of left) {
        await cp(join(whole, part), join(folder, part), { recursive: true });
      }
      const network = await open(folder);
      const patient = await openPatient(network, folder);
      await enrol(patient, { role: 'patient', organisation: 'hospital' });
      if (left.includes('founding.json')) {
        assert.equal(network.file.networkId, first.file.networkId);
      }
      if (left.includes('node')) assert.deepEqual(network.file, first.file);
      await network.close();
    });
  }
});

it('founds in a folder where the first attempt was killed while it wrote its first files', async () => {
  const folder = join(root, 'killed at once');
  await mkdir(folder);
  const { pid } = spawnSync(process.execPath, ['--version']);
  const halves = ['process', 'folder'].map((name) => `${name}.json.arriving-${pid}-0123456789ab`);
  for (const half of halves) await writeFile(join(folder, half), '{"for');
  const network = await open(folder);
  await network.close();
  assert.deepEqual(
    (await readdir(folder)).filter((name) => halves.includes(name)),
    [],
  );
});

describe('a folder that is not fit', () => {
  it('is refused where it holds something else', async () => {
    const folder = join(root, 'foreign');
    await mkdir(join(folder, 'lock'), { recursive: true });
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await assertUntouched(folder, 'FOLDER_FOREIGN');
    assert.deepEqual((await readdir(folder)).toSorted(), ['lock', 'thesis.txt']);
  });

  const foundings: [string, (founding: Record<string, unknown>) => unknown, ErrorCode][] = [
    ['of a newer format', (founding) => ({ ...founding, format: 99 }), 'FOLDER_NEWER'],
    ['of no format', (founding) => ({ ...founding, format: undefined }), 'FOLDER_FOREIGN'],
    ['that is null', () => null, 'FOLDER_FOREIGN'],
    ['that is a list', () => [], 'FOLDER_FOREIGN'],
    ['without organisations', (founding) => ({ ...founding, organisations: [] }), 'FOLDER_FOREIGN'],
    [
      'with an organisation elsewhere',
      (founding) => ({ ...founding, organisations: ['hospital', '../../elsewhere'] }),
      'FOLDER_FOREIGN',
    ],
    [
      'with an organisation in the ledger’s place',
      (founding) => ({ ...founding, organisations: ['ledger', 'hospital'] }),
      'FOLDER_FOREIGN',
    ],
    [
      'with one organisation twice',
      (founding) => ({ ...founding, organisations: ['hospital', 'hospital'] }),
      'FOLDER_FOREIGN',
    ],
    ['of another network', (founding) => ({ ...founding, networkId: word('x') }), 'LEDGER_OTHER'],
    ['of another chain', (founding) => ({ ...founding, chainId: 77 }), 'LEDGER_OTHER'],
  ];
  for (const [name, change, code] of foundings) {
    it(`is refused with a founding ${name}: ${code}`, async () => {
      const folder = await copy(`founding ${name}`);
      await spoil(folder, 'founding.json', change);
      await assert.rejects(open(folder), failsWith(code));
      await cp(join(founded, 'founding.json'), join(folder, 'founding.json'));
      const network = await open(folder);
      assert.deepEqual(await texts(await openPatient(network, folder)), ['the first record']);
      await network.close();
    });
  }

  const files: [string, (file: Record<string, unknown>) => unknown, ErrorCode][] = [
    ['of another network', (file) => ({ ...file, networkId: word('x') }), 'LEDGER_OTHER'],
    [
      'of another ledger',
      (file) => ({ ...file, ledger: { chainId: 1, genesis: word('x') } }),
      'LEDGER_OTHER',
    ],
    ['that is empty', () => ({}), 'NETWORK_FILE_INVALID'],
    ['that is null', () => null, 'NETWORK_FILE_INVALID'],
    ['without channels', (file) => ({ ...file, channels: [] }), 'NETWORK_FILE_INVALID'],
  ];
  for (const [name, change, code] of files) {
    it(`is refused with a network file ${name}: ${code}`, async () => {
      const folder = await copy(`network ${name}`);
      await spoil(folder, 'network.json', change);
      await assert.rejects(open(folder), failsWith(code));
      await cp(join(founded, 'network.json'), join(folder, 'network.json'));
      const network = await open(folder);
      assert.deepEqual(await texts(await openPatient(network, folder)), ['the first record']);
      await network.close();
    });
  }

  for (const path of ['node/laboratory/keys.json', 'authority/insurer/keys.json']) {
    it(`is refused where keys are lost, and others are not made in their place: ${path}`, async () => {
      const folder = await copy(`without ${path.replaceAll('/', ' ')}`);
      await rm(join(folder, path));
      await assertUntouched(folder, 'FOLDER_FOREIGN');
    });
  }

  it('is refused where a file is not JSON', async () => {
    const folder = await copy('torn');
    await writeFile(join(folder, 'founding.json'), '{"format": 1, "net');
    await assertUntouched(folder, 'FOLDER_FOREIGN');
  });

  it('is refused where a demonstration is opened as something else', async () => {
    await assertUntouched(await copy('for show'), 'KEYSTORE_DEMO', false);
  });

  it('is refused where it cannot be written', async () => {
    const file = join(root, 'a file');
    await writeFile(file, '');
    await assert.rejects(open(join(file, 'below')), failsWith('FOLDER_UNWRITABLE'));
    await assert.rejects(open(file), failsWith('FOLDER_UNWRITABLE'));
    const folder = await copy('in the way');
    await rm(join(folder, 'lock'), { recursive: true });
    await writeFile(join(folder, 'lock'), '');
    await assert.rejects(open(folder), failsWith('FOLDER_UNWRITABLE'));
  });

  it('leaves nothing open where one part of one organisation cannot be', async () => {
    for (const part of ['vault', 'kept', 'coordinator', 'logs/hospital']) {
      const folder = await copy(`broken ${part.replace('/', ' ')}`);
      const place = join(folder, 'node/insurer', part);
      await rm(place, { recursive: true });
      await writeFile(place, 'in the way');
      await assert.rejects(open(folder), failsWith('FOLDER_UNWRITABLE'));
      await rm(place);
      await cp(join(founded, 'node/insurer', part), place, { recursive: true });
      const network = await open(folder);
      assert.deepEqual(await texts(await openPatient(network, folder)), ['the first record']);
      await network.close();
    }
  });

  it('founds no network of coordinators that cannot speak for all', async () => {
    for (const [faulty, thresholds] of [
      [1, { writes: 2 }],
      [0, { views: 1 }],
      [0, { writes: 4 }],
      [3, {}],
      [-1, {}],
    ] as const) {
      const folder = join(root, `faulty-${faulty}-${JSON.stringify(thresholds)}`);
      await assert.rejects(
        openNetwork({ folder, demo: true, faulty, thresholds }),
        failsWith('ARGUMENT_INVALID'),
      );
    }
  });

  it('founds one with a quorum of coordinators for one that may be faulty', async () => {
    const folder = join(root, 'one-faulty');
    const network = await openNetwork({ folder, demo: true, faulty: 1 });
    const [channel] = network.file.channels;
    assert.deepEqual([channel?.faulty, channel?.thresholds], [1, { writes: 3, views: 3 }]);
    assert.equal(network.file.authority.threshold, 2);
    await network.close();
  });

  it('founds none whose authority could be of faulty organisations alone', async () => {
    const folder = join(root, 'three-faulty');
    const organisations = ['a', 'b', 'c', 'd', 'e'];
    const network = await openNetwork({ folder, demo: true, organisations, faulty: 3 });
    assert.equal(network.file.authority.threshold, 4);
    await network.close();
  });

  it('founds no network of organisations without names of their own', async () => {
    for (const organisations of [[], ['a', 'a'], ['../a'], ['ledger'], ['A'], ['']]) {
      const folder = join(root, 'nameless');
      await assert.rejects(
        openNetwork({ folder, demo: true, organisations }),
        failsWith('ARGUMENT_INVALID'),
      );
    }
  });
});

describe('a network that is killed', () => {
  it('has afterwards every entry that was acknowledged, and its file', async () => {
    const folder = join(root, 'killed');
    const child = spawn(process.execPath, [script('addRecordsUntilKilled'), folder, SEED], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    const acknowledged: { index: number; entry: string; text: string }[] = [];
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(JSON.parse(line) as (typeof acknowledged)[number]);
      if (acknowledged.length === 25) child.kill('SIGKILL');
    }
    await ended;
    assert.ok(acknowledged.length >= 25);
    const network = await open(folder);
    const patient = await openPatient(network, folder);
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    for (const { index, entry, text } of acknowledged) {
      const record = chart.records.find((each) => each.acknowledgement.entry === entry);
      assert.ok(record !== undefined, `${text} is lost`);
      assert.equal(record.acknowledgement.index, index);
      const { content } = await readRecord(patient, chart, record);
      assert.equal(bytesToUtf8(content), text);
    }
    await fetchReceipt(patient, chart.acknowledgement);
    await network.close();
    assert.deepEqual(failures, []);
  });
});

async function assertUntouched(folder: string, code: ErrorCode, demo = true): Promise<void> {
  const before = await contents(folder);
  await assert.rejects(open(folder, demo), failsWith(code));
  assert.deepEqual(await contents(folder), before);
  // And nothing is left locked.
  await assert.rejects(open(folder, demo), failsWith(code));
}
