import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { PointTerm } from '../../crypto/threshold/GroupPort.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { termsAt } from '../../crypto/threshold/isDeal.ts';
import { GROUP_ORDER, reduced, scalarBytes } from '../../crypto/threshold/scalars.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { FOUR, FourFounders, lacks, ports, type DealFile } from '../test/fourFounders.ts';
import { dealForFounding } from './foundingDeals.ts';
import type { IdentityFile } from './identityFiles.ts';
import type { FoundingTermsFile, HeldFile } from './termsFiles.ts';

/** The founder of a guarded network joins deals that hold at each node that waits, and no other ones. */

let all: FourFounders;

before(async () => {
  all = await FourFounders.prepare();
});
beforeEach(async () => {
  await all.begin();
});
after(async () => await all.end());

/** Gives a deal in place of the one that an organisation's node would make. */
async function dealFalsely(
  name: Organisation,
  {
    alter = (identities) => identities,
    by = ports,
  }: {
    readonly alter?: (identities: readonly IdentityFile[]) => readonly IdentityFile[];
    readonly by?: NodePorts;
  },
): Promise<void> {
  await all.within(name, async (folder) => {
    const [home = assert.fail()] = folder.homes;
    const { network } = await all.read<{ network: NetworkFile }>('terms.json');
    const identities = await Promise.all(FOUR.map(async (each) => await all.identity(each)));
    const deal = await dealForFounding(by, home, network, alter(identities));
    const text = JSON.stringify({ format: 'medseal-deal/1', deal });
    await writeFile(all.path(`${name}.deal.json`), text);
  });
}

/** Seals what one is to get to another. */
function sealedToOther(one: Organisation, other: Organisation) {
  return (identities: readonly IdentityFile[]): readonly IdentityFile[] => {
    const share = identities.find(({ organisation }) => organisation === other)?.share;
    return identities.map((each) => {
      return each.organisation === one && share ? { ...each, share } : each;
    });
  };
}

/** Ports that draw these scalars first: an organisation’s polynomial, from its constant term upwards. */
function drawing(...scalars: readonly bigint[]): NodePorts {
  const drawn = [...scalars];
  const random = (length: number): Uint8Array => {
    const scalar = length === 48 ? drawn.shift() : undefined;
    if (scalar === undefined) return ports.random(length);
    return Buffer.from((reduced(scalar) - 1n).toString(16).padStart(96, '0'), 'hex');
  };
  return { ...ports, random };
}

function times(terms: readonly PointTerm[], factor: bigint): readonly PointTerm[] {
  return terms.map(({ point, scalar }) => ({ point, scalar: reduced(scalar * factor) }));
}

/**
 * Ports by which a deal of three terms gives one index a right share, and takes out at another one what others dealt to it: for its
 * first and second power it has commitments that nobody knows the terms of.
 */
function choosing(right: bigint, nothing: bigint, others: readonly PointTerm[]): NodePorts {
  const polynomial = [5n, 7n, 11n] as const;
  const { group } = ports.primitives;
  const by = drawing(...polynomial);
  const [constant, first, second] = polynomial;
  const one = group.base(scalarBytes(1n));
  // Each index gives what the first commitment and, index times, the second one make.
  const atRight = [{ point: one, scalar: first + right * second }];
  const atNothing = times([...others, { point: one, scalar: constant }], -inverse(nothing));
  const square = times([...atNothing, ...times(atRight, -1n)], inverse(nothing - right));
  const linear = [...atRight, ...times(square, -right)];
  let asked = 0;
  const chosen = Object.create(group, {
    base: {
      value(secret: Uint8Array) {
        asked += 1;
        if (asked === 2) return group.sum(linear);
        return asked === 3 ? group.sum(square) : group.base(secret);
      },
    },
  }) as typeof group;
  return { ...by, primitives: { ...by.primitives, group: chosen } };
}

/** The points that the founder and others commit to at an index. */
async function dealtAt(index: number, ...names: readonly Organisation[]): Promise<PointTerm[]> {
  const { deals } = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
  const others = names.map(async (name) => (await all.read<DealFile>(`${name}.deal.json`)).deal);
  return [...deals, ...(await Promise.all(others))].flatMap(({ keys: [key] }) => {
    return termsAt(key?.commitments.map((each) => hexToBytes(each)) ?? [], index);
  });
}

/** Of a number, modulo the order of the group. */
function inverse(number: bigint): bigint {
  let multiple = number;
  let factor = 1n;
  // Fermat: number to the order less 2.
  for (let rest = GROUP_ORDER - 2n; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) factor = reduced(factor * multiple);
    multiple = reduced(multiple * multiple);
  }
  return factor;
}

async function waits(name: Organisation): Promise<void> {
  await assert.rejects(all.up(name), lacks);
}

