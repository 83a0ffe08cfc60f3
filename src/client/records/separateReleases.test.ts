import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { falseShares } from '../../node/test/falseShares.ts';
import { releasingSome, unreachable } from '../../node/test/releasingSome.ts';
import { behind, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import type { ReleasedShares } from '../../protocol/release/ReleasedShares.ts';
import { sealHash } from '../../protocol/release/releasedShare.ts';
import { verifyReleaseProof } from '../../protocol/release/verifyReleaseProof.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ReleaseRequest } from '../../services/ports.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from './addRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecords, type RecordsRead } from './readRecords.ts';

/** Records that are read together, of which coordinators do not release all. */

let network: TestNetwork;
let care: Care;
let chart: Chart;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  for (const category of ['vitals', 'vitals', 'vitals', 'medications'] as const)
    await add(category);
  chart = await seen();
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

async function add(category: 'vitals' | 'medications'): Promise<void> {
  const { doctor, handle, right } = care;
  const of = { handle, purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...of, category, content: utf8ToBytes(`a note of ${category}`) });
}

async function seen(): Promise<Chart> {
  const { doctor, handle, right } = care;
  return await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
}

const erased = new MedsealError('RECORD_ERASED', { category: 'vitals' });
const notYet = new MedsealError('NOT_YET', { what: 'copy of the file' });

/** The doctor, whose node changes what it passes on and counts its calls. */
function reader(
  change: (answers: readonly ReleasedShares[]) => readonly ReleasedShares[] = (all) => all,
  before: () => Promise<unknown> = async () => await Promise.resolve(),
): { readonly party: Party; readonly calls: number[] } {
  const calls: number[] = [];
  const party = behind(care.doctor, {
    release: async (asked) => {
      calls.push(asked.views.length);
      await before();
      return change(await care.doctor.agent.release(asked));
    },
  });
  return { party, calls };
}

async function all(
  party: Party = care.doctor,
  wanted = chart,
): Promise<ReadonlyMap<Bytes32, RecordsRead>> {
  const results = new Map<Bytes32, RecordsRead>();
  for await (const each of readRecords(party, wanted, wanted.records)) {
    results.set(each.record.record, each);
  }
  return results;
}

function codeOf(read: RecordsRead | undefined): string {
  if (read === undefined) return 'nothing';
  return 'error' in read ? read.error.code : 'content';
}

function firstOf({ records }: Chart): Bytes32 {
  return records.find(({ category }) => category === 'vitals')?.record ?? assert.fail();
}

function others(read: ReadonlyMap<Bytes32, RecordsRead>, but: Bytes32): readonly RecordsRead[] {
  return [...read].flatMap(([id, each]) => (id === but ? [] : [each]));
}

/** Has the laboratory answer with another statement, which it signs. */
function signs(
  change: (
    entries: readonly Bytes32[],
    seals: readonly Bytes32[],
  ) => {
    readonly entries: readonly Bytes32[];
    readonly seals: readonly Bytes32[];
  },
): void {
  const { coordinator } = network.services('laboratory');
  const { primitives } = network.ports;
  const key = network.keys.get('laboratory')?.coordinator ?? assert.fail();
  network.liars.coordinator.set('laboratory', {
    ...coordinator,
    release: async (request: ReleaseRequest) => {
      const released = await coordinator.release(request);
      const hashes = request.views.map((view) => sealHash(primitives, view));
      const { entries, seals } = change(released.entries, hashes);
      const release = {
        ...released.release,
        entries: listRoot(primitives, entries),
        seals: listRoot(primitives, seals),
      };
      const { signature } = sign(care.doctor, key, 'ShareRelease', release);
      return { ...released, entries, release, signature };
    },
  });
}

function away(...names: readonly Organisation[]): void {
  for (const name of names) releasingSome(network, name, () => unreachable(name));
}

