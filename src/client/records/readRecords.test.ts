import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { logSize } from '../../node/test/requests.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, Submission } from '../../protocol/AgentPort.ts';
import type { Outcome, ReleasedFile } from '../../protocol/evidence/evidence.ts';
import { viewInEntry } from '../../protocol/release/releasedView.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import { addRecord } from './addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecords, type RecordsRead } from './readRecords.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import type { ChartRecord } from './viewChart.ts';

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

/** More than are fetched at once; each name of a record again is another view of it. */
function many(): Chart['records'] {
  return Array.from({ length: 20 }, () => chart.records).flat();
}

/** The same, as large as is said: they are fetched by 16 MiB, and viewed by 64 MiB. */
function large(mebibytes: number): Chart['records'] {
  return many().map((each) => ({ ...each, size: mebibytes * 2 ** 20 }));
}

function pending(): never {
  throw new MedsealError('KEY_PENDING', {});
}

/** The text of what was read, or the code of why it was not. */
function told(results: readonly RecordsRead[]): readonly string[] {
  return results.map((each) => ('error' in each ? each.error.code : bytesToUtf8(each.content)));
}

type Submit = (given: readonly Outcome[], asked: readonly Submission[]) => unknown;

/** Changes what an agent says of the files of a set of views. */
type Change = (files: readonly ReleasedFile[], names: readonly string[]) => unknown;

/** A lie about the files of a set, told by the notes of their records in the order of the list. */
function lying(change: Change): Submit {
  return ([outcome], [submission]) => {
    if (outcome?.outcome !== 'acknowledged') return [outcome];
    const names = (submission?.pairs ?? []).map(({ record }) => noteOf(record));
    return [{ ...outcome, release: { files: change(outcome.release?.files ?? [], names) } }];
  };
}

