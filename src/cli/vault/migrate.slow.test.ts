import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LevelDatabase } from '../../database/LevelDatabase.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { folderStore } from '../../vault/folderStore.ts';
import { openVault } from '../../vault/openVault.ts';
import { startFakeS3 } from '../../vault/test/startFakeS3.ts';
import { TEST_CREDENTIALS } from '../../vault/test/startVersitygw.ts';
import type { StoreServer } from '../../vault/test/StoreServer.ts';
import { identify, inParts, sampleBytes } from '../../vault/vault.cases.ts';
import {
  collectRun,
  runMedseal,
  startMedseal,
  startUntilReady,
  temporaryFolder,
  type Run,
} from '../test/runMedseal.ts';

/** Any free ones. */
const PORTS = { listen: { port: 0 }, operate: { port: 0 }, ledger: { port: 0 } };
const LARGE = [20_000, 30_000].map((length) => sampleBytes(length));
const [FIRST] = LARGE.map((bytes) => identify(bytes).hash.slice(2));

const ends: (() => unknown)[] = [];
let data: string;
let server: StoreServer;
let to: string;

before(async () => {
  data = join(
    await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) }),
    'node',
  );
  const founding = ['--organisations', 'clinic', '--plain-keys', '--yes'];
  const made = await runMedseal('init', '--data', data, ...founding);
  assert.equal(made.code, 0, made.stderr);
  const vault = await openVault({
    store: folderStore(await openFolder(join(data, 'node/clinic/vault'))),
    database: new LevelDatabase(join(data, 'node/clinic/vault-index')),
    quota: 2 ** 20,
    createSha256: () => createHash('sha256'),
  });
  for (const bytes of [...LARGE, sampleBytes(200)]) {
    const file = identify(bytes);
    await vault.put(file, inParts(bytes), 10);
    await vault.own(file.hash, `0x${'a1'.repeat(32)}`);
  }
  await vault.close();
  server = await startFakeS3();
  to = `s3:${server.url}/medseal`;
  const { accessKeyId, secretAccessKey } = TEST_CREDENTIALS;
  await writeFile(
    `${data}.credentials`,
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
});
after(async () => {
  await server.stop();
  for (const end of ends.toReversed()) await end();
});

async function migrate(...more: readonly string[]): Promise<Run> {
  return await runMedseal('vault', 'migrate', '--data', data, '--json', ...more);
}

function codeOf(run: Run): string {
  return (JSON.parse(run.stdout) as { error: { code: string } }).error.code;
}

async function configure(vault: object, folder = data): Promise<void> {
  await writeFile(join(folder, 'medseal.json'), JSON.stringify({ vault, ...PORTS }));
}

/** Starts the node with its files in the bucket, and stops it. */
async function started(): Promise<void> {
  const t = { after: (end: () => unknown) => void ends.push(end) };
  const node = await startUntilReady<{ ready: boolean }>(t, ['up', '--data', data, '--json']);
  assert.equal(node.ready.ready, true);
  await node.stop();
}

async function run(...args: readonly string[]): Promise<Run> {
  return await runMedseal(...args, '--json');
}

/** Tells whether a folder has an id by which it marks its store. */
async function hasId(folder: string): Promise<boolean> {
  return (await readdir(join(folder, 'node/clinic/vault'))).includes('store.json');
}

/** Asks the server as its operator could. */
async function ask(method: string, path: string, body = ''): Promise<string> {
  const answer = await fetch(`${server.url}/medseal${path}`, {
    method,
    ...(body !== '' && { body }),
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=other',
      'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    },
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return await answer.text();
}

async function prefix(): Promise<string> {
  const text = await readFile(join(data, 'network.json'), 'utf8');
  return `${(JSON.parse(text) as { networkId: string }).networkId}/clinic/`;
}

async function put(name: string, content: string): Promise<void> {
  await ask('PUT', `/${await prefix()}${name}`, content);
}

/** Names of the organisation's objects, page by page. */
async function objects(): Promise<readonly string[]> {
  const own = await prefix();
  const names: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: string = await ask('GET', `?list-type=2&prefix=${own}&continuation-token=${after}`);
    names.push(...[...page.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, name = '']) => name));
    after = /<NextContinuationToken>(.*?)</.exec(page)?.[1];
  }
  return names.map((name) => name.slice(own.length)).toSorted();
}

