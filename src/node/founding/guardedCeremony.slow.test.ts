// Over 400 lines: one founding, in which each deal and each file is altered.
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { GivenDeal } from '../../protocol/dealing/Dealing.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { FOUR, FourFounders, lacks, no, ports, type DealFile } from '../test/fourFounders.ts';
import { joinFromFiles } from './ceremony.ts';
import { dealForFounding } from './foundingDeals.ts';
import { followsFromItself } from './followsFromItself.ts';
import { writeIdentity, type IdentityFile } from './identityFiles.ts';

/** Four organisations found a guarded network by files: one of them may lie or be away. */

const OTHERS = ['insurer', 'laboratory', 'pharmacy'] as const;
let all: FourFounders;

before(async () => {
  all = await FourFounders.prepare();
});
beforeEach(async () => {
  await all.begin();
});
after(async () => await all.end());

describe('a deal for a network that is founded by files is refused, with whose it is,', () => {
  // @actor an organisation | deals in another's name while a network is founded by files
  // @attack a forged deal at a founding by files | the coordinator of the named organisation signs each deal
  it('where another organisation made it', async () => {
    await all.dealt('laboratory', 'pharmacy');
    const { deal } = await all.read<DealFile>('laboratory.deal.json');
    const forged = { format: 'medseal-deal/1', deal: { ...deal, organisation: 'insurer' } };
    await writeFile(all.path('insurer.deal.json'), JSON.stringify(forged));
    const organisation = 'insurer';
    await assert.rejects(all.found(), failsWith('DEAL_INVALID', { organisation }));
    await assert.rejects(all.joined('laboratory'), failsWith('DEAL_INVALID', { organisation }));
    assert.ok(!(await all.has('hospital', 'founding.json')));
  });

  // @actor an organisation | uses a deal of one founding in another one
  // @attack a deal of another network at a founding by files | deals are signed for the terms and recipients of one founding
  it('where it was made for other terms, by the same organisations', async () => {
    await all.dealt(...OTHERS);
    const other = await readFile(all.path('pharmacy.deal.json'));
    await all.begin();
    await all.dealt('laboratory');
    await writeFile(all.path('pharmacy.deal.json'), other);
    const organisation = 'pharmacy';
    await assert.rejects(all.up('hospital'), failsWith('DEAL_INVALID', { organisation }));
  });

  // @actor the carrier of the files | alters a deal on its way to the founder
  // @attack an altered deal at a founding by files | its dealer signed all of it
  it('where any part of it was altered', async () => {
    await all.dealt(...OTHERS);
    const file = await all.read<DealFile>('laboratory.deal.json');
    const other = (await all.read<DealFile>('insurer.deal.json')).deal;
    const { deal } = file;
    const [key = assert.fail()] = deal.keys;
    const [otherKey = assert.fail()] = other.keys;
    const organisation = 'laboratory';
    const altered: readonly GivenDeal[] = [
      { ...deal, shares: deal.shares.toReversed() },
      { ...deal, shares: deal.shares.slice(1) },
      { ...deal, shares: other.shares },
      { ...deal, keys: other.keys },
      { ...deal, keys: [{ ...key, proof: otherKey.proof }] },
      { ...deal, keys: [key, key] },
      { ...deal, keys: [{ ...key, commitments: key.commitments.slice(1) }] },
      { ...deal, signature: other.signature },
    ];
    for (const each of altered) {
      await all.change('laboratory.deal.json', () => ({ ...file, deal: each }));
      await assert.rejects(all.found(), failsWith('DEAL_INVALID', { organisation }));
    }
    assert.ok(!(await all.has('hospital', 'founding.json')));
  });

  it('where it is malformed, of another version, or under the name of another', async () => {
    await all.dealt(...OTHERS);
    const file = await all.read<DealFile>('laboratory.deal.json');
    for (const value of [
      {},
      [],
      null,
      { ...file, format: 'medseal-deal/2' },
      { ...file, more: 1 },
    ]) {
      await all.change('laboratory.deal.json', () => value);
      const named = { file: 'laboratory.deal.json' };
      await assert.rejects(all.found(), failsWith('CEREMONY_INVALID', named));
    }
    await all.change('laboratory.deal.json', () => file);
    await all.change('insurer.deal.json', () => file);
    const reason = 'it is of laboratory';
    const named = { file: 'insurer.deal.json', reason };
    await assert.rejects(all.found(), failsWith('CEREMONY_INVALID', named));
  });

  it('where it is there twice, or of an organisation that is not in the network', async () => {
    await all.dealt('insurer', 'laboratory');
    const { deals } = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
    const [deal = assert.fail()] = deals;
    for (const organisation of ['hospital', 'clinic']) {
      const given = [deal, { ...deal, organisation }];
      await all.change('terms.json', (terms: object) => ({ ...terms, deals: given }));
      await assert.rejects(all.joined('insurer'), failsWith('DEAL_INVALID', { organisation }));
    }
  });

  // @actor an organisation | gives another one a wrong share while a network is founded by files
  // @attack a wrong share at a founding by files | each node verifies its shares by the dealer's commitments before it takes the network file
  it('where its share for somebody is not what it committed to, by whoever gets it', async () => {
    await all.dealt('insurer', 'pharmacy');
    await all.within('laboratory', async (folder, exchange) => {
      const [home = assert.fail()] = folder.homes;
      const { network } = await all.read<{ network: NetworkFile }>('terms.json');
      const identities = await Promise.all(FOUR.map(async (name) => await all.identity(name)));
      // The insurer's value is sealed to the pharmacy.
      const pharmacy = identities.find((each) => each.organisation === 'pharmacy');
      const swapped = identities.map((each) => {
        return each.organisation === 'insurer' ? { ...each, share: pharmacy?.share } : each;
      });
      const deal = await dealForFounding(ports, home, network, swapped as IdentityFile[]);
      await writeFile(
        join(exchange, 'laboratory.deal.json'),
        JSON.stringify({ format: 'medseal-deal/1', deal }),
      );
    });
    const organisation = 'laboratory';
    await assert.rejects(all.joined('insurer'), failsWith('DEAL_INVALID', { organisation }));
    await all.up('hospital');
    await assert.rejects(all.up('insurer'), failsWith('DEAL_INVALID', { organisation }));
    assert.ok(!(await all.has('insurer', 'network.json')));
    await all.up('pharmacy');
  });
});