function noteOf(record: string): string {
  return NOTES[chart.records.findIndex((each) => each.record === record)] ?? assert.fail();
}

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
  it('are given in their order, with evidence of one view that names each, for one submission', async () => {
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
      const body = verifyAcknowledgement(counting, network.file, each.acknowledgement);
      assert.equal(body.request.type, 'ViewSet');
      const seen = viewInEntry(counting.primitives, body, each.pair)?.message;
      assert.deepEqual([seen?.record, seen?.version], [each.record.record, each.record.version]);
      assert.equal(each.record, chart.records[place]);
    }
  });

  it('are one entry of the log, and a single one is a view as before', async () => {
    const size = await logSize(network);
    await read(care.doctor);
    assert.equal(await logSize(network), size + 1);
    const [alone] = await read(care.doctor, { ...chart, records: chart.records.slice(0, 1) });
    assert.ok(alone && 'content' in alone);
    const { request } = verifyAcknowledgement(care.doctor, network.file, alone.acknowledgement);
    assert.deepEqual([request.type, alone.pair], ['View', undefined]);
  });

  it('are viewed in lists that name none twice, and of 64 MiB at most', async () => {
    const sizes: number[] = [];
    const counting = submitting((asked) => {
      sizes.push(...asked.map(({ pairs }) => pairs?.length ?? 1));
    });
    const twice = [...chart.records, ...chart.records.slice(0, 1)];
    assert.deepEqual(told(await read(counting, { ...chart, records: twice })), [...NOTES, 'first']);
    assert.deepEqual(sizes, [5, 1]);
    sizes.length = 0;
    const records = chart.records.map((each) => ({ ...each, size: 30 * 2 ** 20 }));
    await read(counting, { ...chart, records });
    assert.deepEqual(sizes, [2, 2, 1]);
  });

  it('are viewed again if their reader waits so long that tickets lapse', async () => {
    let views = 0;
    const { clock } = network;
    let late = 0;
    const reader: Party = {
      ...submitting(() => (views += 1)),
      clock: { after: clock.after.bind(clock), now: () => clock.now() + late },
    };
    const results = readRecords(reader, chart, many());
    await results.next();
    assert.equal(views, 1);
    late = 130_000;
    assert.equal((await all(results)).length, 99);
    // The group that came ahead is the last one.
    assert.equal(views, 1);
    late = 0;
    const longer = readRecords(reader, chart, [...many(), ...many()]);
    await longer.next();
    late = 130_000;
    assert.deepEqual(new Set(told(await all(longer))), new Set(NOTES));
    assert.equal(views, 3);
  });

  // @class a slow line | each group that comes late has all that is left of the chart viewed again
  it('are viewed in shorter lists on a line that is too slow for one view of all', async () => {
    const { clock } = network;
    let named = 0;
    // Nodes take requests of a clock that is some minutes behind or ahead.
    let late = -285_000;
    const counting = submitting((asked) => {
      for (const { pairs } of asked) named += pairs?.length ?? 1;
    });
    const slow = { after: clock.after.bind(clock), now: () => clock.now() + late };
    const wanted = Array.from({ length: 10 }, many).flat();
    let count = 0;
    for await (const result of readRecords({ ...counting, clock: slow }, chart, wanted)) {
      assert.equal('error' in result ? result.error.code : '', '');
      count += 1;
      late += 570;
    }
    assert.equal(count, wanted.length);
    assert.ok(named < 2 * count, `${named} views of ${count} records`);
  });

  it('are read though the answer to their view was lost, for the same entry, if it is sent again', async () => {
    const { doctor } = care;
    const sent: Submission[] = [];
    const losing = submitting((asked) => sent.push(...asked));
    await read(losing);
    const [submission] = sent;
    assert.ok(submission?.pairs);
    const size = await logSize(network);
    const answers = await doctor.agent.submit([submission, submission]);
    assert.equal(await logSize(network), size);
    const given = answers.map((each) => (each.outcome === 'acknowledged' ? each : assert.fail()));
    assert.deepEqual(given[0]?.acknowledgement, given[1]?.acknowledgement);
    for (const { release } of given) {
      for (const [nth, file] of (release?.files ?? []).entries()) {
        const record: string | undefined = submission.pairs[nth]?.record;
        const listed: ChartRecord | undefined = chart.records.find(
          (each) => each.record === record,
        );
        assert.ok(listed && 'ticket' in file);
        assert.equal(await doctor.agent.fileSize(file.ticket, listed.file), listed.size);
      }
    }
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
    const results = readRecords(behind(reader, { download }), chart, large(40));
    await results.next();
    assert.equal(submissions, 2);
    await results.return(undefined);
  });

  it('are given though nobody answers for the next ones, of which the reader hears in their turn', async () => {
    for (const reads of [20, 1]) {
      let submissions = 0;
      const reader = submitting(() => {
        submissions += 1;
        if (submissions === 2) throw new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' });
      });
      const given: RecordsRead[] = [];
      const reading = async (): Promise<void> => {
        for await (const each of readRecords(reader, chart, large(4))) {
          given.push(each);
          if (given.length === reads) return;
        }
      };
      // Whoever stops before does not hear of it.
      if (reads === 1) await reading();
      else await assert.rejects(reading(), failsWith('PEER_UNREACHABLE'));
      assert.equal(given.length, Math.min(reads, 16));
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
      for (const { pairs = [] } of submissions) asked.push(...pairs.map(({ record }) => record));
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

  const none = NOTES.map(() => 'RELEASE_UNKNOWN');
  const lies: [string, Submit, readonly string[]][] = [
    ['nothing', () => undefined, NOTES.map(() => 'PEER_MALFORMED')],
    ['null', () => [null], NOTES.map(() => 'PEER_MALFORMED')],
    ['no release', ([outcome]) => [{ ...outcome, release: undefined }], none],
    ['no list of files', lying(() => 7), none],
    ['an empty list of files', lying(() => []), none],
    [
      'null for one',
      lying((files, names) => files.with(names.indexOf('fifth'), null as never)),
      NOTES.with(4, 'RELEASE_UNKNOWN'),
    ],
    [
      'a reason for one',
      lying((files, names) => {
        const problem = new MedsealError('RECORD_ERASED', { category: 'vitals' }).toProblem();
        return files.with(names.indexOf('fifth'), { problem });
      }),
      NOTES.with(4, 'RECORD_ERASED'),
    ],
    [
      'a reason without a code for one',
      lying((files, names) => files.with(names.indexOf('fifth'), { problem: {} as never })),
      NOTES.with(4, 'PEER_MALFORMED'),
    ],
    [
      'the ticket of another for one',
      lying((files, names) => {
        const others = files[names.indexOf('second')] ?? assert.fail();
        return files.with(names.indexOf('first'), others);
      }),
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

describe('a node of before there were views of several records', () => {
  it('is named as what has to be updated, however it refuses them', async () => {
    const { doctor } = care;
    const malformed = new MedsealError('REQUEST_MALFORMED', { what: 'type' });
    const refusing: Outcome = { outcome: 'refused', problem: malformed.toProblem() };
    const one = chart.records.slice(0, 1);
    for (const answer of [
      async () => await Promise.reject(malformed),
      async (asked: readonly Submission[]) => await Promise.resolve(asked.map(() => refusing)),
    ]) {
      const older = { ...doctor, agent: { ...doctor.agent, submit: answer } };
      const given = await read(older).catch((error: unknown) => [{ error }]);
      assert.ok(given.length > 0);
      for (const each of given) {
        const { code, next } = 'error' in each ? (each.error as MedsealError) : assert.fail();
        assert.equal(code, 'NODE_OLDER');
        assert.match(next, /update it/);
      }
      const single = await all(readRecords(older, chart, one)).catch((error: unknown) => [
        { error },
      ]);
      for (const each of single) {
        assert.ok('error' in each && (each.error as MedsealError).code === 'REQUEST_MALFORMED');
      }
    }
  });
});