/** All have the network and their shares. */
async function holds(network: NetworkFile): Promise<void> {
  for (const name of FOUR) {
    if (name !== 'hospital') await all.joined(name);
    assert.deepEqual(await all.networkOf(name), network);
    assert.ok(await all.hasShare(name, network), name);
  }
}

async function dealers(): Promise<readonly Organisation[]> {
  const { deals } = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
  return deals.map(({ organisation }) => organisation);
}

describe('the founder of a guarded network, as its node starts,', () => {
  // @actor an organisation | deals last, with a false share for one other, while a network is founded by files
  // @attack a false share at a founding takes the seat of whoever gets it | nodes that wait say which deals they hold, and the founder joins those alone
  it('leaves out a deal that a node which waits does not hold, and that node gets a right share', async () => {
    await all.dealt('insurer', 'pharmacy');
    await waits('insurer');
    await dealFalsely('laboratory', { alter: sealedToOther('insurer', 'pharmacy') });
    const organisation = 'laboratory';
    await assert.rejects(all.up('insurer'), failsWith('DEAL_INVALID', { organisation }));
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['laboratory']);
    assert.deepEqual(await dealers(), ['hospital', 'insurer', 'pharmacy']);
    await all.up('insurer');
    assert.ok(await all.hasShare('insurer', await all.networkOf('hospital')));
  });

  // @actor an organisation | deals last, so that all deals together give another one nothing, whose own share it falsified
  // @attack an honest deal is left out, and its dealer's word with it | the founder heeds whoever says that it holds no share, and tries the sum after that
  it('heeds whose share is false before it looks who takes out something of the others', async () => {
    await all.dealt('insurer', 'laboratory');
    await waits('insurer');
    const insurers = await dealtAt(2, 'insurer', 'laboratory');
    await dealFalsely('pharmacy', { by: choosing(1n, 2n, insurers) });
    const organisation = 'pharmacy';
    await assert.rejects(all.up('insurer'), failsWith('DEAL_INVALID', { organisation }));
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['pharmacy']);
    assert.deepEqual(await dealers(), ['hospital', 'insurer', 'laboratory']);
    await holds(await all.networkOf('hospital'));
  });

  it('joins an honest deal of which somebody says that it gave a right share, also if another one takes something out of it', async () => {
    await all.dealt('insurer', 'laboratory');
    const laboratorys = await dealtAt(3, 'laboratory');
    await dealFalsely('pharmacy', { by: choosing(2n, 3n, laboratorys) });
    await assert.rejects(all.up('insurer'), lacks);
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['pharmacy']);
    await holds(await all.networkOf('hospital'));
  });

  it('waits until each node that waits has said that it holds the deals, if it needs all', async () => {
    await assert.rejects(all.found({}), lacks);
    for (const name of ['insurer', 'laboratory']) await assert.rejects(all.joined(name), lacks);
    await waits('insurer');
    await waits('laboratory');
    await assert.rejects(all.joined('pharmacy'), lacks);
    const missing = 'insurer, laboratory must confirm the share of pharmacy';
    await assert.rejects(all.up('hospital'), failsWith('DEALS_MISSING', { missing }));
    await waits('insurer');
    const rest = 'laboratory must confirm the share of pharmacy';
    await assert.rejects(all.up('hospital'), failsWith('DEALS_MISSING', { missing: rest }));
    await waits('laboratory');
    await all.up('hospital');
    assert.deepEqual(all.leftOut, []);
    await holds(await all.networkOf('hospital'));
  });

  it('asks nobody whose node does not wait: files that are carried go round no further time', async () => {
    await all.dealt('insurer', 'laboratory', 'pharmacy');
    await all.up('hospital');
    assert.deepEqual(await dealers(), [...FOUR]);
  });

  // @actor who writes into the exchange folder | says in another's name which deals that one holds
  // @attack a forged statement of the deals that an organisation holds | its coordinator signs it
  it('refuses what somebody else says that an organisation holds', async () => {
    await all.dealt('insurer', 'laboratory');
    await waits('insurer');
    const file = 'insurer.held.json';
    const held = await all.read<HeldFile>(file);
    const other = (await all.read<DealFile>('laboratory.deal.json')).deal.signature;
    for (const altered of [
      { ...held, deals: held.deals.slice(1) },
      { ...held, signature: other },
      { ...held, organisation: 'laboratory' },
      { ...held, format: 'medseal-held/2' },
      {},
    ]) {
      await all.change(file, () => altered);
      await assert.rejects(all.up('hospital'), failsWith('CEREMONY_INVALID', { file }));
    }
    await waits('insurer');
    assert.deepEqual(await all.read<HeldFile>(file), held);
    await all.up('hospital');
  });

  it('leaves out deals that do not hold if the others are enough, and refuses them if not, or as it founds', async () => {
    await all.dealt('insurer', 'laboratory');
    await dealFalsely('pharmacy', { alter: sealedToOther('hospital', 'insurer') });
    const organisation = 'pharmacy';
    await assert.rejects(all.found(), failsWith('DEAL_INVALID', { organisation }));
    const whole = await readFile(all.path('insurer.deal.json'));
    await rm(all.path('insurer.deal.json'));
    await assert.rejects(all.up('hospital'), failsWith('DEAL_INVALID', { organisation }));
    await writeFile(all.path('insurer.deal.json'), whole);
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['pharmacy']);
    await holds(await all.networkOf('hospital'));
  });

  // @actor an organisation | deals itself, or another one, a share that is nothing
  // @attack a deal that gives a member nothing ends the nodes that look at it | it is refused by itself, with its dealer
  it('leaves out a deal that gives somebody nothing', async () => {
    await all.dealt('insurer', 'laboratory');
    for (const index of [4n, 2n]) {
      await dealFalsely('pharmacy', { by: drawing(-index * (7n + 11n * index), 7n, 11n) });
      const organisation = 'pharmacy';
      await assert.rejects(all.up('insurer'), failsWith('DEAL_INVALID', { organisation }));
    }
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['pharmacy']);
    await holds(await all.networkOf('hospital'));
  });

  // @actor who writes into the exchange folder | puts a deal there whose text has no canonical form
  // @attack a file that cannot be hashed ends the nodes that wait for a founding | it is malformed, and named
  it('names a file with text that has no canonical form', async () => {
    await all.dealt('insurer', 'laboratory');
    const { format, deal } = await all.read<DealFile>('laboratory.deal.json');
    const [first = assert.fail(), ...others] = deal.shares;
    const shares = [{ ...first, organisation: '\ud800' }, ...others];
    const file = 'pharmacy.deal.json';
    const altered = { ...deal, organisation: 'pharmacy', shares };
    await writeFile(all.path(file), JSON.stringify({ format, deal: altered }));
    await assert.rejects(all.up('insurer'), failsWith('CEREMONY_INVALID', { file }));
    await all.up('hospital');
    assert.deepEqual(all.leftOut, [file]);
    await all.change('terms.json', (terms: FoundingTermsFile) => ({ ...terms, deals: [altered] }));
    const unfit = failsWith('CEREMONY_INVALID', { file: 'terms.json' });
    await assert.rejects(all.up('insurer'), unfit);
  });

  // @actor who writes into the exchange folder | puts files there in the names of the founder, of strangers, and of one who has yet to deal
  // @attack a file that is not a deal keeps the founder from founding | it counts for its own organisation alone, and strangers not at all
  it('leaves out a malformed deal, and reads nothing in its own name or that of a stranger', async () => {
    await all.dealt('insurer', 'laboratory');
    await waits('insurer');
    const { deals } = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
    const [deal = assert.fail()] = deals;
    const whole = JSON.stringify({ format: 'medseal-deal/1', deal });
    for (const [name, text] of [
      ['hospital.deal.json', whole],
      ['stranger.deal.json', whole],
      ['stranger.held.json', '{}'],
      ['pharmacy.held.json', '{}'],
      ['pharmacy.deal.json', whole],
    ] as const) {
      await writeFile(all.path(name), text);
    }
    const file = 'pharmacy.deal.json';
    await assert.rejects(all.found(), failsWith('CEREMONY_INVALID', { file }));
    await all.up('hospital');
    assert.deepEqual(all.leftOut, [file]);
    await rm(all.path(file));
    await holds(await all.networkOf('hospital'));
  });

  // @attack a deal that makes the release key infinite | its dealer is named, and its deal left out
  it('leaves out a deal that takes out something of the others', async () => {
    await all.dealt('laboratory', 'pharmacy');
    const { deals } = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
    const others = ['laboratory', 'pharmacy'].map(
      async (name) => (await all.read<DealFile>(`${name}.deal.json`)).deal,
    );
    const terms: PointTerm[] = [...deals, ...(await Promise.all(others))].map(({ keys: [key] }) => {
      return { point: hexToBytes(key?.commitments[1] ?? '0x'), scalar: GROUP_ORDER - 1n };
    });
    const { group } = ports.primitives;
    let asked = 0;
    const cancelling = Object.create(group, {
      base: {
        value(secret: Uint8Array) {
          asked += 1;
          return asked === 2 ? group.sum(terms) : group.base(secret);
        },
      },
    }) as typeof group;
    const primitives = { ...ports.primitives, group: cancelling };
    await dealFalsely('insurer', { by: { ...ports, primitives } });
    await all.up('hospital');
    assert.deepEqual(all.leftOut, ['insurer']);
    await holds(await all.networkOf('hospital'));
  });
});
