import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import {
  acknowledgedBy,
  logSize,
  refusedWith,
  setOf,
  submissionOf,
  submitted,
  writeOf,
} from '../../node/test/requests.ts';
import { silence } from '../../node/test/silenced.ts';
import {
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Acknowledgement, Outcome, ReleasedFile } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { ViewSet, Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import type { ViewPair } from '../../protocol/evidence/viewSet.ts';

let network: TestNetwork;
let care: Care;
/** Record versions of the chart that the doctor may read. */
let written: readonly Write[];

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  written = await Promise.all([1, 2, 3, 4].map(async () => await write()));
});
afterEach(() => {
  network.liars.coordinator.clear();
  assert.deepEqual(network.failures, []);
});
after(async () => await network.close());

async function write(change: Partial<Write> = {}): Promise<Write> {
  const message = await writeOf(care, change);
  await acknowledgedBy(care.doctor, submissionOf(care, 'Write', message));
  return message;
}

/** A set of views of record versions, with its list. */
function submission(versions: readonly ViewPair[], change: Partial<ViewSet> = {}): Submission {
  const { set, pairs } = setOf(care, versions, change);
  return { ...submissionOf(care, 'ViewSet', set), pairs };
}

interface Viewed {
  readonly acknowledgement: Acknowledgement;
  /** Release of each file, or why not, by record. */
  readonly files: ReadonlyMap<string, ReleasedFile>;
}

function viewed({ pairs = [] }: Submission, outcome: Outcome): Viewed {
  assert.ok(outcome.outcome === 'acknowledged', JSON.stringify(outcome));
  const { acknowledgement, release } = outcome;
  const files = release?.files ?? [];
  assert.equal(files.length, pairs.length);
  return {
    acknowledgement,
    files: new Map(pairs.map(({ record }, place) => [record, files[place] ?? assert.fail()])),
  };
}

async function view(asked: Submission): Promise<Viewed> {
  return viewed(asked, await submitted(care.doctor, asked));
}

function codeOf(file: ReleasedFile | undefined): string {
  assert.ok(file && 'problem' in file, JSON.stringify(file));
  return fromProblem(file.problem).code;
}

/** Record versions that nobody wrote. */
function many(from: number, count: number): ViewPair[] {
  return Array.from({ length: count }, (_, nth) => ({ record: word(`${from + nth}`), version: 1 }));
}

/** Has a coordinator dispute places of each set that it is asked about. */
function disputing(organisation: string, pairs: readonly number[]): () => number {
  const { coordinator } = network.services(organisation);
  let asked = 0;
  network.liars.coordinator.set(organisation, {
    ...coordinator,
    async judge() {
      asked += 1;
      const problem = new MedsealError('ANSWER_DISPUTED', {}).toProblem();
      return await Promise.resolve({ refused: [{ index: 0, problem, pairs }] });
    },
  });
  return () => asked;
}

/** Erases a category by the laboratory’s log, of which the hospital does not hear yet. */
async function erasedElsewhere(category: Category): Promise<void> {
  const { patient } = care;
  silence(network, 'hospital');
  const agent = network.agent('laboratory');
  await eraseKeys({ ...patient, agent, log: 'care/laboratory' }, category);
  network.liars.coordinator.clear();
}

/** Has a coordinator not know the entry of a record version of a set, unless it is shown it. */
function lagging(organisation: string, place: number, before?: () => void): void {
  const { coordinator } = network.services(organisation);
  network.liars.coordinator.set(organisation, {
    ...coordinator,
    async judge(request) {
      const [{ pairs = [], records = [] } = {}] = request.bodies;
      const isShown = records.some(({ body }) => body.includes(pairs[place]?.record ?? ''));
      if (isShown) return await coordinator.judge(request);
      before?.();
      const problem = new MedsealError('NOT_FOUND', { what: 'record' }).toProblem();
      return { refused: [{ index: 0, problem, pairs: [place] }] };
    },
  });
}

const ABSENT = { record: word('nobody’s record'), version: 1 };

