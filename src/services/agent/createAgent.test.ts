import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { streamBytes } from '../../crypto/sealing/streamBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { uploadSealed } from '../../client/agent/uploadSealed.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import {
  acknowledgedBy,
  logSize,
  refusedWith,
  submissionOf,
  submitted,
  uploaded,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { View, Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(() => assert.deepEqual(network.failures, []));
after(async () => await network.close());

describe('an agent', () => {
  it('acknowledges a write with a body and verdicts that hold', async () => {
    const write = await writeOf(care);
    const submission = submissionOf(care, 'Write', write);
    const acknowledgement = await acknowledgedBy(care.doctor, submission);
    const body = verifyAcknowledgement(care.doctor, network.file, acknowledgement);
    assert.equal(body.flag, 'A');
    assert.deepEqual(body.request, submission.request);
    assert.equal(acknowledgement.verdicts.length, 3);
  });

  it('enters the refusal of an authenticated party, with its code and nothing of their own', async () => {
    const submission = submissionOf(care, 'View', viewOf(care), care.stranger);
    const size = await logSize(network);
    const body = refusedWith(await submitted(care.stranger, submission), 'RIGHT_MISSING');
    assert.deepEqual([body?.flag, body?.code], ['R', 'RIGHT_MISSING']);
    assert.equal(await logSize(network), size + 1);
  });

  const table: [string, Partial<Write>, ErrorCode][] = [
    ['of a past epoch', { epoch: 0 }, 'EPOCH_STALE'],
    ['for another purpose', { purpose: 'HRESCH' }, 'RIGHT_MISSING'],
    ['of another size than the file', { size: 41 }, 'FILE_MISMATCH'],
    ['of version 2 of nothing', { action: 'amend', version: 2 }, 'NOT_FOUND'],
    ['of version 0', { action: 'amend', version: 0 }, 'NOT_FOUND'],
    ['of no record', { record: ZERO32 }, 'REQUEST_MALFORMED'],
  ];
  for (const [name, change, code] of table) {
    it(`refuses a write ${name}, and the refusal is an entry: ${code}`, async () => {
      const submission = submissionOf(care, 'Write', await writeOf(care, change));
      assert.equal(refusedWith(await submitted(care.doctor, submission), code)?.code, code);
    });
  }

  for (const [name, deadline, code] of [
    ['late', BEGIN - 1, 'REQUEST_LATE'],
    ['whose deadline lies far ahead', BEGIN + 601, 'REQUEST_EARLY'],
  ] as const) {
    it(`makes no entry of a request ${name}, which is for nobody to judge: ${code}`, async () => {
      const size = await logSize(network);
      const submission = submissionOf(care, 'View', viewOf(care, { deadline }));
      assert.equal(refusedWith(await submitted(care.doctor, submission), code), undefined);
      assert.equal(await logSize(network), size);
    });
  }

  const unsigned: [string, (given: Submission) => unknown, ErrorCode][] = [
    [
      'a forged signature',
      (given) => ({ ...given, request: { ...given.request, party: care.patient.address } }),
      'SIGNATURE_INVALID',
    ],
    [
      'a stranger to the network',
      (given) => ({ ...given, request: { ...given.request, party: signatory('nobody').address } }),
      'PARTY_UNKNOWN',
    ],
    [
      'another log',
      (given) => ({
        ...given,
        request: sign(care.doctor, care.doctor, 'View', viewOf(care, { log: 'care/insurer' })),
      }),
      'LOG_WRONG',
    ],
    [
      'a malformed request',
      (given) => ({ ...given, request: { ...given.request, message: {} } }),
      'REQUEST_MALFORMED',
    ],
    ['a malformed opening', (given) => ({ ...given, opening: { handle: 7 } }), 'REQUEST_MALFORMED'],
    ['nothing', () => null, 'REQUEST_MALFORMED'],
    ['a text', () => 'request', 'REQUEST_MALFORMED'],
    ['an empty object', () => ({}), 'REQUEST_MALFORMED'],
    [
      'a statement of coordinators',
      (given) => ({ request: { ...given.request, type: 'Verdict' } }),
      'REQUEST_MALFORMED',
    ],
  ];
  for (const [name, change, code] of unsigned) {
    it(`makes no entry of ${name}: ${code}`, async () => {
      const size = await logSize(network);
      const given = submissionOf(care, 'View', viewOf(care));
      const outcome = await submitted(care.doctor, change(given) as Submission);
      assert.equal(refusedWith(outcome, code), undefined);
      assert.equal(await logSize(network), size);
    });
  }

  it('answers each of an array for itself and in its place, whatever is between', async () => {
    const [first, last] = [await writeOf(care), await writeOf(care)];
    const outcomes = await network
      .agent()
      .submit([
        submissionOf(care, 'Write', first),
        null as unknown as Submission,
        submissionOf(care, 'Write', await writeOf(care, { epoch: 9 })),
        { request: 7 } as unknown as Submission,
        { request: sign(care.doctor, care.doctor, 'Grant', care.right.grant) },
        submissionOf(care, 'View', viewOf(care), care.stranger),
        submissionOf(care, 'Write', last),
      ]);
    assert.deepEqual(
      outcomes.map((each) => (each.outcome === 'refused' ? each.problem.code : each.outcome)),
      [
        'acknowledged',
        'REQUEST_MALFORMED',
        'EPOCH_STALE',
        'REQUEST_MALFORMED',
        'RIGHT_MISSING',
        'RIGHT_MISSING',
        'acknowledged',
      ],
    );
    for (const [place, write] of [
      [0, first],
      [6, last],
    ] as const) {
      const outcome = outcomes[place];
      const body = outcome?.outcome === 'acknowledged' ? outcome.acknowledgement.body : '';
      assert.equal((parseBody(body).request.message as Write).record, write.record);
    }
  });

  it('takes arrays, and of 1,024 at most', async () => {
    for (const wrong of [null, {}, 'x', { length: 1 }]) {
      const call = network.agent().submit(wrong as unknown as Submission[]);
      await assert.rejects(call, failsWith('REQUEST_MALFORMED'));
    }
    const many = Array.from({ length: 1025 }, () => ({}) as Submission);
    await assert.rejects(network.agent().submit(many), failsWith('REQUEST_TOO_LARGE'));
    assert.deepEqual(await network.agent().submit([]), []);
  });

  it('takes one write for each version of a record', async () => {
    const record = word('one record');
    const [one, other] = [await writeOf(care, { record }), await writeOf(care, { record })];
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', one));
    refusedWith(
      await submitted(care.doctor, submissionOf(care, 'Write', other)),
      'REQUEST_ALTERED',
    );
    const next = await writeOf(care, { record, action: 'amend', version: 2 });
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', next));
    const skipping = await writeOf(care, { record, action: 'amend', version: 4 });
    refusedWith(await submitted(care.doctor, submissionOf(care, 'Write', skipping)), 'NOT_FOUND');
  });

  it('takes one of several writes of a version that come at once', async () => {
    const record = word('contested record');
    const writes = await Promise.all([1, 2, 3, 4].map(async () => await writeOf(care, { record })));
    const outcomes = await Promise.all(
      writes.map(async (write) => await submitted(care.doctor, submissionOf(care, 'Write', write))),
    );
    const taken = outcomes.filter(({ outcome }) => outcome === 'acknowledged');
    assert.equal(taken.length, 1);
    for (const outcome of outcomes) {
      if (outcome.outcome === 'refused') refusedWith(outcome, 'REQUEST_ALTERED');
    }
  });
});

describe('an agent that releases', () => {
  it('has a view in the log before anything is released', async () => {
    const { index } = await acknowledgedBy(
      care.doctor,
      submissionOf(care, 'Write', await writeOf(care)),
    );
    const { contributor } = network.services();
    const next = { log: 'care/hospital', from: index + 1, to: index + 2 };
    await assert.rejects(contributor.read(next), failsWith('NOT_FOUND'));
    // The packet is the first thing that is looked up for a release.
    const kept = network.database('hospital', 'kept');
    const iterator = kept.iterator.bind(kept);
    let atRelease: ReturnType<typeof contributor.read> | undefined;
    kept.iterator = ((options: never) => {
      atRelease = contributor.read(next);
      return iterator(options);
    }) as typeof kept.iterator;
    const outcome = await submitted(care.doctor, submissionOf(care, 'View', viewOf(care)));
    kept.iterator = iterator;
    assert.ok(outcome.outcome === 'acknowledged' && outcome.release?.packet !== undefined);
    assert.deepEqual(await atRelease, [outcome.acknowledgement]);
  });

  it('releases nothing if the log cannot be written', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const database = own.database('hospital', 'logs/hospital');
    // As the database of a folder fails, once the disk beneath it has failed.
    const failure = new MedsealError('FOLDER_UNWRITABLE', { path: 'logs' });
    database.batch = async (): Promise<never> => await Promise.reject(failure);
    const outcome = await submitted(theirs.doctor, submissionOf(theirs, 'View', viewOf(theirs)));
    refusedWith(outcome, 'STORAGE_FAILED');
    assert.ok(!('release' in outcome));
    await own.close();
  });

  it('opens with a ticket its own file only, and for some minutes', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const { doctor } = theirs;
    const contents = [doctor.random(100), doctor.random(100)];
    const tickets: string[] = [];
    const files: `0x${string}`[] = [];
    for (const content of contents) {
      const { file, size } = await uploaded(doctor, content);
      const record = bytesToHex(doctor.random(32));
      const write = await writeOf(theirs, { file, size, record });
      await acknowledgedBy(doctor, submissionOf(theirs, 'Write', write));
      const view = viewOf(theirs, { what: 'record', record, version: 1 });
      const outcome = await submitted(doctor, submissionOf(theirs, 'View', view));
      assert.ok(outcome.outcome === 'acknowledged' && outcome.release?.ticket !== undefined);
      tickets.push(outcome.release.ticket);
      files.push(file);
    }
    const fetch = async (ticket = '', file: `0x${string}` = '0x'): Promise<Uint8Array> =>
      await collectBytes(doctor.agent.download(ticket, file));
    assert.deepEqual(await fetch(tickets[0], files[0]), contents[0]);
    assert.deepEqual(await fetch(tickets[0], files[0]), contents[0], 'again, within minutes');
    for (const [ticket, file] of [
      [tickets[0], files[1]],
      [tickets[1], files[0]],
      ['', files[0]],
      ['0'.repeat(32), files[0]],
      [tickets[0], word('x')],
    ] as const) {
      await assert.rejects(fetch(ticket, file), failsWith('RELEASE_UNKNOWN'));
    }
    own.clock.advance(300_000);
    await fetch(tickets[0], files[0]);
    own.clock.advance(1000);
    await assert.rejects(fetch(tickets[0], files[0]), failsWith('RELEASE_UNKNOWN'));
    await own.close();
  });

  // @actor a revoked party | to have an old view released again
  it('releases nothing for a repeated view after the right has ended, or late', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const other = await grantRight(theirs.patient, everything(theirs.stranger));
    const views = [theirs.right, other].map((right, place) => {
      const party = place === 0 ? theirs.doctor : theirs.stranger;
      const view = viewOf(theirs, { grant: right.digest });
      return {
        party,
        submission: { request: sign(party, party, 'View', view), opening: right.grant },
      };
    });
    for (const { party, submission } of views) await acknowledgedBy(party, submission);
    await revokeRight(theirs.patient, theirs.right.digest);
    const [ended, late] = views;
    assert.ok(ended !== undefined && late !== undefined);
    const outcome = await submitted(ended.party, ended.submission);
    refusedWith(outcome, 'RIGHT_ENDED');
    assert.ok(!('release' in outcome));
    own.clock.advance(301_000);
    refusedWith(await submitted(late.party, late.submission), 'REQUEST_LATE');
    await own.close();
  });

  it('lists on a chart what the right covers, and not what was refused', async () => {
    const own = await startTestNetwork({ cared: true });
    const theirs = await startCare(own);
    const categories = ['laboratory', 'vitals', 'billing'] as const;
    for (const category of categories) {
      const write = await writeOf(theirs, { category });
      await acknowledgedBy(theirs.doctor, submissionOf(theirs, 'Write', write));
    }
    await submitted(
      theirs.doctor,
      submissionOf(theirs, 'Write', await writeOf(theirs, { epoch: 7 })),
    );
    const narrow = await grantRight(theirs.patient, {
      ...everything(theirs.stranger),
      categories: ['vitals', 'other'],
      actions: ['read'],
    });
    const listed = async (party: Care['doctor'], view: View, opening?: typeof narrow.grant) => {
      const request = sign(party, party, 'View', view);
      const outcome = await submitted(party, { request, ...(opening && { opening }) });
      assert.ok(outcome.outcome === 'acknowledged');
      return (outcome.release?.records ?? []).map(
        ({ body }) => (parseBody(body).request.message as Write).category,
      );
    };
    const view = viewOf(theirs, { grant: narrow.digest });
    assert.deepEqual(await listed(theirs.stranger, view, narrow.grant), ['vitals']);
    const whole = viewOf(theirs, { grant: ZERO32, purpose: 'PATRQT' });
    assert.deepEqual(await listed(theirs.patient, whole), categories);
    await own.close();
  });

  it('gives no body to who asks for a receipt, and says how far the log is before the checkpoint', async () => {
    await network.checkpoint();
    const submission = submissionOf(care, 'Write', await writeOf(care));
    const { index } = await acknowledgedBy(care.doctor, submission);
    const ask = async (): Promise<object> =>
      await network.agent().receipt({ log: 'care/hospital', index });
    const pending = { status: 'pending', log: 'care/hospital', index, checkpointed: index };
    assert.deepEqual(await ask(), { ...pending, retryAfter: 200 });
    await network.checkpoint();
    assert.deepEqual(Object.keys(await ask()).toSorted(), ['checkpoint', 'inclusion', 'ledger']);
    for (const wrong of [-1, 1.5, 1_000_000, NaN, '0' as unknown as number]) {
      const asked = network.agent().receipt({ log: 'care/hospital', index: wrong });
      await assert.rejects(asked, failsWith('NOT_FOUND'));
    }
    const elsewhere = network.agent().receipt({ log: 'care/nobody', index: 0 });
    await assert.rejects(elsewhere, failsWith('NOT_FOUND'));
  });
});

describe('an agent’s uploads', () => {
  it('keep nothing that is not what was announced', async () => {
    const content = care.doctor.random(64);
    const hash = bytesToHex(network.ports.primitives.sha256(content));
    const stat = async (): Promise<unknown> =>
      (await network.services().contributor.stats([hash]))[0];
    const wrong: [`0x${string}`, number][] = [
      [hash, 63],
      [hash, 65],
      [word('x'), 64],
    ];
    for (const [announced, size] of wrong) {
      const call = uploadSealed(care.doctor, { hash: announced, size }, streamBytes(content));
      await assert.rejects(call, failsWith('FILE_MISMATCH'));
    }
    assert.equal(await stat(), undefined);
    await uploadSealed(care.doctor, { hash, size: 64 }, streamBytes(content));
    assert.deepEqual(await stat(), { hash, size: 64 });
  });
});
