import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import type { Party } from '../../client/party/Party.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  BEGIN,
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { DepositedPacket, Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import type {
  CommitEpochs,
  Grant,
  Keep,
  Messages,
  Revoke,
  RuleType,
  Signed,
} from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ContributorPort } from '../ports.ts';

let network: TestNetwork;
let care: Care;
/** Another patient, with a right that the first patient's requests must not touch. */
let other: Party;
let otherRight: Awaited<ReturnType<typeof grantRight>>;
let salts = 0;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  other = await network.party('patient');
  await commitEpochs(other, 3);
  otherRight = await grantRight(other, everything(care.doctor));
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

function grant(change: Partial<Grant> = {}): Grant {
  salts += 1;
  const salt = word(`salt ${salts}`).slice(0, 34) as Hex;
  const { terms } = care.right.grant;
  return { handle: care.handle, terms: { ...terms, salt }, deadline: BEGIN + 300, ...change };
}

function signed<Type extends RuleType>(
  type: Type,
  message: Messages[Type],
  along: object = {},
  party = care.patient,
): Submission {
  return { request: sign(party, party, type, message), ...along };
}

async function submit(submission: Submission): Promise<Outcome | undefined> {
  return (await network.agent().submit([submission]))[0];
}

async function assertRefused(submission: Submission, code: ErrorCode): Promise<void> {
  const outcome = await submit(submission);
  assert.equal(outcome?.outcome, 'refused', JSON.stringify(outcome));
  assert.equal(outcome.problem.code, code);
}

/** The code for which a contributor does not keep what came with a rule request. */
async function refusedBy(contributor: ContributorPort, submission: Submission) {
  const [refused] = await contributor.keepRules([submission]);
  return refused?.problem.code;
}

async function packetOf(right: { digest: Hex }, epoch = 9): Promise<unknown> {
  const kept = network.database('laboratory', 'kept');
  const range = { gte: `packet/${right.digest}/`, lte: `packet/${right.digest}/~` };
  const rows = await kept.iterator(range).all();
  return rows.filter(([key]) => Number(key.split('/')[2]) <= epoch).at(-1)?.[1];
}

describe('rule requests', () => {
  it('stand on the ledger once, however often the same bytes come, also at once', async () => {
    const submission = signed('Grant', grant());
    const outcomes = await Promise.all([1, 2, 3].map(async () => await submit(submission)));
    const again = await submit(submission);
    for (const outcome of outcomes) assert.deepEqual(outcome, again);
    assert.equal(again?.outcome, 'placed');
    const twice = await network.agent().submit([signed('Grant', grant()), submission, submission]);
    assert.deepEqual(
      twice.map(({ outcome }) => outcome),
      ['placed', 'placed', 'placed'],
    );
    const fresh = signed('Grant', grant());
    const [one, two] = await network.agent().submit([fresh, fresh]);
    assert.equal(one?.outcome, 'placed');
    assert.deepEqual(one, two);
  });

  it('go to the ledger together; one that is refused fails alone', async () => {
    const late = grant({ deadline: BEGIN - 1 });
    const outcomes = await network
      .agent()
      .submit([
        signed('Grant', grant()),
        signed('Grant', late),
        signed('Grant', grant(), {}, care.stranger),
        signed('Grant', grant()),
        null as unknown as Submission,
      ]);
    assert.deepEqual(
      outcomes.map((each) => (each.outcome === 'refused' ? each.problem.code : each.outcome)),
      ['placed', 'REQUEST_LATE', 'RIGHT_MISSING', 'placed', 'REQUEST_MALFORMED'],
    );
    const [first, , , last] = outcomes;
    assert.deepEqual(first, last, 'one transaction');
  });

  it('are refused unless the patient signed them', async () => {
    const { request } = signed('Grant', grant());
    await assertRefused({ request: { ...request, message: grant() } }, 'SIGNATURE_INVALID');
    await assertRefused(signed('Grant', grant(), {}, other), 'RIGHT_MISSING');
    await assertRefused(signed('Grant', grant({ handle: word('nobody') })), 'RIGHT_MISSING');
    const stolen = { ...signed('Grant', grant(), {}, other).request, party: care.patient.address };
    await assertRefused({ request: stolen }, 'SIGNATURE_INVALID');
    const before = signed('Grant', care.right.grant);
    const forged = { ...before.request, signature: `0x${'11'.repeat(65)}` } as const;
    await assertRefused({ request: forged }, 'SIGNATURE_INVALID');
  });

  it('carry the reason of the contract', async () => {
    const message = {
      handle: care.handle,
      first: 2,
      count: 0,
      root: word('x'),
      deadline: BEGIN + 9,
    };
    const { primitives } = network.ports;
    const root = Buffer.from(primitives.sha256(new Uint8Array())).toString('hex');
    const outcome = await submit(signed('CommitEpochs', { ...message, root: `0x${root}` }));
    assert.ok(outcome?.outcome === 'refused');
    assert.deepEqual(outcome.problem.values, { reason: 'CountInvalid' });
  });
});

