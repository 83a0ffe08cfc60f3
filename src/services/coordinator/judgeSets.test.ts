import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  acknowledgedBy,
  entryOf,
  judgedAndDropped,
  judgedBody,
  setOf,
  submissionOf,
  writeOf,
} from '../../node/test/requests.ts';
import { silence } from '../../node/test/silenced.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { BINARY_VALUES } from '../../database/synced.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { pairLeaf, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { JudgedBody, Judgement } from '../ports.ts';
import { parseRow } from '../../database/parseRow.ts';
import { pairsOf, rowsOf } from './coordinatorKeys.ts';
import { DUE_ROW } from './coordinatorRows.ts';

const LOG = 'care/hospital';
const ABSENT = { record: word('nobody’s record'), version: 1 };

let network: TestNetwork;
let care: Care;
/** Record versions that every organisation has. */
let copied: readonly Write[];
/** One that the hospital alone has yet, and its entry. */
let fresh: { readonly write: Write; readonly entry: Acknowledgement };

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  copied = [(await write()).write, (await write()).write];
  await network.checkpoint();
  fresh = await write();
});
after(async () => await network.close());

async function write(): Promise<typeof fresh> {
  const message = await writeOf(care);
  const entry = await acknowledgedBy(care.doctor, submissionOf(care, 'Write', message));
  return { write: message, entry };
}

/** A set of views of record versions, as an agent has it judged. */
function judging(versions: readonly ViewPair[], change: Partial<Body> = {}): JudgedBody {
  const { set, pairs } = setOf(care, versions);
  const request = sign(care.doctor, care.doctor, 'ViewSet', set);
  return { ...judgedBody(network, care, request, change), pairs };
}

async function judge(...bodies: readonly JudgedBody[]): Promise<Judgement> {
  return await network.services('laboratory').coordinator.judge({ log: LOG, bodies });
}

function reasonsIn({ refused }: Judgement): (string | readonly number[])[][] {
  return refused.map(({ problem, pairs }) => (pairs ? [problem.code, pairs] : [problem.code]));
}

/** The place of a version in the list of a set. */
function placeOf({ pairs = [] }: JudgedBody, { record }: ViewPair): number {
  return pairs.findIndex((pair) => pair.record === record);
}

/** Number of record versions of an entry that the laboratory's coordinator keeps. */
async function keptPairs(entry: string): Promise<number> {
  const database = network.database('laboratory', 'coordinator');
  return (await database.keys(pairsOf(entry)).all()).length;
}

