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
import { handedOver, openValidatorKeys, validatorKeysOf } from './validatorKeys.ts';

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