describe('an identity file is refused for a guarded network,', () => {
  // @actor the carrier of the files | puts its own recipient into an identity file
  // @attack a foreign recipient in an identity file | its coordinator signs it, and the organisation compares its own
  it('if its recipient is not signed by its coordinator, or is of another organisation', async () => {
    const own = await all.identity('insurer');
    const other = await all.identity('pharmacy');
    const share = own.share ?? assert.fail();
    const foreign = other.share ?? assert.fail();
    const file = 'insurer.identity.json';
    for (const wrong of [
      foreign,
      { ...share, recipient: foreign.recipient },
      { ...share, signature: foreign.signature },
      {
        ...share,
        recipient: `${share.recipient.slice(0, -1)}${share.recipient.endsWith('q') ? 'p' : 'q'}`,
      },
      { ...share, recipient: 'age1pq1qqqq' },
      { recipient: share.recipient },
      null,
    ]) {
      await all.change(file, () => ({ ...own, share: wrong }));
      await assert.rejects(all.found(), failsWith('CEREMONY_INVALID', { file }));
    }
    assert.ok(!(await all.has('hospital', 'terms.json')));
  });

  it('if an older version made it, with what to do; unguarded the network is founded', async () => {
    const { share: _share, ...older } = await all.identity('insurer');
    const file = 'insurer.identity.json';
    await all.change(file, () => older);
    await assert.rejects(all.found(), /insurer runs its first init again .* --unguarded/);
    await assert.rejects(all.found(), failsWith('CEREMONY_INVALID', { file }));
    assert.ok(!(await all.has('hospital', 'terms.json')));
    const network = await all.found({ unguarded: true });
    assert.equal(network.channels[0]?.release, undefined);
  });

  it('and completed by the same command in the folder of an older version', async () => {
    const { share, ...older } = await all.identity('insurer');
    await all.change('insurer.identity.json', () => older);
    await writeFile(join(all.place, 'insurer', 'identity.json'), JSON.stringify(older));
    await all.within('insurer', async (folder, exchange) => {
      await writeIdentity(folder, 'https://insurer.example', exchange, ports);
      await writeIdentity(folder, 'https://insurer.example', exchange, ports);
    });
    assert.deepEqual((await all.identity('insurer')).share, share);
    await all.dealt(...OTHERS);
  });

  it('and made again with another recipient if the folder lost the identity of its one, before it dealt', async () => {
    const before = (await all.identity('insurer')).share;
    const node = join(all.place, 'insurer', 'node', 'insurer');
    const [lost = assert.fail()] = (await readdir(node)).filter((name) =>
      name.startsWith('dealing-'),
    );
    await rm(join(node, lost));
    const again = async (): Promise<void> => {
      await all.within('insurer', async (folder, exchange) => {
        await writeIdentity(folder, 'https://insurer.example', exchange, ports);
      });
    };
    await again();
    const { share } = await all.identity('insurer');
    assert.notEqual(share?.recipient, before?.recipient);
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    await all.up('insurer');
    assert.ok(await all.hasShare('insurer', await all.networkOf('hospital')));
    await again();
    assert.deepEqual((await all.identity('insurer')).share, share);
    await all.joined('insurer');
  });

  it('if its recipient was taken out of it on its way, at its own organisation', async () => {
    await all.dealt('laboratory');
    const { share: _share, ...rest } = await all.identity('insurer');
    await all.change('insurer.identity.json', () => rest);
    await assert.rejects(all.joined('insurer'), failsWith('CEREMONY_INVALID'));
    await assert.rejects(all.found(), failsWith('CEREMONY_INVALID'));
    await assert.rejects(all.up('hospital'), lacks);
  });
});

