import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../../client/records/addRecord.ts';
import { grantRight } from '../../../client/rights/grantRight.ts';
import { lyingTo } from '../../../client/test/lyingTo.ts';
import type { Party } from '../../../client/party/Party.ts';
import { readAudit } from '../../../client/audit/readAudit.ts';
import { readChart, type Chart } from '../../../client/records/readChart.ts';
import { revokeRight } from '../../../client/rights/revokeRight.ts';
import type { ChartRecord } from '../../../client/records/viewChart.ts';
import { bytesToHex, utf8ToBytes } from '../../../crypto/bytes.ts';
import { leafHash } from '../../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../../crypto/merkle/memoryTree.ts';
import { collectBytes } from '../../../crypto/sealing/collectBytes.ts';
import { open } from '../../../crypto/sealing/open.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { SignedVerdict } from '../../../protocol/evidence/evidence.ts';
import { ZERO32, type LogName } from '../../../protocol/ids.ts';
import { logOf } from '../../../protocol/network/networkLookups.ts';
import { readEvidenceBody } from '../../../protocol/evidence/readEvidence.ts';
import type { Signed, Write } from '../../../protocol/struct/requests.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { newEntryOf } from '../../../services/entries/newEntryOf.ts';
import type { CoordinatorPort, JudgedBody, Judgement } from '../../../services/ports.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  submitted,
  uploaded,
  viewOf,
  writeOf,
} from '../requests.ts';
import {
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../testNetwork.ts';

/** Attempts to get at a sealed file by way of another record than the one that it was sealed for. */

const SECRET = utf8ToBytes('{"resourceType":"Observation","id":"sensitive"}');
const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
/** Another patient, who helps the doctor, and who gave the doctor a right to everything. */
let accomplice: Care;
/** The first patient's chart, which the doctor saw once. */
let chart: Chart;
/** The record on it that the doctor never views. */
let unseen: ChartRecord;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { patient, doctor, handle, right } = care;
  await addRecord(patient, { handle, category: 'conditions', content: SECRET, purpose: 'PATRQT' });
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  [unseen] = chart.records as [ChartRecord];
  const other = await startCare(network);
  const theirs = await grantRight(other.patient, everything(doctor));
  accomplice = { ...other, doctor, right: theirs };
});
after(async () => await network.close());

/** A request to put the unseen record's file elsewhere: by default on the accomplice's chart, by the doctor. */
async function taking(on: Care = accomplice, change: Partial<Write> = {}): Promise<Write> {
  const { category, file, size } = unseen;
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  return await writeOf(on, { category, file, size, deadline, ...change });
}

/** The same by the accomplice, whose own chart it is. */
async function takingBy(party: Party): Promise<Write> {
  const begunBy = party.address;
  return await taking(accomplice, { log: party.log, begunBy, grant: ZERO32, purpose: 'PATRQT' });
}

async function outcomeOf(
  write: Write,
  on: Care = accomplice,
  party: Party = on.doctor,
): Promise<ErrorCode | 'acknowledged'> {
  const { request, opening } = submissionOf(on, 'Write', write, party);
  const along = write.grant === ZERO32 ? {} : { ...(opening && { opening }) };
  const outcome = await submitted(party, { request, ...along });
  return outcome.outcome === 'refused' ? outcome.problem.code : 'acknowledged';
}

/** Returns the answers of the coordinators, each by itself, to a body that an agent lets through. */
async function verdictsOn(request: Signed<'Write'>, on: Care): Promise<readonly unknown[]> {
  const log = request.message.log;
  const body = judgedBody(network, on, request, { log });
  return await Promise.all(
    ORGANISATIONS.map(async (name) => {
      const { coordinator } = network.services(name);
      const { refused } = await coordinator.judge({ log, bodies: [body] });
      return refused[0]?.problem.code ?? 'signed';
    }),
  );
}

/** Returns the patient's audit of a log, which must be complete. */
async function audited(log: LogName = LOG): Promise<readonly string[]> {
  const { logs } = await readAudit(lyingTo(network, care.patient, {}));
  const found = logs.find((each) => each.log === log);
  assert.ok(found?.complete === true);
  return found.events.map(({ body }) => {
    const { type, message } = body?.request ?? assert.fail();
    return `${body?.flag} ${type} ${'what' in message ? message.what : ''}`.trim();
  });
}