describe('medseal vault migrate', () => {
  it('refuses what names no store, the present store, and a store without credentials', async () => {
    for (const wrong of ['bucket', 's3:http://objects.example.org/medseal', 'folder']) {
      assert.equal(codeOf(await migrate('--to', wrong)), 'ARGUMENT_INVALID', wrong);
    }
    const bare = await migrate('--to', 's3:https://objects.example.org');
    assert.equal(codeOf(bare), 'CONFIGURATION_INVALID');
    await writeFile(`${data}.empty`, '');
    const empty = await migrate('--to', to, '--credentials', `${data}.empty`);
    assert.equal(codeOf(empty), 'CONFIGURATION_INVALID');
  });

  it('does nothing while the node runs', async () => {
    const unlock = await lockFolder(await openFolder(data));
    const refused = await migrate('--to', to, '--credentials', `${data}.credentials`);
    assert.equal(codeOf(refused), 'FOLDER_LOCKED');
    await unlock();
  });

  it('copies and verifies every large file, once, and shows no credentials', async () => {
    const given = ['--to', to, '--credentials', `${data}.credentials`];
    const first = await migrate(...given);
    assert.equal(first.code, 0, first.stderr);
    const organisation = { organisation: 'clinic', lost: [] };
    assert.deepEqual(JSON.parse(first.stdout), {
      ok: true,
      organisations: [{ ...organisation, copied: 2, kept: 0 }],
      store: to,
    });
    const again = await runMedseal('vault', 'migrate', '--data', data, ...given);
    assert.match(again.stdout, /clinic: 0 sealed files copied and verified, 2 were there\n/);
    assert.match(again.stdout, /Now set vault\.store to s3:/);
    for (const said of [first, again].flatMap(({ stdout, stderr }) => [stdout, stderr])) {
      assert.ok(!said.includes(TEST_CREDENTIALS.secretAccessKey));
    }
  });

  it('leaves a folder that fsck examines with the files in the bucket, and finds one that is lost there', async () => {
    await configure({ store: to, credentials: `${data}.credentials` });
    const faultsOf = async (): Promise<readonly string[]> => {
      const run = await runMedseal('fsck', '--data', data, '--json');
      const { faults } = JSON.parse(run.stdout) as { faults: { kind: string; what: string }[] };
      return faults.filter(({ kind }) => kind === 'vault-file').map(({ what }) => what);
    };
    assert.deepEqual(await faultsOf(), []);
    await ask('DELETE', `/${await prefix()}${FIRST}`);
    assert.deepEqual(await faultsOf(), [`clinic: vault: sealed file 0x${FIRST}: it is lost`]);
  });

  // @attack an operator starts, repairs or backs up a restored copy by commands | refused, with the command that takes the store over
  it('leaves a store that a restored copy of the folder reads, and changes only once it took it over', async () => {
    const [backup, copy] = [`${data}.backup`, `${data}.copy`];
    const done = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, stdout + stderr);
      return stdout;
    };
    await started();
    await done('backup', '--data', data, '--to', backup);
    await done('restore', backup, '--data', copy);
    assert.deepEqual([await hasId(data), await hasId(copy)], [true, false]);
    await configure({ store: to, credentials: `${data}.credentials` }, copy);
    const before = await objects();
    // A file that neither index names, such as one that the original took since.
    await put('stranger', 'content');
    await run('fsck', '--data', copy);
    await run('fsck', '--data', copy, '--repair');
    assert.deepEqual(await objects(), [...before, 'stranger'].toSorted());
    const repair = ['fsck', '--data', copy, '--repair', '--discard-unknown'];
    assert.equal(codeOf(await run(...repair)), 'STORE_TAKEN');
    const up = await collectRun(startMedseal(['up', '--data', copy, '--json']));
    assert.equal(codeOf(up), 'STORE_TAKEN', up.stderr);
    assert.deepEqual(await objects(), [...before, 'stranger'].toSorted());
    assert.equal(codeOf(await run('vault', 'take', '--data', copy)), 'NOT_CONFIRMED');
    const taken = await done('vault', 'take', '--data', copy, '--yes');
    assert.deepEqual((JSON.parse(taken) as { organisations: unknown }).organisations, ['clinic']);
    const again = await runMedseal('vault', 'take', '--data', copy, '--yes');
    assert.match(again.stdout, /is this folder’s already\./);
    assert.equal(
      codeOf(await run(...repair.map((each) => (each === copy ? data : each)))),
      'STORE_TAKEN',
    );
    await run(...repair);
    assert.deepEqual(await objects(), before);
    await done('vault', 'take', '--data', data, '--yes');
    await configure({}, copy);
    assert.equal(codeOf(await run('vault', 'take', '--data', copy, '--yes')), 'ARGUMENT_INVALID');
  });

  it('brings the files back to the folder, where those that never left are kept', async () => {
    const back = await migrate('--to', 'folder');
    assert.equal(back.code, 0, back.stderr);
    const { organisations } = JSON.parse(back.stdout) as { organisations: unknown };
    const expected = { organisation: 'clinic', copied: 0, kept: 2, lost: [] };
    assert.deepEqual(organisations, [expected]);
    assert.ok((await readFile(join(data, 'medseal.json'), 'utf8')).includes('s3:'));
  });
});