describe('terms that organisations deal for are refused,', () => {
  it('if anything in them differs from the identity files, and nobody is asked', async () => {
    await assert.rejects(all.found(), lacks);
    const terms = await all.read<{ network: NetworkFile }>('terms.json');
    const { network } = terms;
    const [channel = assert.fail()] = network.channels;
    for (const [altered, code] of [
      [{ ...network, channels: [{ ...channel, faulty: 0 }] }, 'CEREMONY_INVALID'],
      [{ ...network, rights: { longest: 7 } }, 'CEREMONY_INVALID'],
      [{ ...network, networkId: `0x${'12'.repeat(32)}` }, 'CEREMONY_INVALID'],
      [{ ...network, demo: true }, 'CEREMONY_INVALID'],
      [{ ...network, founders: network.founders?.slice(1) }, 'NETWORK_FILE_INVALID'],
      [{ ...network, channels: [] }, 'NETWORK_FILE_INVALID'],
    ] as const) {
      await all.change('terms.json', () => ({ ...terms, network: altered }));
      await assert.rejects(all.joined('insurer', no), failsWith(code));
    }
    for (const value of [{}, null, { ...terms, deals: [] }, { ...terms, format: 'x' }]) {
      await all.change('terms.json', () => value);
      const named = { file: 'terms.json' };
      await assert.rejects(all.joined('insurer', no), failsWith('CEREMONY_INVALID', named));
    }
    assert.ok(!(await all.has('insurer', 'terms.json')));
  });

  // @actor an organisation that did not found the network | gives out terms in the founder's name
  // @attack terms of a founding that its founder did not give | they have a deal that the founder's coordinator signed
  it('if the founder did not deal for them, or somebody dealt in the name of the node that reads them', async () => {
    await all.dealt('insurer', 'laboratory');
    const terms = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
    const { deal } = await all.read<DealFile>('insurer.deal.json');
    const named = { file: 'terms.json' };
    await all.change('terms.json', () => ({ ...terms, deals: [deal] }));
    await assert.rejects(all.joined('pharmacy', no), failsWith('CEREMONY_INVALID', named));
    const { deal: other } = await all.read<DealFile>('laboratory.deal.json');
    const organisation = 'insurer';
    const forged = [...terms.deals, { ...other, organisation }];
    await all.change('terms.json', () => ({ ...terms, deals: forged }));
    await assert.rejects(all.joined('insurer', no), failsWith('CEREMONY_INVALID', named));
    await rm(join(all.place, 'insurer', 'terms.json'));
    await assert.rejects(all.joined('insurer', no), failsWith('DEAL_INVALID', { organisation }));
  });

  // @actor the founder | founds again with other terms once organisations have dealt
  // @attack other terms after the deals | each node takes only a network file that follows from the terms that it dealt for
  it('if a node dealt for other ones', async () => {
    await all.dealt('insurer');
    const before = all.place;
    await all.begin();
    for (const name of OTHERS) {
      await rm(join(all.place, name), { recursive: true });
      await cp(join(before, name), join(all.place, name), { recursive: true });
    }
    await assert.rejects(all.found({ faulty: 0 }), lacks);
    const named = { file: 'terms.json' };
    await assert.rejects(all.joined('insurer'), failsWith('CEREMONY_INVALID', named));
  });

  it('if whoever is asked does not agree, and nothing is dealt', async () => {
    await assert.rejects(all.found({ agree: no }), /^Error: no$/);
    assert.ok(!(await all.has('hospital', 'terms.json')));
    await assert.rejects(all.found(), lacks);
    await assert.rejects(all.joined('insurer', no), /^Error: no$/);
    assert.ok(!(await all.has('insurer', 'terms.json')));
    assert.ok(!(await readdir(join(all.place, 'exchange'))).includes('insurer.deal.json'));
  });

  it('if the founder founds again with other terms, or unguarded', async () => {
    await all.dealt('insurer');
    for (const terms of [{ faulty: 0 }, { longestRight: 60 }, { unguarded: true }]) {
      await assert.rejects(all.found(terms), failsWith('CEREMONY_INVALID'));
    }
    await assert.rejects(all.found({}), lacks);
  });
});