describe('a coordinator that judges a set of views', () => {
  it('keeps its list beside the body before it signs', async () => {
    const body = judging(copied);
    const { verdict, refused } = await judge(body);
    assert.deepEqual([refused, verdict?.verdict.size], [[], 1]);
    const entry = entryOf(care.doctor, body.body);
    assert.equal(await keptPairs(entry), 2);
  });

  // @class a lying agent | bodies that no log holds take three times the room on coordinators' disks that is counted
  it('counts what the rows of its list take, with their keys', async () => {
    const versions = [copied, copied, copied].flat();
    const many = versions.map((each, nth) => ({ ...each, version: nth + 1 }));
    const { set, pairs } = setOf(care, many);
    const request = sign(care.doctor, care.doctor, 'ViewSet', set);
    const own = pairs.map(({ version }) => version === 1);
    const left = own.flatMap((isOwn, place) => (isOwn ? [] : [place]));
    const body = { ...judgedBody(network, care, request, { left }), pairs };
    assert.deepEqual((await judge(body)).refused, []);
    const database = network.database('laboratory', 'coordinator');
    const entry = entryOf(care.doctor, body.body);
    const rows = await database
      .iterator<string, Uint8Array>({ ...pairsOf(entry), ...BINARY_VALUES })
      .all();
    assert.equal(rows.length, many.length);
    const taken = rows.reduce((sum, [key, row]) => sum + key.length + row.length, 0);
    const due = (await database.values(rowsOf('due')).all()).map((row) => parseRow(DUE_ROW, row));
    const counted = due.find(({ bodies }) => bodies.some((each) => each.entry === entry));
    assert.ok(counted && counted.bytes >= taken, `${counted?.bytes} of ${taken}`);
  });

  // @attack an agent leaves out of a view a record that the right covers | coordinators sign only what they would leave out themselves
  it('names the places that are left out though it accepts them, or their entry is on its way', async () => {
    const { set, pairs } = setOf(care, [...copied, fresh.write, ABSENT]);
    const request = sign(care.doctor, care.doctor, 'ViewSet', set);
    const [first] = copied;
    assert.ok(first);
    const of = ({ record }: ViewPair): number => pairs.findIndex((pair) => pair.record === record);
    for (const others of [[first], [fresh.write], [first, fresh.write]]) {
      const out = others.map(of);
      const left = [...out, of(ABSENT)].toSorted((one, other) => one - other);
      const body = { ...judgedBody(network, care, request, { left }), pairs };
      const judgement = await judge({ ...body, records: [fresh.entry] });
      const expected = out.toSorted((one, other) => one - other);
      assert.deepEqual(reasonsIn(judgement), [['ANSWER_DISPUTED', expected]]);
      assert.equal(await keptPairs(entryOf(care.doctor, body.body)), 0);
    }
    // Shown nothing, it knows of the entry by its own promise.
    const left = [fresh.write, ABSENT].map(of).toSorted((one, other) => one - other);
    const bare = { ...judgedBody(network, care, request, { left }), pairs };
    assert.deepEqual(reasonsIn(await judge(bare)), [['ANSWER_DISPUTED', [of(fresh.write)]]]);
  });

  // @class a log drops a write that it had promised | every view of several records that names its version is disputed for ever
  it('accepts that a version is left out whose promise came to nothing', async () => {
    const [first] = copied;
    assert.ok(first);
    const request = sign(care.doctor, care.doctor, 'Write', await writeOf(care));
    await judgedAndDropped(network, care, 0, request);
    const dropped = request.message;
    const { set, pairs } = setOf(care, [first, dropped], {
      deadline: Math.floor(network.clock.now() / 1000) + 250,
    });
    const asked = sign(care.doctor, care.doctor, 'ViewSet', set);
    const left = [pairs.findIndex(({ record }) => record === dropped.record)];
    const judged = async (): Promise<Judgement> => {
      const at = Math.floor(network.clock.now() / 1000);
      return await judge({ ...judgedBody(network, care, asked, { left, at }), pairs });
    };
    assert.deepEqual(reasonsIn(await judged()), [['ANSWER_DISPUTED', left]]);
    network.clock.advance(75_000);
    await write();
    await network.checkpoint();
    assert.deepEqual((await judged()).refused, []);
  });

  it('names the places that it does not accept', async () => {
    const body = judging([...copied, ABSENT]);
    const judgement = await judge(body);
    assert.deepEqual(reasonsIn(judgement), [['ANSWER_DISPUTED', [placeOf(body, ABSENT)]]]);
    assert.equal(await keptPairs(entryOf(care.doctor, body.body)), 0);
    const { set, pairs } = setOf(care, [...copied, ABSENT]);
    const request = sign(care.doctor, care.doctor, 'ViewSet', set);
    const left = [pairs.findIndex(({ record }) => record === ABSENT.record)];
    const without = { ...judgedBody(network, care, request, { left }), pairs };
    assert.deepEqual((await judge(without)).refused, []);
    const { coordinator } = network.services('laboratory');
    const entries = [entryOf(care.doctor, without.body)];
    const [listed = []] = await coordinator.listed({ log: LOG, entries });
    assert.deepEqual(
      listed.flatMap((pair, place) => ('leaf' in pair ? [place] : [])),
      left,
      'the leaf alone of what was left out and is on nobody’s chart',
    );
  });

  it('accepts an entry that it does not have yet if it is shown it, and no other in its place', async () => {
    silence(network, 'laboratory');
    const unknown = await write();
    network.liars.coordinator.clear();
    const body = judging([...copied, unknown.write]);
    const disputed = [['ANSWER_DISPUTED', [placeOf(body, unknown.write)]]];
    assert.deepEqual(reasonsIn(await judge(body)), disputed);
    const forged = { ...unknown.entry, verdicts: [] };
    for (const records of [[forged], [fresh.entry]]) {
      assert.deepEqual(reasonsIn(await judge({ ...body, records })), disputed);
    }
    assert.deepEqual((await judge({ ...body, records: [unknown.entry] })).refused, []);
  });

  // @class a lying organisation | entries that no set names are parsed by the thousand, in one piece
  it('takes no more entries beside the sets of a call than one set may name', async () => {
    const records = Array.from({ length: 600 }, () => fresh.entry);
    const one = { ...judging(copied), records };
    assert.deepEqual((await judge(one)).refused, []);
    await assert.rejects(judge(one, { ...judging(copied), records }), {
      code: 'REQUEST_TOO_LARGE',
    });
  });

  // @attack an agent has another list judged than the reader signed | coordinators refuse it: the root is signed
  it('refuses another list than was signed, and more than one may have together', async () => {
    const body = judging(copied);
    const [first] = body.pairs ?? [];
    const { pairs: _, ...bare } = body;
    for (const wrong of [bare, { ...body, pairs: [] }, { ...body, pairs: first ? [first] : [] }]) {
      assert.deepEqual(reasonsIn(await judge(wrong)), [['REQUEST_MALFORMED']]);
    }
    const many = Array.from({ length: 600 }, (_, nth) => ({ record: word(`${nth}`), version: 1 }));
    await assert.rejects(judge(judging(many), judging(many)), { code: 'REQUEST_TOO_LARGE' });
  });
});

