import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { verifyAcknowledgement } from '../../protocol/verifyAcknowledgement.ts';
import { addRecord } from './addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecords, type RecordsRead } from './readRecords.ts';
import { revokeRight } from '../rights/revokeRight.ts';

const NOTES = ['first', 'second', 'third', 'fourth', 'fifth'];
let network: TestNetwork;
let care: Care;
let chart: Chart;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  for (const note of NOTES) {
    const content = utf8ToBytes(note);
    const version = { handle, category: 'vitals', content, purpose: 'TREAT' } as const;
    await addRecord(doctor, { ...version, grant: right.grant });
  }
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
});
after(async () => await network.close());

async function all(results: AsyncIterable<RecordsRead>): Promise<readonly RecordsRead[]> {
  const given: RecordsRead[] = [];
  for await (const each of results) given.push(each);
  return given;
}

async function read(party: Party, wanted = chart): Promise<readonly RecordsRead[]> {
  return await all(readRecords(party, wanted, wanted.records));
}

/** More than are viewed at once. */
function many(): Chart['records'] {
  return Array.from({ length: 20 }, () => chart.records).flat();
}

function pending(): never {
  throw new MedsealError('KEY_PENDING', {});
}

/** The text of what was read, or the code of why it was not. */
function told(results: readonly RecordsRead[]): readonly string[] {
  return results.map((each) => ('error' in each ? each.error.code : bytesToUtf8(each.content)));
}

type Submit = (given: readonly Outcome[], asked: readonly Submission[]) => unknown;

/** The doctor at an agent that makes something else of its outcomes. */
function deceived(change: Submit): Party {
  const { doctor } = care;
  return behind(doctor, {
    submit: async (submissions) => {
      const given = await doctor.agent.submit(submissions);
      return change(given, submissions) as readonly Outcome[];
    },
  });
}

/** The doctor at an agent of whose submissions a test is told before it takes them. */
function submitting(onSubmit: (asked: readonly Submission[]) => void): Party {
  const { doctor } = care;
  return behind(doctor, {
    submit: async (submissions) => {
      onSubmit(submissions);
      return await doctor.agent.submit(submissions);
    },
  });
}

describe('a chart that is verified', () => {
  it('lets the page answer its visitor again and again, and is the same', async () => {
    const { doctor, handle, right } = care;
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
      await Promise.resolve();
    };
    const wanted = { handle, grant: right.grant, purpose: 'TREAT' } as const;
    const again = await readChart({ ...doctor, pause }, wanted);
    assert.deepEqual(again.records, chart.records);
    assert.equal(pauses, Math.floor(NOTES.length / 4));
  });
});

