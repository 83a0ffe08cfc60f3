import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerDue } from './answerDue.ts';
import { CHANNEL_NUMBERS } from './channelNumbers.ts';
import { dailyBytesOf } from './dailyBytesOf.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { failsWith } from '../test/failsWith.ts';
import { network, research, signatory, word } from '../test/sampleNetwork.ts';

type Json = Record<string, unknown>;

/** As a network that was founded by files says who founded it. */
const founders = network.authority.members.map(({ organisation }) => ({
  organisation,
  sender: signatory(`sender of ${organisation}`).address,
  url: `https://${organisation}.example`,
}));
const founded: NetworkFile = { ...network, founders };
const mallory = signatory('mallory').address;
const authority = network.authority.members;
const { coordinators = [], logs = [] } = network.channels[0] ?? {};

/** The network file with one value replaced, at a path such as `channels.0.threshold`. */
function changed(path: string, value: unknown, from = founded): unknown {
  const copy = structuredClone(from) as unknown as Json;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let inner = copy;
  for (const name of names) inner = inner[name] as Json;
  inner[last] = value;
  return copy;
}

describe('parseNetworkFile', () => {
  it('takes a network file as it was written', () => {
    assert.equal(parseNetworkFile(network), network);
    assert.equal(parseNetworkFile(founded), founded);
    assert.deepEqual(parseNetworkFile(JSON.parse(JSON.stringify(network))), network);
  });

  it('takes keys for TLS of all founders, and refuses keys of some, twice, malformed, or at an http: address', () => {
    const keyed = founders.map((each, place) => ({ ...each, tls: word(`tls ${place}`) }));
    const [first = assert.fail(), second = assert.fail(), ...rest] = keyed;
    assert.deepEqual(parseNetworkFile({ ...network, founders: keyed }).founders, keyed);
    const { tls: _tls, ...without } = first;
    for (const other of [
      [without, second, ...rest],
      [{ ...first, tls: second.tls }, second, ...rest],
      [{ ...first, tls: '0x12' }, second, ...rest],
      [{ ...first, tls: 7 }, second, ...rest],
      [{ ...first, url: 'http://hospital.example' }, second, ...rest],
      [{ ...first, url: undefined }, second, ...rest],
    ]) {
      assert.throws(
        () => parseNetworkFile({ ...network, founders: other }),
        failsWith('NETWORK_FILE_INVALID'),
      );
    }
  });

  it('takes several channels, each with logs of its own', () => {
    const both = { ...network, channels: [...network.channels, research] };
    assert.equal(parseNetworkFile(both), both);
    // On the ledger, a log is its id: the same in two channels would be one log.
    for (const place of [0, 1, 2]) {
      const [own, other] = [research.logs[place], logs[place]];
      assert.ok(own !== undefined && other !== undefined);
      const { origin, id, key } = other;
      const shared = { ...research, logs: research.logs.with(place, { ...own, origin, id, key }) };
      assert.throws(
        () => parseNetworkFile({ ...network, channels: [...network.channels, shared] }),
        failsWith('NETWORK_FILE_INVALID', { reason: 'two logs are alike' }),
      );
    }
  });

  for (const value of [undefined, null, [], 'x', 7, {}, [network]]) {
    it(`refuses ${JSON.stringify(value)?.slice(0, 20)}`, () => {
      assert.throws(() => parseNetworkFile(value), failsWith('NETWORK_FILE_INVALID'));
    });
  }

  const wrong: [string, unknown][] = [
    ['format', 'medseal-network/2'],
    ['networkId', '0x00'],
    ['networkId', network.networkId.toUpperCase()],
    ['demo', 'yes'],
    ['ledger', null],
    ['ledger.chainId', 0],
    ['ledger.chainId', '1'],
    ['ledger.genesis', undefined],
    ['contracts', []],
    ['contracts.consent', signatory('x').address.slice(0, -2)],
    ['authority', null],
    ['authority.members', {}],
    ['authority.members.0', null],
    ['authority.members.0.organisation', '../hospital'],
    ['authority.members.0.address', network.authority.members[1]?.address],
    ['authority.threshold', 1],
    ['authority.threshold', 4],
    ['authority.threshold', 1.5],
    ['rights', null],
    ['rights', 315_576_000],
    ['rights', {}],
    ['rights.longest', 0],
    ['rights.longest', -1],
    ['rights.longest', 0.5],
    ['rights.longest', '10y'],
    ['channels', []],
    ['channels', [...network.channels, ...network.channels]],
    ['channels.0', 'care'],
    ['channels.0.name', ''],
    ['channels.0.name', 'research'],
    ['channels.0.thresholds', 2],
    ['channels.0.thresholds', undefined],
    ['channels.0.thresholds.writes', 1],
    ['channels.0.thresholds.views', 1],
    ['channels.0.thresholds.views', undefined],
    ['channels.0.thresholds.writes', 4],
    ['channels.0.faulty', undefined],
    ['channels.0.faulty', -1],
    ['channels.0.faulty', 0.5],
    ['channels.0.faulty', 1],
    ['channels.0.faulty', 3],
    ['channels.0.coordinators', []],
    ['channels.0.logs', null],
    ['channels.0.logs.0', null],
    ['channels.0.logs.0.key', 'key'],
    ['note', 'half a pair: \ud800'],
    ['channels.0.logs.0.key', network.channels[0]?.logs[1]?.key],
    ['channels.0.logs.0.id', network.networkId],
    ['channels.0.logs.0.origin', 'medseal.test/care/other'],
    ['channels.0.logs.0.id', network.channels[0]?.logs[1]?.id],
    ['channels.0.logs.0.organisation', 'insurer'],
    ['channels.0.logs.0.origin', 7],
    // An attacker adds their own keys under the names of others.
    ['authority.members', [...authority, { organisation: 'laboratory', address: mallory }]],
    ['channels.0.coordinators', [...coordinators, { organisation: 'insurer', address: mallory }]],
    // Organisations that are not in every office.
    ['authority.members', [...authority, { organisation: 'mallory', address: mallory }]],
    ['channels.0.coordinators', [...coordinators, { organisation: 'mallory', address: mallory }]],
    ['channels.0.coordinators', coordinators.slice(0, 2)],
    ['channels.0.logs', logs.slice(0, 2)],
    ['channels.0.logs', [...logs, logs[0]]],
    // One key in two offices.
    ['authority.members.0.address', coordinators[0]?.address],
    ['authority.members.0.address', coordinators[1]?.address],
    ['founders.0.sender', coordinators[0]?.address],
    ['founders.0.sender', authority[1]?.address],
    ['founders.0.sender', founders[1]?.sender],
    ['founders.0.sender', '0x12'],
    ['founders', null],
    ['founders', []],
    ['founders', founders.slice(0, 2)],
    ['founders', [...founders, { ...founders[0], organisation: 'mallory', sender: mallory }]],
    ['founders.0.organisation', 'insurer'],
    ['founders.0.url', 'not an address'],
    ['founders.0.url', 'https://name:password@hospital.example'],
    ['founders.0.url', 'https://insurer.example'],
    ['ledger.timestamp', 'now'],
    ['ledger.timestamp', -1],
  ];
  for (const [path, value] of wrong) {
    it(`refuses ${path} of ${JSON.stringify(value)?.slice(0, 30)}`, () => {
      assert.throws(
        () => parseNetworkFile(changed(path, value)),
        failsWith('NETWORK_FILE_INVALID'),
      );
    });
  }

  it('takes a list of controlled medicines, each a system and a code', () => {
    const list = ['http://www.whocc.no/atc|N02A*', 'http://www.whocc.no/atc|N05BA01'];
    const some = changed('channels.0.controlled', list);
    assert.deepEqual(parseNetworkFile(some).channels[0]?.controlled, list);
    for (const bad of [[], ['N02A'], 'N02A', [...list, list[0]], null]) {
      assert.throws(
        () => parseNetworkFile(changed('channels.0.controlled', bad)),
        failsWith('NETWORK_FILE_INVALID'),
        JSON.stringify(bad),
      );
    }
  });

  it('takes the bytes of a day, and nothing else in their place', () => {
    const parsed = parseNetworkFile(changed('channels.0.dailyBytes', 2 ** 30));
    assert.equal(dailyBytesOf(parsed), 2 ** 30);
    assert.equal(
      dailyBytesOf(parseNetworkFile(changed('demo', true))),
      CHANNEL_NUMBERS.dailyBytes.usual,
    );
    for (const bad of [0, -1, 1.5, '1', null, 2 ** 50 + 1, NaN]) {
      assert.throws(
        () => parseNetworkFile(changed('channels.0.dailyBytes', bad)),
        failsWith('NETWORK_FILE_INVALID'),
        String(bad),
      );
    }
  });

  it('takes the days for an answer to an objection, 30 in a file without them, and nothing else in their place', () => {
    const day = 24 * 3600;
    const other = parseNetworkFile(changed('channels.0.correctionDays', 14));
    assert.equal(answerDue(other, 0), 14 * day);
    assert.equal(answerDue(parseNetworkFile(changed('demo', true)), 0), 30 * day);
    for (const bad of [0, -1, 1.5, '1', null, 367, NaN]) {
      assert.throws(
        () => parseNetworkFile(changed('channels.0.correctionDays', bad)),
        failsWith('NETWORK_FILE_INVALID'),
        String(bad),
      );
    }
  });

  it('takes a number of copies, no fewer than judge a write and no more than there are organisations', () => {
    assert.equal(parseNetworkFile(changed('channels.0.copies', 2)).channels[0]?.copies, 2);
    for (const bad of [0, 1, 4, 2.5, '2', null]) {
      assert.throws(
        () => parseNetworkFile(changed('channels.0.copies', bad)),
        failsWith('NETWORK_FILE_INVALID'),
        JSON.stringify(bad),
      );
    }
  });

  it('takes a channel of certain categories, each known and named once', () => {
    const some = changed('channels.0.categories', ['laboratory', 'vitals']);
    assert.equal(parseNetworkFile(some), some);
    for (const categories of [
      [],
      null,
      'laboratory',
      ['Laboratory'],
      ['laboratory', 'laboratory'],
      ['laboratory', 7],
      ['genomes'],
    ]) {
      assert.throws(
        () => parseNetworkFile(changed('channels.0.categories', categories)),
        failsWith('NETWORK_FILE_INVALID'),
        JSON.stringify(categories),
      );
    }
  });

  describe('with validators', () => {
    const chain = `medseal-${'5a'.repeat(16)}`;
    const consortium = {
      ...founded,
      ledger: { ...founded.ledger, chain, genesis: word(chain), timestamp: 1_700_000_000 },
      contracts: { ...founded.contracts, validators: signatory('validators').address },
      founders: founders.map((founder, place) => ({
        ...founder,
        validator: {
          key: word(`validator of ${founder.organisation}`),
          node: word(`node of ${founder.organisation}`).slice(2, 42),
          address: place === 0 ? '[2001:db8::1]:26656' : `${founder.organisation}.example:26656`,
          stake: 10,
        },
      })),
    };

    it('takes a network whose founders hold the ledger', () => {
      assert.equal(parseNetworkFile(consortium), consortium);
      const bounded = changed('ledger.maxAge', 60, consortium);
      assert.equal(parseNetworkFile(bounded), bounded);
    });

    for (const [path, value] of [
      ['ledger.chain', undefined],
      ['ledger.chain', 'medseal-1'],
      ['ledger.chain', `medseal-${'00'.repeat(16)}`],
      ['ledger.timestamp', undefined],
      ['ledger.maxAge', 59],
      ['ledger.maxAge', 86_401],
      ['ledger.maxAge', 60.5],
      ['ledger.maxAge', '180'],
      ['ledger.maxAge', null],
      ['contracts.validators', undefined],
      ['contracts.validators', '0x12'],
      ['founders', undefined],
      ['founders.1.validator', undefined],
      ['founders.1.validator.stake', 0],
      ['founders.1.validator.key', consortium.founders[0]?.validator.key],
      ['founders.1.validator.node', 'x'],
      ['founders.1.validator.address', 'laboratory.example'],
      ['founders.1.validator.address', 'laboratory.example:26656,x@y:1'],
    ] as const) {
      it(`refuses ${path} of ${String(value)}`, () => {
        const file = changed(path, value, consortium);
        assert.throws(() => parseNetworkFile(file), failsWith('NETWORK_FILE_INVALID'));
      });
    }
  });

  describe('on the ledger of another network', () => {
    const chain = `medseal-${'5a'.repeat(16)}`;
    const of = { network: word('first file'), registry: signatory('other registry').address };
    const embedded = { ...founded, ledger: { ...founded.ledger, timestamp: 1_700_000_000, of } };
    const validators = authority.map(({ organisation }) => ({
      key: word(organisation),
      stake: 10,
    }));
    const held = {
      ...founded,
      ledger: {
        ...embedded.ledger,
        chain,
        genesis: word(chain),
        of: { ...of, validators },
      },
    };

    it('takes a file that names the network, and the validators that the ledger began with', () => {
      assert.equal(parseNetworkFile(embedded), embedded);
      assert.equal(parseNetworkFile(held), held);
    });

    const validator = {
      key: word('validator'),
      node: word('node').slice(2, 42),
      address: 'hospital.example:26656',
      stake: 10,
    };
    for (const [path, value, from] of [
      ['ledger.of', null, embedded],
      ['ledger.of', {}, embedded],
      ['ledger.of.network', '0x12', embedded],
      ['ledger.of.registry', '0x12', embedded],
      ['ledger.of.registry', embedded.contracts.registry, embedded],
      ['ledger.of.validators', validators, embedded],
      ['contracts.validators', signatory('validators').address, embedded],
      ['founders', undefined, embedded],
      ['founders.0.validator', validator, embedded],
      ['ledger.maxAge', 180, embedded],
      ['ledger.maxAge', 59, held],
      ['contracts.validators', signatory('validators').address, held],
      ['founders.0.validator', validator, held],
      ['ledger.chain', undefined, held],
      ['ledger.chain', `medseal-${'00'.repeat(16)}`, held],
      ['ledger.timestamp', undefined, held],
      ['ledger.of.validators', undefined, held],
      ['ledger.of.validators', [], held],
      ['ledger.of.validators.0.key', validators[1]?.key, held],
      ['ledger.of.validators.0.key', '0x12', held],
      ['ledger.of.validators.0.stake', 0, held],
    ] as const) {
      const name = from === held ? 'held by validators' : 'at one organisation';
      it(`refuses ${path} of ${JSON.stringify(value)?.slice(0, 30)}, ${name}`, () => {
        const file = changed(path, value, from);
        assert.throws(() => parseNetworkFile(file), failsWith('NETWORK_FILE_INVALID'));
      });
    }
  });

  describe('with files before it', () => {
    const [channel = assert.fail()] = network.channels;
    const earlier = { fingerprint: word('first'), until: 1_800_000_000, channels: [channel] };
    const without = {
      ...channel,
      coordinators: channel.coordinators.filter(({ organisation }) => organisation !== 'insurer'),
    };
    const later = {
      ...founded,
      authority: { threshold: 2, members: authority.slice(0, 2) },
      channels: [without],
      nodes: founders.slice(0, 2),
      before: [earlier],
    };

    it('takes the log of an organisation that left, only if an earlier file named it', () => {
      assert.equal(parseNetworkFile(later), later);
      const { nodes: _nodes, before: _before, ...unexplained } = later;
      const foundedByTwo = { ...unexplained, founders: founders.slice(0, 2) };
      assert.throws(() => parseNetworkFile(foundedByTwo), failsWith('NETWORK_FILE_INVALID'));
    });

    for (const [path, value] of [
      ['before', []],
      ['before', {}],
      ['before', undefined],
      ['before', [earlier, earlier]],
      ['before', [earlier, { ...earlier, until: 1_700_000_000, fingerprint: word('second') }]],
      ['before', [earlier, { ...earlier, until: 1_900_000_000 }]],
      ['before', Array.from({ length: 257 }, (_, at) => ({ ...earlier, until: at + 1 }))],
      ['before.0.fingerprint', '0x12'],
      ['before.0.until', 0],
      ['before.0.channels', [without]],
      ['before.0.channels.0.thresholds.writes', 1],
      ['nodes', undefined],
      ['nodes', founders],
      ['nodes', []],
      ['nodes.0.sender', authority[0]?.address],
      ['nodes.0.validator', { key: '0x12', node: 'x', address: 'y', stake: 0 }],
      ['founders', undefined],
    ] as const) {
      it(`refuses ${path} of ${JSON.stringify(value)?.slice(0, 30)}`, () => {
        const file = changed(path, value, later);
        assert.throws(() => parseNetworkFile(file), failsWith('NETWORK_FILE_INVALID'));
      });
    }
  });

  // @attack a network file names a channel so that what is kept of its logs is written elsewhere | a name is letters, digits and hyphens
  it('takes no name of a channel that leads elsewhere, where files are named after logs', () => {
    const [channel] = network.channels;
    for (const name of ['../care', 'care/other', 'Care', 'care ', '.', 'a'.repeat(32)]) {
      const renamed = logs.map((log) => ({ ...log, name: `${name}/${log.organisation}` }));
      const channels = [{ ...channel, name, logs: renamed }];
      assert.throws(
        () => parseNetworkFile({ ...network, channels }),
        failsWith('NETWORK_FILE_INVALID'),
        name,
      );
    }
  });

  it('takes thresholds of a channel only if any two sets of so many share one that is not faulty', () => {
    const [channel] = network.channels;
    const taken = (faulty: number, writes: number, views: number): boolean => {
      try {
        const channels = [{ ...channel, faulty, thresholds: { writes, views } }];
        parseNetworkFile({ ...network, channels });
        return true;
      } catch {
        return false;
      }
    };
    assert.deepEqual(
      [0, 1, 2, 3].map((faulty) => [2, 3].map((k) => taken(faulty, k, k))),
      [
        [true, true],
        [false, true],
        [false, true],
        [false, false],
      ],
    );
    assert.deepEqual(
      [taken(0, 3, 2), taken(0, 2, 3), taken(1, 3, 2), taken(1, 2, 3)],
      [true, true, false, false],
    );
  });
});