describe('what goes along with a rule request', () => {
  it('is refused and not kept where it does not fit a grant', async () => {
    const message = grant();
    const digest = digestOf(care.patient, 'Grant', message);
    const fitting = packet({ grant: digest });
    for (const packets of [
      [packet({ grant: otherRight.digest })],
      [packet({ grant: digest, epoch: 2 })],
      [packet({ grant: digest, epoch: '1' as unknown as number })],
      [packet({ grant: digest, packet: { text: 'x' } as unknown as string })],
      [fitting, fitting],
      [null],
      'packet',
      5,
    ]) {
      const keep = holdsPackets(packets) ? keepOf(packets) : keepOf([fitting]);
      await assertRefused(signed('Grant', message, { packets, keep }), 'REQUEST_MALFORMED');
    }
    assert.equal(await packetOf({ digest }), undefined);
    const submission = signed('Grant', message, { packets: [fitting], keep: keepOf([fitting]) });
    assert.equal((await submit(submission))?.outcome, 'placed');
    assert.equal(await packetOf({ digest }), '"c2VhbGVk"');
  });

  it('is refused where the patient’s word is not for the packet of the grant: no node can swap it', async () => {
    const message = grant();
    const fitting = packet({ grant: digestOf(care.patient, 'Grant', message) });
    const swapped = packet({ ...fitting, packet: 'b3RoZXI=' });
    const wrong: [readonly DepositedPacket[], unknown, ErrorCode][] = [
      [[swapped], keepOf([fitting]), 'REQUEST_MALFORMED'],
      [[fitting], undefined, 'REQUEST_MALFORMED'],
      [[fitting], null, 'REQUEST_MALFORMED'],
      [[fitting], keepOf([fitting], { state: word('state') }), 'REQUEST_MALFORMED'],
      [[fitting], keepOf([fitting], { handle: word('nobody') }), 'RIGHT_MISSING'],
      [[fitting], keepOf([fitting], {}, care.stranger), 'RIGHT_MISSING'],
      [
        [fitting],
        { ...keepOf([fitting], {}, care.stranger), party: care.patient.address },
        'SIGNATURE_INVALID',
      ],
    ];
    for (const [packets, keep, code] of wrong) {
      const submission = signed('Grant', message, { packets, keep });
      await assertRefused(submission, code);
      const { contributor } = network.services('laboratory');
      assert.equal(await refusedBy(contributor, submission), code);
    }
    assert.equal(await packetOf({ digest: fitting.grant }), undefined);
  });

  it('cannot take the packet of another patient’s grantee away', async () => {
    const kept = await packetOf(otherRight);
    assert.ok(kept);
    const packets = [packet({ grant: otherRight.digest, epoch: 2 })];
    const revoke: Revoke = {
      handle: care.handle,
      grant: care.right.digest,
      epoch: 2,
      packets: packetsHash(network.ports.primitives, packets),
      deadline: BEGIN + 300,
    };
    await assertRefused(signed('Revoke', revoke, { packets }), 'REQUEST_MALFORMED');
    // Nor does a lying agent that goes to the peers itself get anywhere.
    const { contributor } = network.services('laboratory');
    assert.equal(
      await refusedBy(contributor, signed('Revoke', revoke, { packets })),
      'REQUEST_MALFORMED',
    );
    assert.equal(await packetOf(otherRight), kept);
    // Nor the patient's word alone, with which devices have packets kept.
    const { patient, handle } = care;
    const state = 'AAAA';
    const keep = sign(patient, patient, 'Keep', {
      handle,
      revision: 99,
      state: bytesToHex(patient.primitives.sha256(utf8ToBytes(state))),
      packets: packetsHash(network.ports.primitives, packets),
      deadline: BEGIN + 300,
    });
    await assert.rejects(
      patient.agent.keep({ request: keep, state, packets }),
      failsWith('REQUEST_MALFORMED'),
    );
    assert.equal(await packetOf(otherRight), kept);
  });

  it('is refused where a revocation commits to other packets, or to a past epoch', async () => {
    const right = await grantRight(care.patient, everything(care.stranger));
    const fitting = [packet({ grant: right.digest, epoch: 2 })];
    const revoke = (change: Partial<Revoke>): Revoke => ({
      handle: care.handle,
      grant: care.right.digest,
      epoch: 2,
      packets: hash(fitting),
      deadline: BEGIN + 300,
      ...change,
    });
    const before = await packetOf(right);
    const wrong: [Partial<Revoke>, readonly DepositedPacket[], ErrorCode][] = [
      [{}, [], 'REQUEST_MALFORMED'],
      [{}, [packet({ grant: right.digest, epoch: 2, packet: 'b3RoZXI=' })], 'REQUEST_MALFORMED'],
      [
        { packets: hash([packet({ grant: right.digest })]) },
        [packet({ grant: right.digest })],
        'REQUEST_MALFORMED',
      ],
      [{ grant: right.digest }, fitting, 'REQUEST_MALFORMED'],
      [{ epoch: 1 }, fitting, 'RULE_REFUSED'],
      [{ deadline: BEGIN - 1 }, fitting, 'REQUEST_LATE'],
    ];
    for (const [change, packets, code] of wrong) {
      await assertRefused(signed('Revoke', revoke(change), { packets }), code);
    }
    assert.equal(await packetOf(right), before);
  });

  it('is refused where the sheets are not those of the commitment', async () => {
    const { handle } = await readPatientState(other);
    let sent: Submission | undefined;
    const spying = behind(other, {
      submit: async ([submission]) => {
        sent = submission;
        return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
      },
    });
    await assert.rejects(commitEpochs(spying, 3), failsWith('PEER_UNREACHABLE'));
    const { sheets = [], request } = sent ?? {};
    assert.ok(request !== undefined && sheets.length === 3);
    const message = request.message as CommitEpochs;
    const [first, second, third] = sheets;
    for (const wrong of [
      [],
      [first, second],
      [second, first, third],
      [first, second, third, third],
      [first, second, { ...third, sheet: { ...third?.sheet, handle: care.handle } }],
      [first, second, null],
      [first, second, { sheet: third?.sheet }],
      'sheets',
    ]) {
      const submission = signed('CommitEpochs', message, { sheets: wrong }, other);
      await assertRefused(submission, 'REQUEST_MALFORMED');
    }
    await assertRefused(signed('CommitEpochs', message, { sheets }, care.patient), 'RIGHT_MISSING');
    assert.equal(
      (await submit(signed('CommitEpochs', message, { sheets }, other)))?.outcome,
      'placed',
    );
    assert.equal(message.handle, handle);
  });

  it('leaves the sheets of the present epoch alone while a commitment is not on the ledger', async () => {
    const query = { handle: care.handle, epoch: 1 };
    const sheet = await network.agent().sheet(query);
    const fake = { ...sheet, sheet: { ...sheet.sheet, recipients: {} } };
    const contributor = network.services('hospital').contributor;
    const message: CommitEpochs = {
      handle: care.handle,
      first: 1,
      count: 1,
      root: word('root'),
      deadline: BEGIN + 300,
    };
    const submission = signed('CommitEpochs', message, { sheets: [fake] });
    assert.equal(await refusedBy(contributor, submission), 'REQUEST_MALFORMED');
    assert.deepEqual(await network.agent().sheet(query), sheet);
    await assert.rejects(network.agent().sheet({ ...query, epoch: 4 }), failsWith('NOT_FOUND'));
    await assert.rejects(
      network.agent().sheet({ handle: word('nobody'), epoch: 1 }),
      failsWith('NOT_FOUND'),
    );
  });
});