/** Returns the verdict of an organisation's coordinator over bodies of writes, if it signs any. */
function signedBy(organisation: string, bodies: readonly JudgedBody[]): Signature {
  const { primitives } = network.ports;
  const leaves = bodies.map(({ body }) =>
    leafHash(primitives, primitives.sha256(utf8ToBytes(body))),
  );
  const { size, root } = memoryTree(primitives, leaves);
  const at = Math.floor(network.clock.now() / 1000);
  const { id } = logOf(network.file, LOG).log;
  const times = { at, includeBy: at + 60 };
  const verdict = { kind: 'writes', log: id, size, root: bytesToHex(root), ...times } as const;
  const key = network.keys.get(organisation)?.coordinator ?? assert.fail();
  const { party, signature } = sign(care.doctor, key, 'Verdict', verdict);
  return { verdict, coordinator: party, signature };
}

type Signature = NonNullable<Judgement['verdict']>;

/** Appends a write that all coordinators sign for, whatever it says: what k that lie can do with a lying agent. */
async function forced(write: Write, on: Care): Promise<void> {
  const judged = judgedBody(network, on, sign(on.doctor, on.doctor, 'Write', write));
  const verdicts = ORGANISATIONS.map((name): SignedVerdict => {
    return { ...signedBy(name, [judged]), index: 0, proof: [] };
  });
  const entry = bytesToHex(network.ports.primitives.sha256(utf8ToBytes(judged.body)));
  const read = readEvidenceBody(on.doctor, judged.body);
  const { administrator } = network.services();
  await administrator.append([newEntryOf({ entry, body: judged.body, verdicts }, read)]);
}

describe('a sealed file of another record', () => {
  // @attack a reader puts a seen file on another chart and views it there, so that its patient's audit shows nothing | one file, one version: `FILE_TAKEN` at each judge
  it('is not read by way of a chart where the reader may add: the write is refused, and the audit is complete', async () => {
    const { doctor } = care;
    const write = await taking();
    assert.equal(await outcomeOf(write), 'FILE_TAKEN');
    const { handle, record } = write;
    const view = viewOf(accomplice, { what: 'record', handle, record, version: 1 });
    const viewed = await submitted(doctor, submissionOf(accomplice, 'View', view));
    assert.equal(viewed.outcome === 'refused' && viewed.problem.code, 'NOT_FOUND');
    await network.checkpoint();
    assert.deepEqual((await audited()).slice(0, 2), ['A Write', 'A View chart']);
  });

  it('is not taken by an accomplice: on a chart of its own, at the same organisation or another', async () => {
    assert.equal(
      await outcomeOf(await takingBy(accomplice.patient), accomplice, accomplice.patient),
      'FILE_TAKEN',
    );
    await network.checkpoint();
    const agent = network.agent('laboratory');
    const elsewhere = { ...accomplice.patient, agent, log: 'care/laboratory' };
    assert.equal(await outcomeOf(await takingBy(elsewhere), accomplice, elsewhere), 'FILE_TAKEN');
  });

  // @attack the same under another record of the same chart, or as its next version | `FILE_TAKEN`
  it('is not put under a harmless record, nor as another version of its own', async () => {
    assert.equal(await outcomeOf(await taking(care), care), 'FILE_TAKEN');
    const { record, category, begunBy } = unseen;
    const line = { record, category, begunBy, version: 2 };
    const amending = await taking(care, { ...line, action: 'amend' });
    assert.equal(await outcomeOf(amending, care), 'FILE_TAKEN');
    const own = await writeOf(care);
    assert.equal(await outcomeOf(own, care), 'acknowledged');
    const { file, size } = own;
    assert.equal(
      await outcomeOf(await writeOf(care, { file, size }), care),
      'FILE_TAKEN',
      'not by its own author either',
    );
  });

  it('gets the first answer for the same bytes again, also while they are judged twice at once', async () => {
    const write = await writeOf(care);
    const submission = submissionOf(care, 'Write', write);
    const [one, other] = await Promise.all([
      acknowledgedBy(care.doctor, submission),
      acknowledgedBy(care.doctor, submission),
    ]);
    assert.deepEqual(one, other);
    assert.deepEqual(await acknowledgedBy(care.doctor, submission), one);
  });
});