describe('a view of several records', () => {
  it('is one entry, and releases the file of each', async () => {
    const size = await logSize(network);
    const { acknowledgement, files } = await view(submission(written));
    assert.equal(await logSize(network), size + 1);
    const body = verifyAcknowledgement(care.doctor, network.file, acknowledgement);
    assert.deepEqual([body.flag, body.left], ['A', undefined]);
    for (const { record, file } of written) {
      const released = files.get(record);
      assert.ok(released && 'ticket' in released);
      const bytes = await collectBytes(care.doctor.agent.download(released.ticket, file));
      assert.deepEqual(care.doctor.primitives.sha256(bytes).length, 32);
    }
  });

  it('releases a version that was written a moment ago, before anybody else has its entry', async () => {
    const fresh = await write();
    const { files } = await view(submission([fresh, ...written]));
    assert.ok([...files.values()].every((file) => 'ticket' in file));
  });

  // @actor party with a right | asks in one set for records that it may not see, among others that it may
  it('leaves out what does not exist and what the right does not cover, and tells both alike', async () => {
    const { patient, stranger, doctor } = care;
    const hidden = await write({ category: 'sensitive' });
    const shown = await write({ category: 'vitals' });
    const right = await grantRight(patient, { ...everything(stranger), categories: ['vitals'] });
    const { set, pairs } = setOf(care, [ABSENT, hidden, shown], { grant: right.digest });
    const request = sign(stranger, stranger, 'ViewSet', set);
    const asked = { request, opening: right.grant, pairs };
    const { acknowledgement, files } = viewed(asked, await submitted(stranger, asked));
    assert.ok('ticket' in (files.get(shown.record) ?? {}));
    const [absent, uncovered] = [files.get(ABSENT.record), files.get(hidden.record)];
    assert.equal(codeOf(absent), 'NOT_FOUND');
    assert.deepEqual(uncovered, absent);
    assert.equal(verifyAcknowledgement(doctor, network.file, acknowledgement).left?.length, 2);
  });

  // @attack a reader tries records that it may not see, among one whose body was erased | the refusal is an entry: an erased body comes from nobody
  it('is refused with an entry if the body of a version that it names was erased', async () => {
    const { patient, stranger } = care;
    const hidden = await write({ category: 'sensitive' });
    const gone = await write({ category: 'vitals' });
    const right = await grantRight(patient, { ...everything(stranger), categories: ['vitals'] });
    await network.checkpoint();
    for (const name of ORGANISATIONS) {
      const log = network.services(name).logs.get('care/hospital');
      await log?.erase((await log.placeOf(care.handle, gone)) ?? assert.fail());
    }
    const { set, pairs } = setOf(care, [hidden, gone], { grant: right.digest });
    const request = sign(stranger, stranger, 'ViewSet', set);
    const outcome = await submitted(stranger, { request, opening: right.grant, pairs });
    assert.equal(refusedWith(outcome, 'NOT_FOUND')?.flag, 'R');
  });

  it('leaves out what the patient erased, and says so to whom the right covers it', async () => {
    const { patient, stranger } = care;
    const erased = await write({ category: 'imaging' });
    const other = await write({ category: 'imaging' });
    const right = await grantRight(patient, { ...everything(stranger), categories: ['vitals'] });
    const shown = await write({ category: 'vitals' });
    await eraseKeys(patient, 'imaging');
    const [kept] = written;
    assert.ok(kept);
    const { files } = await view(submission([erased, kept]));
    assert.equal(codeOf(files.get(erased.record)), 'RECORD_ERASED');
    assert.ok('ticket' in (files.get(kept.record) ?? {}));
    const { set, pairs } = setOf(care, [erased, shown], { grant: right.digest });
    const asked = {
      request: sign(stranger, stranger, 'ViewSet', set),
      opening: right.grant,
      pairs,
    };
    const seen = viewed(asked, await submitted(stranger, asked));
    assert.equal(codeOf(seen.files.get(erased.record)), 'NOT_FOUND');
    // Of which nothing is left, it is refused with the reason, and again with the same, once others have the entries.
    await network.checkpoint();
    const all = submission([erased, other]);
    for (let times = 0; times < 2; times++) {
      const outcome = await submitted(care.doctor, all);
      assert.equal(refusedWith(outcome, 'RECORD_ERASED')?.flag, 'R');
      const { problem } = outcome as Extract<Outcome, { outcome: 'refused' }>;
      assert.deepEqual(problem.values, { category: 'imaging' });
    }
    const mixed = await submitted(care.doctor, submission([erased, other, ABSENT]));
    assert.equal(refusedWith(mixed, 'NOT_FOUND')?.flag, 'R');
  });

  it('leaves out another version of a record than there is', async () => {
    const [first, second] = written;
    assert.ok(first && second);
    const { files } = await view(submission([first, { ...second, version: 2 }]));
    assert.ok('ticket' in (files.get(first.record) ?? {}));
    assert.equal(codeOf(files.get(second.record)), 'NOT_FOUND');
  });

  it('is refused if nothing is left, with an entry', async () => {
    const outcome = await submitted(care.doctor, submission([ABSENT]));
    const body = refusedWith(outcome, 'NOT_FOUND');
    assert.equal(body?.flag, 'R');
  });

  it('is refused without a right, with an entry, whatever it names', async () => {
    const asked = submission([ABSENT, ...written], { grant: word('no grant') });
    assert.equal(refusedWith(await submitted(care.doctor, asked), 'RIGHT_MISSING')?.flag, 'R');
  });

  it('is answered without an entry if its list is another one, and right after that as it should be', async () => {
    const size = await logSize(network);
    const asked = submission(written);
    const [first, ...others] = asked.pairs ?? [];
    assert.ok(first);
    const { pairs: _, ...bare } = asked;
    for (const wrong of [
      bare,
      { ...asked, pairs: others },
      { ...asked, pairs: [...others, first] },
    ]) {
      assert.equal(
        refusedWith(await submitted(care.doctor, wrong), 'REQUEST_MALFORMED'),
        undefined,
      );
    }
    assert.equal(await logSize(network), size);
    await view(asked);
  });

  it('gets the first answer again, and what it leaves out stays out', async () => {
    const asked = submission([ABSENT, ...written]);
    const before = await view(asked);
    const again = await view(asked);
    assert.deepEqual(again.acknowledgement, before.acknowledgement);
    assert.equal(codeOf(again.files.get(ABSENT.record)), 'NOT_FOUND');
    assert.equal([...again.files.values()].filter((file) => 'ticket' in file).length, 4);
  });

  // @attack a caller sends many sets at once, each with a long list | the lists of one call together are no longer than one may be
  it('is refused if the lists of a call are longer together than one may be', async () => {
    const outcomes = await network
      .agent()
      .submit([submission(many(0, 600)), submission(many(600, 600))]);
    assert.deepEqual(
      outcomes.map((each) => each.outcome === 'refused' && each.problem.code),
      ['NOT_FOUND', 'REQUEST_TOO_LARGE'],
    );
  });

  it('is kept for no longer than its right allows', async () => {
    const now = Math.floor(network.clock.now() / 1000);
    const kept = submission(written, { keep: now + 3600 });
    assert.equal(parseBody((await view(kept)).acknowledgement.body).flag, 'A');
    const long = submission(written, { keep: now + 8 * 86_400 });
    assert.ok(refusedWith(await submitted(care.doctor, long), 'KEEP_TOO_LONG'));
  });
});

