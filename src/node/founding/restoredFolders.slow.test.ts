import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { openNodeFolder } from '../NodeFolder.ts';
import { runNode } from '../runNode.ts';
import { FOUR, FourFounders, lacks, no, ports, type DealFile } from '../test/fourFounders.ts';
import { dealForFounding } from './foundingDeals.ts';

/** A folder that is restored from a backup while a network is founded signs nothing else than it signed before. */

const silent = (): void => undefined;
let all: FourFounders;
let kept: string;

before(async () => {
  all = await FourFounders.prepare();
});
beforeEach(async () => {
  await all.begin();
  kept = join(all.place, 'kept');
});
after(async () => await all.end());

async function backUp(name: Organisation): Promise<void> {
  await cp(join(all.place, name), kept, { recursive: true });
}

async function restore(name: Organisation): Promise<void> {
  await rm(join(all.place, name), { recursive: true });
  await cp(kept, join(all.place, name), { recursive: true });
}

/** All have the network and their shares. */
async function holds(network: NetworkFile): Promise<void> {
  for (const name of FOUR) {
    if (name !== 'hospital') await all.joined(name);
    assert.deepEqual(await all.networkOf(name), network);
    assert.ok(await all.hasShare(name, network), name);
  }
}

describe('a founder whose folder was restored from before it joined the deals', () => {
  // @attack a second network from one founding, by a founder that was restored | it takes the set of deals that it signed, or none
  it('takes the set that it signed, also if another deal is there by now', async () => {
    await all.dealt('insurer', 'laboratory');
    await backUp('hospital');
    await all.up('hospital');
    const network = await all.networkOf('hospital');
    await all.up('insurer');
    await restore('hospital');
    await all.within('pharmacy', async ({ homes: [home = assert.fail()] }) => {
      const terms = await all.read<{ network: NetworkFile }>('terms.json');
      const identities = await Promise.all(FOUR.map(async (each) => await all.identity(each)));
      const deal = await dealForFounding(ports, home, terms.network, identities);
      const text = JSON.stringify({ format: 'medseal-deal/1', deal });
      await writeFile(all.path('pharmacy.deal.json'), text);
    });
    await all.up('hospital');
    await holds(network);
  });

  it('founds no other network if the set is not there, or rests on another deal of its own', async () => {
    await all.dealt('insurer', 'laboratory');
    await backUp('hospital');
    const first = await readFile(all.path('terms.json'));
    await all.up('hospital');
    const full = await readFile(all.path('terms.json'));
    const network = await all.networkOf('hospital');
    await restore('hospital');
    for (const there of [first, '{}', undefined]) {
      if (there === undefined) await rm(all.path('terms.json'));
      else await writeFile(all.path('terms.json'), there);
      const refused = failsWith('CEREMONY_INVALID', { file: 'network.json' });
      await assert.rejects(all.up('hospital'), refused);
      await assert.rejects(all.found(), refused);
    }
    await writeFile(all.path('terms.json'), full);
    await all.up('hospital');
    assert.deepEqual(await all.networkOf('hospital'), network);
  });
});