describe('each judge alone refuses a sealed file of another record', () => {
  it('a coordinator by what it promised, before any log has the entry, and though the promise came to nothing', async () => {
    const { file, size, ...rest } = await writeOf(care);
    const first = sign(care.doctor, care.doctor, 'Write', { ...rest, file, size });
    assert.deepEqual(await verdictsOn(first, care), Array(3).fill('signed'));
    const second = sign(
      care.doctor,
      care.doctor,
      'Write',
      await taking(accomplice, { file, size }),
    );
    assert.deepEqual(await verdictsOn(second, accomplice), Array(3).fill('FILE_TAKEN'));
    network.clock.advance(71_000);
    const view = viewOf(care, { deadline: Math.floor(network.clock.now() / 1000) + 300 });
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', view));
    await network.checkpoint();
    const late = await taking(accomplice, { file, size });
    const again = sign(care.doctor, care.doctor, 'Write', late);
    assert.deepEqual(await verdictsOn(again, accomplice), Array(3).fill('FILE_TAKEN'));
    const { salt, deadline } = await taking();
    const retried = sign(care.doctor, care.doctor, 'Write', {
      ...rest,
      file,
      size,
      salt,
      deadline,
    });
    assert.deepEqual(
      await verdictsOn(retried, care),
      Array(3).fill('signed'),
      'the version that it was promised to may still have it',
    );
  });

  // @attack k coordinators and an agent put such a write on a log | an honest agent releases a file for its own entry only
  it('the agent that releases: though k coordinators let it onto a log, by way of it nothing is released', async () => {
    const write = await taking();
    await forced(write, accomplice);
    await network.checkpoint();
    const { handle, record } = write;
    const view = viewOf(accomplice, { what: 'record', handle, record, version: 1 });
    const viewed = await submitted(care.doctor, submissionOf(accomplice, 'View', view));
    assert.ok(viewed.outcome === 'refused');
    assert.equal(viewed.problem.code, 'FILE_TAKEN');
    const { right } = care;
    const rightful = viewOf(care, {
      what: 'record',
      record: unseen.record,
      version: 1,
      grant: right.digest,
    });
    const released = await submitted(care.doctor, submissionOf(care, 'View', rightful));
    assert.ok(released.outcome === 'acknowledged' && released.release?.ticket !== undefined);
    const sealed = care.doctor.agent.download(released.release.ticket, unseen.file);
    const content = await collectBytes(open([chart.openerFor(unseen)], sealed));
    assert.deepEqual(content, SECRET);
    await network.checkpoint();
    const told = (await audited()).filter((event) => event === 'A View record');
    assert.equal(told.length, 1, 'the one that released it');
  });
});

describe('a sealed file that no log has yet', () => {
  // @attack two writes name one file at once, at two agents | a file is promised before it is fetched, to the first
  it('goes to one of the writes that name it at once, at whatever agents', async () => {
    const content = care.doctor.random(40);
    const atLab = { ...care.doctor, agent: network.agent('laboratory'), log: 'care/laboratory' };
    const { file, size } = await uploaded(care.doctor, content);
    await uploaded(atLab, content);
    const outcomes = await Promise.all([
      outcomeOf(await taking(care, { file, size }), care),
      outcomeOf(await taking(accomplice, { file, size })),
      outcomeOf(await taking(accomplice, { file, size, log: atLab.log }), accomplice, atLab),
      outcomeOf(await taking(care, { file, size, log: atLab.log }), care, atLab),
    ]);
    assert.deepEqual(outcomes.toSorted(), [...Array<string>(3).fill('FILE_TAKEN'), 'acknowledged']);
  });

  it('goes to one of two writes of an array', async () => {
    const { file, size } = await uploaded(care.doctor);
    const writes = [await taking(care, { file, size }), await taking(care, { file, size })];
    const outcomes = await care.doctor.agent.submit(
      writes.map((write) => submissionOf(care, 'Write', write)),
    );
    assert.deepEqual(
      outcomes.map((each) => (each.outcome === 'refused' ? each.problem.code : each.outcome)),
      ['acknowledged', 'FILE_TAKEN'],
    );
  });

  // @attack somebody names a file that another has just uploaded | who did not upload it is refused
  it('is its uploader’s to name: who only knows its hash is refused, and the uploader is not', async () => {
    const { file, size } = await uploaded(care.doctor);
    const { patient } = accomplice;
    const patients = { begunBy: patient.address, grant: ZERO32, purpose: 'PATRQT' } as const;
    const early = await taking(accomplice, { file, size, ...patients });
    assert.equal(await outcomeOf(early, accomplice, patient), 'FILE_TAKEN');
    const stalled = patient.agent.upload(
      sign(patient, patient, 'Upload', {
        log: patient.log,
        file,
        size,
        deadline: early.deadline,
        salt: early.salt,
      }),
      (async function* () {
        assert.equal(await outcomeOf(early, accomplice, patient), 'FILE_TAKEN', 'no byte came yet');
        yield new Uint8Array(size);
      })(),
    );
    await assert.rejects(stalled);
    const own = await taking(care, { file, size });
    assert.equal(await outcomeOf(own, care), 'acknowledged');
  });

  // @attack a node tells the hash, and its accomplice is faster | the author's client seals again
  it('that somebody names first costs its author a sealing more, and no record', async () => {
    const { patient, handle } = care;
    let first = true;
    const agent = new Proxy(patient.agent, {
      get: (target, name) =>
        name !== 'submit'
          ? (Reflect.get(target, name) as unknown)
          : async (submissions: Parameters<typeof target.submit>[0]) => {
              const [{ request }] = submissions as [{ request: Signed<'Write'> }];
              if (first && request.type === 'Write') {
                first = false;
                const { file, size } = request.message;
                const thief = sign(care.doctor, care.doctor, 'Write', {
                  ...(await taking(accomplice, { file, size })),
                });
                await verdictsOn(thief, accomplice);
              }
              return await target.submit(submissions);
            },
    });
    const { acknowledgement } = await addRecord(
      { ...patient, agent },
      { handle, category: 'conditions', content: SECRET, purpose: 'PATRQT' },
    );
    assert.equal(first, false);
    assert.equal(acknowledgement.log, LOG);
  });
});