describe('coordinators that do not accept all of it', () => {
  // @class a coordinator whose copy of a log is behind | an existing record is left out of a view for ever
  it('are shown the entries that they do not have yet, and then accept', async () => {
    lagging('laboratory', 1);
    lagging('insurer', 2);
    const { acknowledgement, files } = await view(submission(written));
    assert.equal(parseBody(acknowledgement.body).left, undefined);
    assert.ok([...files.values()].every((file) => 'ticket' in file));
  });

  // @class a long list, or a slow coordinator | the moment of a view is too old by the time that coordinators are asked again
  it('are asked again about the moment of that, however long their first answers took', async () => {
    lagging('insurer', 2);
    lagging('laboratory', 1, () => network.clock.advance(6000));
    await view(submission(written));
  });

  // @attack a coordinator disputes records of a set, whichever | it decides nothing while enough others accept
  it('decide nothing alone', async () => {
    for (const places of [[0, 1, 2, 3], [1], [], [3, 1], [9]]) {
      disputing('laboratory', places);
      const { acknowledgement } = await view(submission(written));
      assert.equal(parseBody(acknowledgement.body).left, undefined, places.join());
    }
  });

  // @class two coordinators that do not say the same | an existing record is told to be absent, and nobody says "again"
  it('have the reader try again if they do not say the same', async () => {
    disputing('laboratory', [1]);
    for (const places of [[2], [], [1, 2], [9]]) {
      const asked = disputing('insurer', places);
      const outcome = await submitted(care.doctor, submission(written));
      assert.equal(refusedWith(outcome, 'ANSWER_DISPUTED'), undefined, places.join());
      assert.ok(asked() >= 1);
    }
    network.liars.coordinator.clear();
    await view(submission(written));
  });

  it('leave out what as many of them as must do not accept, and a liar among them changes nothing', async () => {
    const epoch = network.services().index.patient(care.handle)?.epoch ?? assert.fail();
    const gone = await write({ category: 'imaging', epoch });
    await network.checkpoint();
    await erasedElsewhere('imaging');
    const asked = [gone, ...written];
    const { acknowledgement, files } = await view(submission(asked));
    assert.equal(codeOf(files.get(gone.record)), 'NOT_FOUND');
    assert.equal(parseBody(acknowledgement.body).left?.length, 1);
    assert.equal([...files.values()].filter((file) => 'ticket' in file).length, 4);
    disputing('insurer', []);
    const outcome = await submitted(care.doctor, submission(asked));
    assert.equal(refusedWith(outcome, 'ANSWER_DISPUTED'), undefined, 'until the hospital has it');
    network.liars.coordinator.clear();
    await network.checkpoint('laboratory');
    await view(submission(asked));
  });

  it('get no refusal entered if the others would accept it', async () => {
    disputing('laboratory', [0, 1, 2, 3]);
    disputing('insurer', [0, 1, 2, 3]);
    const outcome = await submitted(care.doctor, submission(written));
    assert.equal(refusedWith(outcome, 'ANSWER_DISPUTED'), undefined);
  });
});