describe('a network file of a guarded founding is refused,', () => {
  const refused = failsWith('CEREMONY_INVALID', { file: 'network.json' });

  // @actor the founder | gives out a network file with a release key of its own, or without one
  // @attack another release key than the organisations dealt | each node derives it from the deals
  it('if its release key is not what the deals make, or is not there', async () => {
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    const network = await all.read<NetworkFile>('network.json');
    const [channel = assert.fail()] = network.channels;
    const { release = assert.fail(), ...unguarded } = channel;
    const [first = assert.fail(), second = assert.fail(), ...rest] = release.shares;
    const swapped = [{ ...first, key: second.key }, { ...second, key: first.key }, ...rest];
    for (const altered of [
      { ...channel, release: { ...release, publicKey: first.key } },
      { ...channel, release: { ...release, shares: swapped } },
      unguarded,
    ]) {
      await all.change('network.json', () => ({ ...network, channels: [altered] }));
      for (const name of OTHERS) await assert.rejects(all.joined(name), refused);
    }
    for (const name of OTHERS) assert.ok(!(await all.has(name, 'network.json')), name);
  });

  it('if the deals beside it are too few, others, or not there', async () => {
    await all.dealt(...OTHERS);
    await all.up('hospital');
    const terms = await all.read<{ deals: readonly GivenDeal[] }>('terms.json');
    const { deals } = terms;
    const named = { file: 'terms.json' };
    await all.change('terms.json', () => ({ ...terms, deals: deals.slice(0, 2) }));
    await assert.rejects(all.up('insurer'), failsWith('CEREMONY_INVALID', named));
    const [first = assert.fail(), ...others] = deals;
    for (const altered of [deals.slice(0, 3), deals.toReversed(), [first, first, ...others]]) {
      await all.change('terms.json', () => ({ ...terms, deals: altered }));
      await assert.rejects(all.up('insurer'), failsWith('CEREMONY_INVALID', named));
    }
    await rm(all.path('terms.json'));
    await assert.rejects(all.up('insurer'), failsWith('CEREMONY_INVALID', named));
  });

  // @actor who carries the files of a founding | gives some organisations another set of deals, each of them good, and the network file that follows
  // @attack two networks from one founding by files | the founder signs the set of deals that it joined
  it('if the founder did not sign the set of deals beside it', async () => {
    await all.dealt(...OTHERS);
    await all.up('hospital');
    const terms = await all.read<{ deals: readonly GivenDeal[]; set: string }>('terms.json');
    const { set, ...unsigned } = terms;
    const other = terms.deals[1]?.signature ?? assert.fail();
    const reason = 'its founder did not sign this set of deals';
    for (const value of [unsigned, { ...unsigned, set: other }]) {
      await all.change('terms.json', () => value);
      const named = { file: 'terms.json', reason };
      for (const name of OTHERS)
        await assert.rejects(all.up(name), failsWith('CEREMONY_INVALID', named));
    }
    await all.change('terms.json', () => ({ ...unsigned, set }));
    for (const name of OTHERS) await all.up(name);
  });

  // @actor a thief of a coordinator's key | deals in its organisation's name while a network is founded by files
  // @attack a second deal in an organisation's name | each node compares the deal in its name with the one that it made
  it('if it rests on a deal in the name of the node that the node did not make', async () => {
    await all.dealt('insurer', 'laboratory');
    await all.within('insurer', async (folder, exchange) => {
      const [home = assert.fail()] = folder.homes;
      const { network } = await all.read<{ network: NetworkFile }>('terms.json');
      const identities = await Promise.all(FOUR.map(async (name) => await all.identity(name)));
      const deal = await dealForFounding(ports, home, network, identities);
      const text = JSON.stringify({ format: 'medseal-deal/1', deal });
      await writeFile(join(exchange, 'insurer.deal.json'), text);
    });
    await all.up('hospital');
    const reason = 'a deal in the name of this node is not the one that it made';
    await assert.rejects(all.up('insurer'), failsWith('CEREMONY_INVALID', { reason }));
    assert.ok(!(await all.has('insurer', 'network.json')));
  });

  // @actor who writes into the exchange folder | puts an unguarded network of the same organisations beside the founder's terms
  // @attack an unguarded network in the place of a guarded one | it is refused where terms of a guarded one are
  it('if it is unguarded beside the terms of a guarded one, also by who has yet to deal', async () => {
    await assert.rejects(all.found(), lacks);
    const guarded = all.place;
    await all.begin();
    await all.found({ faulty: 1, unguarded: true });
    await cp(all.path('network.json'), join(guarded, 'exchange', 'network.json'));
    all.place = guarded;
    await assert.rejects(all.joined('insurer', no), refused);
  });

  it('if it is of other terms than the deals beside it', async () => {
    await all.dealt(...OTHERS);
    await all.up('hospital');
    await all.change('network.json', (network: NetworkFile) => ({
      ...network,
      rights: { longest: 7 },
    }));
    await assert.rejects(all.up('insurer'), refused);
  });
});