describe('a reader of several records', () => {
  it('opens the others if coordinators refuse one, and is told why that one is refused', async () => {
    const one = firstOf(chart);
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      releasingSome(network, name, (id) => (id === one ? erased : undefined));
    }
    const { party, calls } = reader();
    const read = await all(party);
    assert.equal(codeOf(read.get(one)), 'RECORD_ERASED');
    for (const each of others(read, one)) assert.equal(codeOf(each), 'content');
    assert.equal(calls.length, 1, 'nobody is asked again');
  });

  it('is told that a release is pending, and who released, if one may still come', async () => {
    const one = firstOf(chart);
    for (const name of ['laboratory', 'insurer']) {
      releasingSome(network, name, (id) => (id === one ? notYet : undefined));
    }
    const read = await all();
    const told = read.get(one);
    assert.ok(told !== undefined && 'error' in told);
    assert.equal(told.error.code, 'RELEASE_PENDING');
    assert.deepEqual(told.error.values, {
      have: 1,
      need: 2,
      by: 'hospital',
      missing: 'laboratory, insurer',
    });
    for (const each of others(read, one)) assert.equal(codeOf(each), 'content');
  });

  it('looks for a later network file only if fewer answered than open a record, whatever they refuse', async () => {
    let asked = 0;
    const party = behind(care.doctor, {
      network: async () => {
        asked += 1;
        return await care.doctor.agent.network();
      },
    });
    releasingSome(network, 'laboratory', () => notYet);
    releasingSome(network, 'insurer', () => erased);
    for (const each of (await all(party)).values()) assert.equal(codeOf(each), 'RELEASE_PENDING');
    assert.equal(asked, 0);
    network.liars.coordinator.clear();
    signs((entries, seals) => ({ entries: entries.toReversed(), seals }));
    away('insurer');
    await all(party);
    assert.equal(asked, 1);
  });

  // @actor coordinator that lies | says of some of a reader's records that they were erased
  // @attack a coordinator says falsely of chosen records that they were erased | others release them; if they are too few, the release is pending, for one alone is not believed
  it('does not believe one coordinator that says of a record that it was erased', async () => {
    const one = firstOf(chart);
    releasingSome(network, 'laboratory', (id) => (id === one ? erased : undefined));
    assert.equal(codeOf((await all()).get(one)), 'content');
    releasingSome(network, 'insurer', (id) => (id === one ? unreachable('insurer') : undefined));
    const read = await all();
    assert.equal(codeOf(read.get(one)), 'RELEASE_PENDING');
    for (const each of others(read, one)) assert.equal(codeOf(each), 'content');
  });

  it('proves who released each of the others', async () => {
    const one = firstOf(chart);
    for (const name of ['hospital', 'laboratory']) {
      releasingSome(network, name, (id) => (id === one ? notYet : undefined));
    }
    for (const each of others(await all(), one)) {
      assert.ok('content' in each && each.released);
      const { releases } = verifyReleaseProof(care.doctor, network.file, each.released.prove());
      assert.ok(releases.length >= 2);
      assert.ok(releases.every(({ fault }) => fault === undefined));
    }
  });

  // @attack a coordinator seals nothing of use for one record and refuses another, so that no other is heard for the one | for the first others are asked, who have not been counted
  it('asks others than one that signs for a record and seals nothing of use, and not again for one that is refused', async () => {
    const one = firstOf(chart);
    falseShares(network, 'laboratory', (count) => Array<string>(count).fill('not a share'));
    const { coordinator } = network.services('insurer');
    let left = 1;
    network.liars.coordinator.set('insurer', {
      ...coordinator,
      release: async (request) => {
        if (left-- > 0) throw unreachable('insurer');
        return await coordinator.release(request);
      },
    });
    releasingSome(network, 'hospital', (id) => (id === one ? notYet : undefined));
    const { party, calls } = reader();
    const read = await all(party);
    for (const each of others(read, one)) assert.equal(codeOf(each), 'content');
    assert.equal(codeOf(read.get(one)), 'RELEASE_PENDING');
    assert.equal(calls.length, 2);
  });

  const lies: readonly (readonly [string, Parameters<typeof signs>[0]])[] = [
    [
      'in another order',
      (entries, seals) => ({ entries: entries.toReversed(), seals: seals.toReversed() }),
    ],
    [
      'with one twice',
      ([first = word(''), ...rest], [seal = word(''), ...more]) => ({
        entries: [first, first, ...rest],
        seals: [seal, seal, ...more],
      }),
    ],
    [
      'with one that was not asked for',
      (entries, seals) => ({
        entries: [...entries, word('another')],
        seals: [...seals, `0x${'00'.repeat(32)}` as const],
      }),
    ],
    [
      'with another in place of one',
      ([, ...rest], [, ...more]) => ({
        entries: [word('another'), ...rest],
        seals: [`0x${'00'.repeat(32)}` as const, ...more],
      }),
    ],
    [
      'with the seal of one under the name of another',
      (entries, seals) => ({ entries, seals: seals.toReversed() }),
    ],
  ];
  for (const [what, lie] of lies) {
    // @attack a coordinator signs a statement over other views than it was asked for, or with one of them twice or elsewhere | it counts as no answer
    it(`takes a statement ${what} for no answer`, async () => {
      signs(lie);
      away('insurer');
      for (const each of (await all()).values()) {
        assert.ok('error' in each);
        assert.equal(each.error.code, 'RELEASE_PENDING');
        assert.deepEqual((each.error.values as { by: string }).by, 'hospital');
      }
    });
  }

  // @attack a node drops statements, or alters why a view is refused | what is left out is pending; a refusal proves nothing, and no malformed one breaks a reading
  it('waits for shares that its node keeps back, and is not misled by malformed refusals', async () => {
    for (const each of (await all(reader((given) => given.slice(0, 1)).party)).values()) {
      assert.equal(codeOf(each), 'RELEASE_PENDING');
    }
    for (const refused of [
      7,
      'none',
      null,
      [null, 7, {}, { entry: 7 }, { entry: '0x', problem: 1 }],
    ]) {
      const { party } = reader((given) =>
        given.map((each) => ({ ...each, refused: refused as never })),
      );
      for (const each of (await all(party)).values()) assert.equal(codeOf(each), 'content');
    }
  });

  it('opens the others if the patient erases one while it is being read', async () => {
    await add('medications');
    const wanted = await seen();
    let isErased = false;
    const { party } = reader(undefined, async () => {
      if (!isErased) await eraseKeys(care.patient, 'medications');
      isErased = true;
    });
    for (const each of (await all(party, wanted)).values()) {
      const isGone = each.record.category === 'medications';
      assert.equal(codeOf(each), isGone ? 'RECORD_ERASED' : 'content');
    }
  });
});