describe('records that are read together', () => {
  it('are given in their order, each with evidence of its own view, for one submission', async () => {
    let submissions = 0;
    const counting = deceived((given) => {
      submissions += 1;
      return given;
    });
    const results = await read(counting);
    assert.equal(submissions, 1);
    assert.deepEqual(told(results), NOTES);
    for (const [place, each] of results.entries()) {
      assert.ok('content' in each);
      const { request } = verifyAcknowledgement(counting, network.file, each.acknowledgement);
      assert.equal(request.type, 'View');
      assert.equal((request.message as { record: string }).record, each.record.record);
      assert.equal(each.record, chart.records[place]);
    }
  });

  it('are viewed by 64 and by 16 MiB at a time, and only as they are asked for', async () => {
    const sizes: number[] = [];
    const counting = submitting((asked) => sizes.push(asked.length));
    const long = Array.from({ length: 40 }, () => chart.records).flat();
    const results = readRecords(counting, chart, long);
    const first = await results.next();
    assert.ok(sizes.length <= 2);
    assert.deepEqual(
      told([first.value as RecordsRead, ...(await all(results))]),
      Array.from({ length: 40 }, () => NOTES).flat(),
    );
    assert.deepEqual(sizes, [64, 64, 64, 8]);
    sizes.length = 0;
    const large = chart.records.map((each) => ({ ...each, size: 6 * 2 ** 20 }));
    await read(counting, { ...chart, records: large });
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it('have the next ones viewed while they are opened', async () => {
    const { agent } = care.doctor;
    const second = Promise.withResolvers<undefined>();
    let submissions = 0;
    const reader = submitting(() => {
      submissions += 1;
      if (submissions === 2) second.resolve(undefined);
    });
    const download: AgentPort['download'] = async function* waiting(ticket, hash) {
      await second.promise;
      yield* agent.download(ticket, hash);
    };
    const results = readRecords(behind(reader, { download }), chart, many());
    await results.next();
    assert.equal(submissions, 2);
    await results.return(undefined);
  });

  it('are given though nobody answers for the next ones, of which the reader hears in their turn', async () => {
    for (const reads of [70, 1]) {
      let submissions = 0;
      const reader = submitting(() => {
        submissions += 1;
        if (submissions === 2) throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
      });
      const given: RecordsRead[] = [];
      const reading = async (): Promise<void> => {
        for await (const each of readRecords(reader, chart, many())) {
          given.push(each);
          if (given.length === reads) return;
        }
      };
      // Whoever stops before does not hear of it.
      if (reads === 1) await reading();
      else await assert.rejects(reading(), failsWith('PEER_UNREACHABLE'));
      assert.equal(given.length, Math.min(reads, 64));
    }
  });

  it('are an empty list, without a request, if no record is wanted', async () => {
    const silent = deceived(() => assert.fail('it was asked'));
    assert.deepEqual(await read(silent, { ...chart, records: [] }), []);
  });

  it('do not wait for one whose file is another than its entry names', async () => {
    const [, second] = chart.records;
    const { agent } = care.doctor;
    const download: AgentPort['download'] = async function* swapped(ticket, hash) {
      for await (const piece of agent.download(ticket, hash)) {
        yield hash === second?.file ? piece.map((byte) => byte ^ 1) : piece;
      }
    };
    const results = await read(behind(care.doctor, { download }));
    assert.deepEqual(told(results), NOTES.with(1, 'FILE_MISMATCH'));
  });

  it('do not wait for one whose key is pending, and nobody is asked for that', async () => {
    const asked: string[] = [];
    const counting = deceived((given, submissions) => {
      for (const { request } of submissions) {
        asked.push((request.message as { record: string }).record);
      }
      return given;
    });
    const [, , third] = chart.records;
    const openerFor: Chart['openerFor'] = (record) => {
      return record === third ? pending() : chart.openerFor(record);
    };
    assert.deepEqual(
      told(await read(counting, { ...chart, openerFor })),
      NOTES.with(2, 'KEY_PENDING'),
    );
    assert.equal(asked.length, 4);
    assert.ok(!asked.includes(third?.record ?? ''));
    asked.length = 0;
    assert.deepEqual(
      told(await read(counting, { ...chart, openerFor: pending })),
      NOTES.map(() => 'KEY_PENDING'),
    );
    assert.deepEqual(asked, []);
  });

  const lies: [string, Submit, readonly string[]][] = [
    ['nothing', () => undefined, NOTES.map(() => 'PEER_MALFORMED')],
    [
      'too little',
      (given) => given.slice(0, 3),
      [...NOTES.slice(0, 3), 'PEER_MALFORMED', 'PEER_MALFORMED'],
    ],
    [
      'null for one',
      (given) => given.toSpliced(4, 1, null as never),
      NOTES.with(4, 'PEER_MALFORMED'),
    ],
    [
      'what is another’s',
      ([first, second, ...rest]) => [second, first, ...rest],
      NOTES.with(0, 'EVIDENCE_INVALID').with(1, 'EVIDENCE_INVALID'),
    ],
    [
      'the acknowledgement of another for one',
      ([first, second, ...rest]) => [first, { ...second, ...first }, ...rest],
      NOTES.with(1, 'EVIDENCE_INVALID'),
    ],
    [
      'the ticket of another for one',
      ([first, ...rest]) => [
        { ...first, release: (rest[0] as { release?: unknown } | undefined)?.release },
        ...rest,
      ],
      NOTES.with(0, 'RELEASE_UNKNOWN'),
    ],
    [
      'no release for one',
      ([first, ...rest]) => [{ ...first, release: undefined }, ...rest],
      NOTES.with(0, 'RELEASE_UNKNOWN'),
    ],
  ];
  for (const [name, lie, expected] of lies) {
    it(`are not read where an agent answers ${name}, and the others are`, async () => {
      assert.deepEqual(told(await read(deceived(lie))), expected);
    });
  }

  it('are each refused where the right has ended meanwhile', async () => {
    const { patient, stranger, handle } = care;
    const right = await grantRight(patient, { ...everything(stranger), actions: ['read'] });
    const theirs = await readChart(stranger, { handle, grant: right.grant, purpose: 'TREAT' });
    await revokeRight(patient, right.digest);
    assert.deepEqual(
      told(await read(stranger, theirs)),
      NOTES.map(() => 'RIGHT_ENDED'),
    );
  });

  it('are not read at all if nobody answers', async () => {
    const silent = deceived(() => {
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
    });
    await assert.rejects(read(silent), failsWith('PEER_UNREACHABLE'));
  });

  it('are not there for a record that nobody wrote', async () => {
    const [first] = chart.records;
    assert.ok(first);
    const unknown = { ...chart, records: [{ ...first, record: word('nobody') }] };
    assert.deepEqual(told(await read(care.doctor, unknown)), ['NOT_FOUND']);
  });
});
