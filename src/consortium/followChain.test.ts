import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { followChain } from './followChain.ts';
import { foundingTrust } from './foundingTrust.ts';
import type { LightBlock } from './LightBlock.ts';
import { forgeBlock, makeValidators } from './test/forgeBlock.ts';

/** Four validators of which one is replaced at every second block: after eight blocks all are others. */
function blockAt(height: number): LightBlock {
  return forgeBlock({ height, validators: setOf(height), next: setOf(height + 1) });
}

function setOf(height: number): ReturnType<typeof makeValidators> {
  const first = Math.floor(height / 2);
  return makeValidators(
    Object.fromEntries([0, 1, 2, 3].map((place) => [`validator ${first + place}`, 5])),
  );
}

const founding = foundingTrust(primitives, {
  chain: 'medseal-test',
  time: 1000,
  validators: setOf(1),
});

describe('followChain', () => {
  it('verifies blocks in between if the validators changed too much', async () => {
    const asked: number[] = [];
    const fetchBlock = async (height: number): Promise<LightBlock> => {
      asked.push(height);
      return await Promise.resolve(blockAt(height));
    };
    const way = await followChain(primitives, founding, blockAt(40), fetchBlock, 2000);
    assert.equal(way.at(-1)?.height, 40);
    assert.ok(way.length > 5 && asked.length < 40, `${way.length} of ${asked.length}`);
    const near = await followChain(primitives, founding, blockAt(3), fetchBlock, 2000);
    assert.deepEqual(
      near.map(({ height }) => height),
      [3],
    );
  });

  it('refuses a chain that others than the founders’ successors signed', async () => {
    const strangers = makeValidators({ eve: 5, fred: 5, gina: 5 });
    const fake = forgeBlock({ height: 40, validators: strangers });
    const fetchFake = async (height: number): Promise<LightBlock> =>
      await Promise.resolve(forgeBlock({ height, validators: strangers }));
    await assert.rejects(followChain(primitives, founding, fake, fetchFake, 2000), {
      code: 'LEDGER_UNPROVEN',
    });
    await assert.rejects(followChain(primitives, founding, fake, fetchTrue, 2000), {
      code: 'LEDGER_UNPROVEN',
    });
  });

  // @actor validators of yesterday | to sign today's ledger
  it('refuses validators of yesterday, who sign a block of today', async () => {
    const fake = forgeBlock({ height: 40, validators: setOf(1) });
    // They hold a third of the founding's power, so only the trust period ends their word.
    const way = await followChain(primitives, founding, fake, failing, 2000);
    assert.equal(way.length, 1);
    const kept = await followChain(primitives, founding, blockAt(30), fetchTrue, 2000);
    const newest = kept.at(-1);
    assert.ok(newest);
    await assert.rejects(
      followChain(
        primitives,
        newest,
        fake,
        async (height) => await Promise.resolve(forgeBlock({ height, validators: setOf(1) })),
        2000,
      ),
      { code: 'LEDGER_UNPROVEN' },
    );
  });

  it('gives up if an endpoint answers with other heights, or leads on for ever', async () => {
    const far = forgeBlock({ height: 2 ** 40, validators: setOf(80), time: 1900 });
    await assert.rejects(
      followChain(primitives, founding, far, async () => await Promise.resolve(blockAt(3)), 2000),
      { code: 'LEDGER_UNPROVEN' },
    );
  });
});

async function failing(): Promise<LightBlock> {
  return await Promise.reject(new Error('nothing was to be asked'));
}

async function fetchTrue(height: number): Promise<LightBlock> {
  return await Promise.resolve(blockAt(height));
}
