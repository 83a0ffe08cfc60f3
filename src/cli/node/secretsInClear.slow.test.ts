import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { openKeyGuard } from '../../folder/keyGuard.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';
import { secretsInClear } from '../test/secretsInClear.ts';

/** All that `medseal init` writes under a passphrase: of a whole network, and of a node that has a validator. */

const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const { primitives } = await machinePorts();
const PASSPHRASE = 'five random words are good';
const FOUNDERS = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
let root: string;
before(async () => {
  root = await temporaryFolder(suite);
  await writeFile(`${root}/passphrase.txt`, `${PASSPHRASE}\n`);
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** Runs a command that needs the passphrase. */
async function run(...args: readonly string[]): Promise<void> {
  const done = await runMedseal(...args, '--passphrase-file', `${root}/passphrase.txt`, '--json');
  assert.equal(done.code, 0, done.stdout + done.stderr);
}

/** Plays the engine, which makes a network's first state. */
async function playedEngine(): Promise<string> {
  const program = `${root}/engine.mjs`;
  const chain = JSON.stringify({ chain: `medseal-${'5a'.repeat(16)}` });
  await writeFile(program, `#!${process.execPath}\nconsole.log('${chain}');\n`);
  await chmod(program, 0o700);
  return program;
}

/** Every secret that lies under the passphrase, and the file that has it. */
async function sealedIn(data: string): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const files = await openFolder(data);
  const guard = await openKeyGuard(files, async () => await Promise.resolve(PASSPHRASE));
  const found = new Map<string, readonly Uint8Array[]>();
  const look = async (folder: string): Promise<void> => {
    for (const name of await files.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!name.endsWith('.json')) await look(path);
      else if (name !== 'folder-key.json') {
        const written = (await readJsonFile(files, path)) as { sealed?: unknown };
        if (written.sealed === undefined) continue;
        const text = JSON.stringify(await guard.unwrap(written));
        const secrets = text.match(/0x[\da-f]{64}/g) ?? [];
        found.set(
          path,
          secrets.map((each) => hexToBytes(each)),
        );
      }
    }
  };
  await look('');
  return found;
}

async function assertSealed(
  data: string,
  names: readonly string[],
  ...also: readonly string[]
): Promise<void> {
  const sealed = await sealedIn(data);
  const secrets = [...sealed.values()].flat();
  assert.deepEqual(await secretsInClear([data, ...also], primitives, secrets), []);
  const found = [...sealed.keys()].map((name) => name.replace(/share-[0-9a-f]{16}/, 'share'));
  assert.deepEqual(found.toSorted(), names.toSorted());
}

describe('a folder whose keys are under a passphrase', () => {
  it('has no secret in clear, of whatever key and in whatever form, if a network is founded in it', async () => {
    const data = `${root}/network`;
    await run('init', '--data', data, '--organisations', 'clinic,pharmacy', '--yes');
    const parts = ['node/clinic', 'node/pharmacy', 'authority/clinic', 'authority/pharmacy'];
    const shares = ['node/clinic/share.json', 'node/pharmacy/share.json'];
    await assertSealed(data, [...parts.map((part) => `${part}/keys.json`), ...shares]);
  });

  // @class a secret in clear beside keys under the passphrase | lies in any file that `medseal init --passphrase-file` wrote, of whatever key and in whatever form
  it('has none if its node has a validator, founds a network by files, and gets other keys', async () => {
    const exchange = `${root}/exchange`;
    const engine = await playedEngine();
    const at = (name: string): readonly string[] => {
      return ['--data', `${root}/${name}`, '--exchange', exchange];
    };
    for (const name of FOUNDERS) {
      const own = ['--url', `https://${name}.example`, '--validator', `${name}.example:26656`];
      await run('init', '--organisation', name, ...own, ...at(name), '--engine', engine);
    }
    for (const name of [...FOUNDERS, 'hospital']) {
      const found = name === 'hospital' ? ['--found'] : [];
      await run('init', ...found, ...at(name), '--engine', engine, '--yes');
      const identity = 'node/hospital/dealing-0000000000000000.json';
      if (name === FOUNDERS[1]) assert.ok((await sealedIn(`${root}/hospital`)).has(identity));
    }
    await run('network', 'identity', '--new-keys', ...at('hospital'));
    const names = ['keys.json', 'keys-2.json'].flatMap((file) => [
      `node/hospital/${file}`,
      `authority/hospital/${file}`,
    ]);
    const others = ['node/hospital/share.json', 'validator/keys.json'];
    await assertSealed(`${root}/hospital`, [...names, ...others], exchange);
  });

  it('is told from one that has a key of any kind in clear', async () => {
    const data = `${root}/network`;
    const network = await readFile(`${data}/network.json`, 'utf8');
    const files = await openFolder(data);
    const sealed = await sealedIn(data);
    const none: readonly Uint8Array[] = [];
    for (const [path, secrets] of sealed) {
      const [secret = new Uint8Array()] = secrets;
      const written = await readJsonFile(files, path);
      // The first key of each file has a public part, which the network file names.
      for (const text of [
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64'),
        Buffer.from([...secret, ...secret.toReversed()]).toString('base64'),
      ]) {
        await writeJsonFile(files, path, { text });
        const found = await secretsInClear([data], primitives, none);
        assert.ok(
          found.some((line) => line.startsWith(`${data}/${path}: the secret key of `)),
          `${path} ${network}`,
        );
      }
      await writeFile(`${data}/raw`, Buffer.from([0, 1, ...secret, 255]));
      assert.notDeepEqual(await secretsInClear([data], primitives, none), []);
      await writeJsonFile(files, path, written);
      await files.remove('raw');
    }
    assert.deepEqual(await secretsInClear([data], primitives, none), []);
  });
});