describe('a revocation', () => {
  it('gets its first answer again, and an altered one of the same grant is refused', async () => {
    const right = await grantRight(care.patient, everything(care.stranger));
    let sent: Submission | undefined;
    const spying = behind(care.patient, {
      submit: async (submissions) => {
        [sent] = submissions;
        return await care.patient.agent.submit(submissions);
      },
    });
    const { transaction, block } = await revokeRight(spying, right.digest);
    assert.ok(sent !== undefined);
    assert.deepEqual(await submit(sent), { outcome: 'placed', transaction, block });
    const message = sent.request.message as Revoke;
    const next = signed('Revoke', { ...message, epoch: message.epoch + 1 }, { packets: [] });
    await assertRefused(next, 'REQUEST_MALFORMED');
    const altered = {
      ...message,
      epoch: message.epoch + 1,
      packets: packetsHash(network.ports.primitives, []),
    };
    await assertRefused(signed('Revoke', altered), 'RULE_REFUSED');
  });

  it('is not carried where fewer nodes than k kept what goes along', async () => {
    for (const name of ['laboratory', 'insurer'] as const) {
      const { contributor } = network.services(name);
      network.liars.contributor.set(name, { ...contributor, keepRules: refuses });
    }
    const message = grant();
    await assertRefused(signed('Grant', message), 'PEER_UNREACHABLE');
    network.liars.contributor.delete('insurer');
    assert.equal((await submit(signed('Grant', message)))?.outcome, 'placed');
    network.liars.contributor.clear();
  });
});

function packet(change: Partial<DepositedPacket>): DepositedPacket {
  return { grant: word('grant'), epoch: 1, packet: 'c2VhbGVk', ...change };
}

/** The patient's word for the packet of a grant. */
function keepOf(
  packets: readonly DepositedPacket[],
  change: Partial<Keep> = {},
  party = care.patient,
): Signed<'Keep'> {
  const message = { handle: care.handle, revision: 9, state: ZERO32, deadline: BEGIN + 300 };
  return sign(party, party, 'Keep', { ...message, packets: hash(packets), ...change });
}

function holdsPackets(packets: unknown): packets is readonly DepositedPacket[] {
  return Array.isArray(packets) && packets[0] !== null;
}

function hash(packets: readonly DepositedPacket[]): Hex {
  return packetsHash(network.ports.primitives, packets);
}

async function refuses(): Promise<never> {
  return await Promise.reject(new Error('disk full'));
}
