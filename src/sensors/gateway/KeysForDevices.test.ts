import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { KeysAsked, KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import { signKeysAsked } from '../../protocol/sensors/signKeysAsked.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { sampleDevice, type SampleDevice } from '../test/sampleDevice.ts';
import { KeysForDevices } from './KeysForDevices.ts';

const watch = sampleDevice('watch');
const bed = sampleDevice('bed');

function asked(by: SampleDevice, change: Partial<KeysAsked> = {}): string {
  const question = { device: by.address, grant: by.right.digest, nonce: word('nonce'), ...change };
  return signKeysAsked(primitives, by.signingKey, question);
}

interface Started {
  readonly keys: KeysForDevices;
  readonly gathered: Bytes32[];
  now: number;
}

/** Answers of a gateway that carries for the watch; what it gathered for which nonce. */
function start({ isOver = false } = {}): Started {
  const gathered: Bytes32[] = [];
  const started: Started = {
    now: 0,
    gathered,
    keys: new KeysForDevices({
      primitives,
      clock: { now: () => started.now, after: () => () => undefined },
      rights: {
        isOver: () => isOver,
        find(digest, device) {
          const { right } = watch;
          if (digest === right.digest && device === right.grant.terms.record) return right;
          throw new MedsealError('RIGHT_MISSING', {});
        },
      },
      author: {
        async gatherKeys(_right, nonce) {
          gathered.push(nonce);
          return await Promise.resolve({ nonce } as KeysTold);
        },
      },
    }),
  };
  return started;
}

describe('the keys that a gateway gathers for a device', () => {
  it('are those for the nonce of the device', async () => {
    const { keys } = start();
    const { device, told } = await keys.answer({ text: asked(watch), from: watch.address });
    assert.deepEqual([device, told.nonce], [watch.address, word('nonce')]);
  });

  // @actor a stranger at a gateway | to keep nodes busy with questions for keys
  it('are gathered for nobody who has no right here, or whose right is over', async () => {
    const { keys, gathered } = start();
    for (const text of [asked(bed), asked(bed, { grant: watch.right.digest })]) {
      await assert.rejects(keys.answer({ text }), failsWith('RIGHT_MISSING'));
    }
    const over = start({ isOver: true });
    await assert.rejects(over.keys.answer({ text: asked(watch) }), failsWith('RIGHT_ENDED'));
    assert.deepEqual([gathered, over.gathered], [[], []]);
  });

  it('are gathered for no question that the device did not sign, or that is of another form', async () => {
    const { keys, gathered } = start();
    const text = asked(watch);
    const changed = text.replace(word('nonce'), word('another nonce'));
    const given = [
      { text: changed },
      { text: asked(bed, { device: watch.address, grant: watch.right.digest }) },
      { text, from: bed.address },
      { text: '{}' },
      { text: 'no JSON' },
      { text: text + ' '.repeat(1024) },
      { text: JSON.stringify({ ...(JSON.parse(text) as object), signature: '0x00' }) },
    ];
    for (const each of given) {
      await assert.rejects(keys.answer(each), failsWith('READINGS_INVALID'), each.text);
    }
    assert.deepEqual(gathered, []);
  });

  it('are gathered four times in ten seconds for a device, so that it does not keep the nodes busy', async () => {
    const started = start();
    for (const now of [0, 0, 1, 9998]) {
      started.now = now;
      await started.keys.answer({ text: asked(watch) });
    }
    started.now = 9999;
    await assert.rejects(started.keys.answer({ text: asked(watch) }), failsWith('OVERLOADED'));
    started.now = 10_000;
    await started.keys.answer({ text: asked(watch) });
    assert.equal(started.gathered.length, 5);
  });
});