describe('a founder whose folder was restored from before its terms', () => {
  // @actor a founder | founds again with a folder that does not know its terms any more
  // @attack two terms of one founding, by a founder that was restored | it takes the terms that it signed, or makes none
  it('takes the terms that it signed again, with its deal, and founds the network that the others dealt for', async () => {
    await backUp('hospital');
    await all.dealt('insurer', 'laboratory');
    const before = await all.exchanged();
    await restore('hospital');
    await assert.rejects(all.found({ agree: no }), /^Error: no$/);
    await assert.rejects(all.found({ faulty: 0 }), failsWith('CEREMONY_INVALID'));
    assert.ok(!(await all.has('hospital', 'terms.json')));
    assert.deepEqual(await all.exchanged(), before);
    const asked: boolean[] = [];
    const network = await all.found({ agree: async (_, guarded) => void asked.push(guarded) });
    assert.deepEqual(asked, [true]);
    await holds(network);
  });

  it('takes the set of deals that it signed again too', async () => {
    await backUp('hospital');
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    const network = await all.networkOf('hospital');
    await restore('hospital');
    assert.deepEqual(await all.found({}), network);
    await holds(network);
  });

  it('makes no others while its terms are altered, not its own, malformed, or gone', async () => {
    await backUp('hospital');
    await all.dealt('insurer', 'laboratory');
    await restore('hospital');
    const whole = await readFile(all.path('terms.json'));
    const { network, deals, ...rest } = await all.read<{
      network: NetworkFile;
      deals: readonly GivenDeal[];
    }>('terms.json');
    const { deal } = await all.read<DealFile>('insurer.deal.json');
    const [own = assert.fail()] = deals;
    for (const value of [
      { ...rest, deals, network: { ...network, rights: { longest: 7 } } },
      { ...rest, network, deals: [deal] },
      { ...rest, network, deals: [{ ...own, signature: deal.signature }] },
      {},
      undefined,
    ]) {
      if (value === undefined) await rm(all.path('terms.json'));
      else await writeFile(all.path('terms.json'), JSON.stringify(value));
      const before = await all.exchanged();
      const file = value === undefined ? 'insurer.deal.json' : 'terms.json';
      const refused = failsWith('CEREMONY_INVALID', { file });
      await assert.rejects(all.found({ agree: no }), refused);
      assert.ok(!(await all.has('hospital', 'terms.json')));
      assert.deepEqual(await all.exchanged(), before);
    }
    await writeFile(all.path('terms.json'), whole);
    await holds(await all.found({}));
  });

  it('does not run before its operator founds with it again', async () => {
    await backUp('hospital');
    await all.dealt('insurer', 'laboratory');
    await restore('hospital');
    const free = ['listen.port', 'peers.port', 'ledger.port', 'operate.port'];
    const configuration = parseConfiguration({ line: new Map(free.map((key) => [key, '0'])) });
    const folder = await openNodeFolder(join(all.place, 'hospital'), { ports });
    const log = { debug: silent, info: silent, error: silent, warn: silent };
    const node = await runNode({ folder, configuration, ports, log, version: '1.2.3' });
    await assert.rejects(node.ready, failsWith('NETWORK_ABSENT'));
    await node.stop();
  });

  it('makes no unguarded network in the place of one that it gave out', async () => {
    await backUp('hospital');
    await all.found({ faulty: 1, unguarded: true });
    const before = await all.exchanged();
    await restore('hospital');
    for (const unguarded of [true, false]) {
      await assert.rejects(
        all.found({ faulty: 1, unguarded, agree: no }),
        failsWith('CEREMONY_INVALID'),
      );
      assert.ok(!(await all.has('hospital', 'founding.json')));
    }
    assert.deepEqual(await all.exchanged(), before);
  });
});

describe('a node whose folder was restored from before it dealt', () => {
  it('gives the same deal again, once its operator has read that it dealt before', async () => {
    await backUp('insurer');
    await all.dealt('insurer', 'laboratory');
    const { deal } = await all.read<DealFile>('insurer.deal.json');
    await restore('insurer');
    await assert.rejects(all.joined('insurer', no), /^Error: no$/);
    const asked: unknown[] = [];
    const agree = async (...[, isTerms, hasDealt]: readonly unknown[]): Promise<void> =>
      void asked.push([isTerms, hasDealt]);
    await assert.rejects(all.joined('insurer', agree), lacks);
    assert.deepEqual(asked, [[true, true]]);
    assert.deepEqual((await all.read<DealFile>('insurer.deal.json')).deal, deal);
    await all.up('hospital');
    await holds(await all.networkOf('hospital'));
  });

  it('takes the network file that rests on its deal, once its operator has read that it dealt before', async () => {
    await backUp('insurer');
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    await restore('insurer');
    const asked: unknown[] = [];
    const agree = async (...[, isTerms, hasDealt]: readonly unknown[]): Promise<void> =>
      void asked.push([isTerms, hasDealt]);
    await all.joined('insurer', agree);
    await assert.rejects(
      all.joined('pharmacy', async (...given: readonly unknown[]) => {
        asked.push(given.slice(1));
        await no();
      }),
      /^Error: no$/,
    );
    assert.deepEqual(asked, [
      [false, true],
      [false, false],
    ]);
    await holds(await all.networkOf('hospital'));
  });

  // @actor the founder | gives other terms to an organisation whose folder was restored from before it dealt
  // @attack a node that was restored deals for other terms than before | its deal in the exchange folder is not for those: it signs nothing
  it('does not deal for other terms than its deal beside them', async () => {
    await backUp('insurer');
    await all.dealt('insurer');
    const first = await readFile(all.path('insurer.deal.json'));
    await all.begin();
    await assert.rejects(all.found({ faulty: 0 }), lacks);
    const organisation = 'insurer';
    for (const [text, refused] of [
      [first, failsWith('DEAL_INVALID', { organisation })],
      ['{}', failsWith('CEREMONY_INVALID', { file: 'insurer.deal.json' })],
    ] as const) {
      await writeFile(all.path('insurer.deal.json'), text);
      await assert.rejects(all.joined('insurer', no), refused);
      assert.ok(!(await all.has('insurer', 'terms.json')));
    }
    await rm(all.path('insurer.deal.json'));
    await assert.rejects(all.joined('insurer'), lacks);
  });
});