describe('whatever became of the record, each judge alone keeps its file', () => {
  // @attack coordinators sign for such a write, and the agent is honest | the agent looks in all logs
  it('the agent, though every coordinator signs anything', async () => {
    for (const name of ORGANISATIONS) {
      const { coordinator } = network.services(name);
      const judge: CoordinatorPort['judge'] = async ({ bodies }) =>
        await Promise.resolve({ refused: [], verdict: signedBy(name, bodies) });
      network.liars.coordinator.set(name, { ...coordinator, judge });
    }
    assert.equal(await outcomeOf(await taking()), 'FILE_TAKEN');
    network.liars.coordinator.clear();
  });

  // @attack the agent lets such a write through, and a coordinator forgot its promises | a coordinator looks in all logs
  it('a coordinator by its copies of the logs, though it judged nothing or forgot what it promised', async () => {
    await network.checkpoint();
    for (const name of ORGANISATIONS) await network.database(name, 'coordinator').clear();
    for (const on of [accomplice, care]) {
      const request = sign(care.doctor, care.doctor, 'Write', await taking(on));
      assert.deepEqual(await verdictsOn(request, on), Array(3).fill('FILE_TAKEN'));
    }
    const { message } = JSON.parse(unseen.acknowledgement.body).request as Signed<'Write'>;
    const { record, version } = message;
    const twin = await writeOf(care, { record, version, category: message.category });
    const request = sign(care.doctor, care.doctor, 'Write', twin);
    assert.deepEqual(
      await verdictsOn(request, care),
      Array(3).fill('REQUEST_ALTERED'),
      'nor does a version go to another write',
    );
  });

  // @attack the same after the right ended | `FILE_TAKEN`
  it('is not taken after the right ended, with what was seen before', async () => {
    await revokeRight(care.patient, care.right.digest);
    assert.equal(await outcomeOf(await taking()), 'FILE_TAKEN');
    assert.equal(
      await outcomeOf(await takingBy(accomplice.patient), accomplice, accomplice.patient),
      'FILE_TAKEN',
    );
  });

  // @attack the same after the record was erased | the tombstone names the file
  it('stays its record’s after the body was erased everywhere, and after restarts', async () => {
    await network.checkpoint();
    for (const name of ORGANISATIONS) {
      await network.services(name).logs.get(LOG)?.erase(unseen.acknowledgement.index);
      await network.restart(name);
    }
    assert.equal(await outcomeOf(await taking()), 'FILE_TAKEN');
    const request = sign(care.doctor, care.doctor, 'Write', await taking());
    assert.deepEqual(await verdictsOn(request, accomplice), Array(3).fill('FILE_TAKEN'));
  });
});