describe('a refusal of a set of views', () => {
  const refused: Partial<Body> = { flag: 'R', code: 'NOT_FOUND' };

  it('is signed if nothing of it would be accepted, and its list is kept too', async () => {
    const body = judging([ABSENT], refused);
    assert.deepEqual((await judge(body)).refused, []);
    assert.equal(await keptPairs(entryOf(care.doctor, body.body)), 1);
  });

  // @attack a stranger fills coordinators' disks and a patient's audit with refused views of invented records | of a record that no log has the leaf alone is kept
  it('keeps the leaf alone of what is on nobody’s chart', async () => {
    const { set, pairs } = setOf(care, [...copied, ABSENT], { grant: word('no grant') });
    const request = sign(care.doctor, care.doctor, 'ViewSet', set);
    const code = 'RIGHT_MISSING' as const;
    const body = { ...judgedBody(network, care, request, { flag: 'R', code }), pairs };
    assert.deepEqual((await judge(body)).refused, []);
    const { coordinator } = network.services('laboratory');
    const entries = [entryOf(care.doctor, body.body)];
    const [listed = []] = await coordinator.listed({ log: LOG, entries });
    const leaf = pairLeaf(care.doctor.primitives, set.salt, ABSENT);
    assert.deepEqual(
      listed,
      pairs.map((pair) => (pair.record === ABSENT.record ? { leaf } : pair)),
    );
  });

  // @class some grantees name invented records by the thousand | nobody reads the chart for the rest of the day, if one record of it is left out
  it('counts by the record versions that it names, and an accepted one is never refused for what it leaves out', async () => {
    const many = Array.from({ length: 1023 }, (_, nth) => ({ record: word(`${nth}`), version: 1 }));
    const { doctor, stranger } = care;
    for (const expected of [[], [['QUOTA_SPENT']]]) {
      const { set, pairs } = setOf(care, [ABSENT, ...many], { grant: ZERO32 });
      const request = sign(stranger, stranger, 'ViewSet', set);
      const body = {
        ...judgedBody(network, care, request, { ...refused, code: 'RIGHT_MISSING' }),
        pairs,
      };
      assert.deepEqual(reasonsIn(await judge(body)), expected);
    }
    const codes: string[] = [];
    for (let times = 0; times < 17; times++) {
      const { set, pairs } = setOf(care, [...copied.slice(0, 1), ...many]);
      const request = sign(doctor, doctor, 'ViewSet', set);
      const own = pairs.findIndex(({ record }) => record === copied[0]?.record);
      const left = [...pairs.keys()].filter((place) => place !== own);
      const judgement = await judge({ ...judgedBody(network, care, request, { left }), pairs });
      codes.push(...reasonsIn(judgement).flat().flat().map(String));
    }
    assert.deepEqual(codes, []);
  });

  // @attack an agent enters a refusal of a set of views, some of which would be accepted | coordinators find that themselves
  it('is not signed if one of it would be, for whatever reason', async () => {
    for (const code of [
      'NOT_FOUND',
      'RIGHT_MISSING',
      'REQUEST_MALFORMED',
      'RECORD_ERASED',
    ] as const) {
      const judgement = await judge(judging([ABSENT, ...copied], { ...refused, code }));
      assert.deepEqual(reasonsIn(judgement), [['ANSWER_DISPUTED']], code);
    }
  });

  it('is not signed by whom the agent does not show what was signed', async () => {
    const { pairs: _, ...bare } = judging([ABSENT], refused);
    for (const code of ['NOT_FOUND', 'REQUEST_MALFORMED'] as const) {
      const body = { ...JSON.parse(bare.body), code } as Body;
      const judgement = await judge({ ...bare, body: JSON.stringify(body) });
      assert.deepEqual(reasonsIn(judgement), [['REQUEST_MALFORMED']], code);
    }
  });
});

describe('the list that is kept', () => {
  it('can be read again in its order, and without one that was erased', async () => {
    const body = judging(copied);
    await judge(body);
    const entry = entryOf(care.doctor, body.body);
    const { coordinator } = network.services('laboratory');
    const listed = async (): Promise<unknown> => {
      return (await coordinator.listed({ log: LOG, entries: [entry, word('another')] }))[0];
    };
    assert.deepEqual(await listed(), body.pairs);
    const database = network.database('laboratory', 'coordinator');
    const [first] = await database.keys(pairsOf(entry)).all();
    assert.ok(first);
    await database.put<string, Uint8Array>(first, new Uint8Array(0), BINARY_VALUES);
    assert.deepEqual(await listed(), [{ leaf: first.slice(-66) }, ...(body.pairs ?? []).slice(1)]);
    await database.put<string, Uint8Array>(first, new Uint8Array(80), BINARY_VALUES);
    assert.deepEqual(await listed(), []);
  });
});