describe('a guarded network that is founded by files', () => {
  it('waits for the deals of all organisations but those that may be faulty, and names the others', async () => {
    const two = '2 of insurer, laboratory, pharmacy must deal';
    await assert.rejects(all.found(), failsWith('DEALS_MISSING', { missing: two }));
    await assert.rejects(all.joined('insurer'), lacks);
    const one = '1 of laboratory, pharmacy must deal';
    await assert.rejects(all.up('hospital'), failsWith('DEALS_MISSING', { missing: one }));
    await assert.rejects(all.up('insurer'), lacks);
    for (const name of FOUR) assert.ok(!(await all.has(name, 'network.json')), name);
    assert.ok(!(await all.has('hospital', 'founding.json')));
    assert.ok(!(await readdir(join(all.place, 'exchange'))).includes('network.json'));
  });

  it('needs the deals of all if none may be faulty', async () => {
    await assert.rejects(all.found({}), lacks);
    await assert.rejects(all.joined('insurer'), lacks);
    await assert.rejects(all.joined('laboratory'), lacks);
    await assert.rejects(
      all.up('hospital'),
      failsWith('DEALS_MISSING', { missing: 'pharmacy must deal' }),
    );
    await assert.rejects(all.joined('pharmacy'), lacks);
    for (const name of FOUR) await all.up(name);
    const network = await all.networkOf('pharmacy');
    assert.equal(network.channels[0]?.release?.threshold, 3);
  });

  // @attack fewer organisations than a release takes deal a network's first key, and so know it | as many deal as open a record, at least
  it('needs as many deals as open a record, if that is more than all but the faulty', async () => {
    await assert.rejects(all.found({ faulty: 1, thresholds: { views: 4, writes: 3 } }), lacks);
    for (const name of ['insurer', 'laboratory'] as const)
      await assert.rejects(all.joined(name), lacks);
    await assert.rejects(
      all.up('hospital'),
      failsWith('DEALS_MISSING', { missing: 'pharmacy must deal' }),
    );
    await assert.rejects(all.joined('pharmacy'), lacks);
    for (const name of FOUR) await all.up(name);
    assert.equal((await all.networkOf('pharmacy')).channels[0]?.release?.threshold, 4);
  });

  it('has its key before anybody runs, and each has its share, also one that dealt for nothing and joins last', async () => {
    await all.dealt('insurer', 'laboratory');
    for (const name of ['hospital', 'insurer', 'laboratory'] as const) await all.up(name);
    const network = await all.networkOf('hospital');
    assert.ok(followsFromItself(network, ports.primitives));
    const asked: boolean[] = [];
    const agree = async (_: NetworkFile, isTerms: boolean): Promise<void> =>
      void asked.push(isTerms);
    assert.deepEqual(await all.joined('pharmacy', agree), network);
    assert.deepEqual(asked, [false]);
    for (const name of FOUR) {
      assert.deepEqual(await all.networkOf(name), network);
      assert.ok(await all.hasShare(name, network), name);
      assert.ok(!(await all.has(name, /^dealing-/)), `${name} keeps the identity of its recipient`);
    }
  });

  it('keeps its key if a deal comes after the founder joined them', async () => {
    await all.dealt('insurer', 'laboratory');
    const alone = join(all.place, 'alone');
    await cp(all.path(''), alone, { recursive: true });
    await all.up('hospital');
    const network = await all.read<NetworkFile>('network.json');
    await all.within('pharmacy', async (folder) => {
      await assert.rejects(joinFromFiles(folder, alone, ports), lacks);
    });
    await cp(join(alone, 'pharmacy.deal.json'), all.path('pharmacy.deal.json'));
    assert.deepEqual(await all.found({}), network);
    assert.deepEqual(await all.joined('pharmacy'), network);
    assert.ok(await all.hasShare('pharmacy', network));
  });

  it('asks once: who dealt for the terms takes the network file without a question', async () => {
    const asked: string[] = [];
    await assert.rejects(
      all.found({
        faulty: 1,
        agree: async (_, isGuarded) => void asked.push(`founds ${isGuarded}`),
      }),
      lacks,
    );
    const agree = async (_: NetworkFile, isTerms: boolean): Promise<void> =>
      void asked.push(`joins ${isTerms}`);
    for (const name of ['insurer', 'laboratory'])
      await assert.rejects(all.joined(name, agree), lacks);
    await all.up('hospital');
    for (const name of ['insurer', 'laboratory']) await all.joined(name, agree);
    assert.deepEqual(asked, ['founds true', 'joins true', 'joins true']);
  });

  it('stays as it is if a command is repeated, at each point', async () => {
    await all.dealt('insurer');
    const before = await all.exchanged();
    await all.dealt('insurer');
    assert.deepEqual(await all.exchanged(), before);
    await assert.rejects(all.up('insurer'), lacks);
    const held = await all.exchanged();
    await assert.rejects(all.up('insurer'), lacks);
    assert.deepEqual(await all.exchanged(), held);
    await assert.rejects(all.joined('laboratory'), lacks);
    await assert.rejects(all.up('insurer'), lacks);
    await all.up('hospital');
    const after = await all.exchanged();
    const network = await all.networkOf('hospital');
    for (let twice = 0; twice < 2; twice++) {
      await all.up('hospital');
      assert.deepEqual(await all.found({}), network);
      assert.deepEqual(await all.joined('hospital'), network);
      for (const name of OTHERS) assert.deepEqual(await all.joined(name), network);
    }
    assert.deepEqual(await all.exchanged(), after);
  });

  it('is founded by one organisation alone at once', async () => {
    for (const name of OTHERS) await rm(all.path(`${name}.identity.json`));
    const network = await all.found({});
    assert.ok(await all.hasShare('hospital', network));
  });
});

