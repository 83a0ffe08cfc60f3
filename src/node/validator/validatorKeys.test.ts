import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { primitives } from '../../protocol/test/sampleNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { lockKeys, plainKeys } from '../../folder/keyGuard.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { seededRandom } from '../test/testNetwork.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import {
  handedOver,
  openNodeValidatorKeys,
  openValidatorKeys,
  validatorKeysOf,
} from './validatorKeys.ts';

let root: string;
before(async () => (root = await scratchFolder()));
after(async () => await rm(root, { recursive: true }));

const ports = { primitives, random: seededRandom('validator') };
const SIGNED = 'data/last-signed.json';

describe('the keys of a validator', () => {
  it('are those of RFC 8032, and name the node as its peers do', () => {
    // RFC 8032, 7.1, TEST 1.
    const seed = Buffer.from(
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    const { key, node } = validatorKeysOf({ validator: seed, node: seed }, primitives);
    assert.equal(key, '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    assert.equal(
      node,
      Buffer.from(primitives.sha256(Buffer.from(key.slice(2), 'hex'))).toString('hex', 0, 20),
    );
  });

  // @actor somebody who copies a node's folder, or reads its disk | takes the validator's keys, which lay in clear, and signs blocks in the organisation's name
  it('are made once, under the key of the folder, before which nothing was signed', async () => {
    const home = `${root}/made`;
    const guard = await lockKeys(
      await openFolder(`${root}/node`),
      ports.random,
      'five random words',
      {
        workFactor: 1,
      },
    );
    const keys = await openValidatorKeys(home, { ...ports, guard });
    const files = await openFolder(home);
    assert.deepEqual(await readJsonFile(files, SIGNED), {});
    assert.deepEqual(Object.keys((await readJsonFile(files, 'keys.json')) as object), ['sealed']);
    await writeJsonFile(files, SIGNED, { height: '7', round: 0, step: 3 });
    assert.deepEqual(await openValidatorKeys(home, { ...ports, guard }), keys);
    assert.deepEqual(await readJsonFile(files, SIGNED), { height: '7', round: 0, step: 3 });
    await assert.rejects(openValidatorKeys(home, ports), failsWith('FOLDER_FOREIGN'));
  });

  it('are not made again after something was signed', async () => {
    const home = `${root}/signed`;
    const files = await openFolder(home);
    await writeJsonFile(files, SIGNED, { height: '7', round: 0, step: 3 });
    await assert.rejects(openValidatorKeys(home, ports), failsWith('FOLDER_FOREIGN'));
    assert.equal(await files.size('keys.json'), undefined);
  });

  it('are made again if making them was cut off before they were written', async () => {
    const home = `${root}/cut`;
    await writeJsonFile(await openFolder(home), SIGNED, {});
    assert.match(
      (await openValidatorKeys(home, { ...ports, guard: plainKeys })).node,
      /^[\da-f]{40}$/,
    );
  });

  it('are shown by nothing but the line for the engine', async () => {
    const keys = await openValidatorKeys(`${root}/shown`, ports);
    const { validator } = JSON.parse(handedOver(keys)) as { validator: string };
    assert.match(validator, /^0x[\da-f]{64}$/);
    assert.deepEqual(Buffer.from(validator.slice(2), 'hex'), Buffer.from(keys.seeds.validator));
    for (const text of [JSON.stringify(keys), inspect(keys)])
      assert.ok(!text.includes(validator.slice(2)));
  });
});

function settingsOf(
  values: Readonly<Record<string, string>>,
): ReturnType<typeof parseConfiguration>['validator'] {
  return parseConfiguration({ file: { name: 'medseal.json', value: { validator: values } } })
    .validator;
}

describe('the keys of a validator whose key is at a remote signer', () => {
  const address = 'tcp://127.0.0.1:26659';
  const key = `0x${'5a'.repeat(32)}` as const;
  const settings = settingsOf({ privValidatorLaddr: address, signerKey: key });

  // @actor somebody who copies a node's folder | takes the key that signs blocks, which the organisation keeps elsewhere
  it('have none that signs blocks: none is made, kept, or handed to the engine', async () => {
    const files = await openFolder(`${root}/remote`);
    const keys = await openNodeValidatorKeys(files, ports, settings);
    assert.deepEqual([keys.key, keys.signer], [key, { address, key }]);
    assert.deepEqual(Object.keys(keys.seeds), ['node']);
    assert.deepEqual(Object.keys(JSON.parse(handedOver(keys)) as object), ['node']);
    assert.equal(await files.size('validator/keys.json'), undefined);
    assert.equal(await files.size(`validator/${SIGNED}`), undefined);
    // Its peers know it by this id, also after a restore: the file lies where a backup takes it from.
    const peer = (await readJsonFile(files, 'validator-peer.json')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(peer), ['node']);
    assert.deepEqual(await openNodeValidatorKeys(files, ports, settings), keys);
  });

  it('leave the folder’s former key alone, which is there again without the settings', async () => {
    const files = await openFolder(`${root}/changed`);
    const former = await openNodeValidatorKeys(files, ports, settingsOf({}));
    const remote = await openNodeValidatorKeys(files, ports, settings);
    assert.notEqual(remote.node, former.node);
    assert.deepEqual(await openNodeValidatorKeys(files, ports, settingsOf({})), former);
  });

  // @actor an operator who copied the key to a signer | to have the folder sign beside it once the settings are gone
  it('are refused if the folder has the signer’s key too', async () => {
    const files = await openFolder(`${root}/twice`);
    const { key: own } = await openNodeValidatorKeys(files, ports, settingsOf({}));
    const both = settingsOf({ privValidatorLaddr: address, signerKey: own });
    await assert.rejects(
      openNodeValidatorKeys(files, ports, both),
      failsWith('VALIDATOR_KEY_TWICE', { path: `${files.path}/validator` }),
    );
  });

  it('need an address and a key, and no file is made with one of both', async () => {
    const files = await openFolder(`${root}/half`);
    for (const [given, lacks] of [
      [{ privValidatorLaddr: address }, 'validator.signerKey'],
      [{ signerKey: key }, 'validator.privValidatorLaddr'],
    ] as const) {
      await assert.rejects(
        openNodeValidatorKeys(files, ports, settingsOf(given)),
        failsWith('CONFIGURATION_INVALID', { key: lacks }),
      );
    }
    assert.deepEqual(await files.list(''), []);
    for (const wrong of ['127.0.0.1:26659', 'http://127.0.0.1:26659', 'unix://signer.sock']) {
      assert.throws(
        () => settingsOf({ privValidatorLaddr: wrong, signerKey: key }),
        failsWith('CONFIGURATION_INVALID', { key: 'validator.privValidatorLaddr' }),
      );
    }
  });
});