describe('a guarded founding that was cut off', () => {
  it('goes on with the deals that the founder joined, whichever came later', async () => {
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    const network = await all.networkOf('hospital');
    // Cut after the set of deals was fixed, before anything named the key.
    const own = JSON.parse(await readFile(join(all.place, 'hospital', 'terms.json'), 'utf8')) as {
      deals: readonly GivenDeal[];
    };
    assert.equal(own.deals.length, 3);
    for (const file of ['founding.json', 'network.json', 'ledger']) {
      await rm(join(all.place, 'hospital', file), { recursive: true, force: true });
    }
    await rm(all.path('network.json'));
    await all.change('terms.json', (terms: { deals: readonly GivenDeal[] }) => ({
      ...terms,
      deals: terms.deals.slice(0, 1),
    }));
    await assert.rejects(all.joined('pharmacy'), lacks);
    await all.up('hospital');
    assert.deepEqual(await all.networkOf('hospital'), network);
    assert.deepEqual(await all.read<NetworkFile>('network.json'), network);
    assert.deepEqual(await all.joined('pharmacy'), network);
  });

  it('gives the deal again that it made, if that is lost on its way', async () => {
    await all.dealt('insurer');
    const { deal } = await all.read<DealFile>('insurer.deal.json');
    await rm(all.path('insurer.deal.json'));
    await assert.rejects(all.up('insurer'), lacks);
    assert.deepEqual((await all.read<DealFile>('insurer.deal.json')).deal, deal);
  });

  it('takes its share again if it was cut off before the network file, and needs its recipient’s identity for it', async () => {
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    const network = await all.read<NetworkFile>('network.json');
    const node = join(all.place, 'insurer', 'node', 'insurer');
    const identities = (await readdir(node)).filter((name) => name.startsWith('dealing-'));
    assert.equal(identities.length, 1);
    const [name = assert.fail()] = identities;
    const kept = await readFile(join(node, name));
    await rm(join(node, name));
    const organisation = 'insurer';
    await assert.rejects(all.up('insurer'), failsWith('DEAL_INVALID', { organisation }));
    await writeFile(join(node, name), kept, { mode: 0o600 });
    await all.up('insurer');
    await rm(join(all.place, 'insurer', 'network.json'));
    await all.up('insurer');
    assert.deepEqual(await all.networkOf('insurer'), network);
    assert.ok(await all.hasShare('insurer', network));
  });

  it('refuses its own terms if somebody altered them', async () => {
    await all.dealt('insurer');
    const own = join(all.place, 'insurer', 'terms.json');
    await writeFile(own, '{"format":"medseal-terms/1"}');
    await assert.rejects(all.up('insurer'), failsWith('FOLDER_FOREIGN'));
  });
});
