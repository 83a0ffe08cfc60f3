import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import { BEGIN, ORGANISATIONS, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedErased } from '../../protocol/evidence/evidence.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { ErasureCertificate } from '../../protocol/evidence/ErasureCertificate.ts';
import { verifyErasure } from '../../protocol/evidence/verifyErasure.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addOwn, eraseEverywhere, LARGE } from '../../services/test/erased.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { addRecord } from '../records/addRecord.ts';
import { lyingTo } from '../test/lyingTo.ts';
import type { Audit } from './Audit.ts';
import { certifyErasure, type CertifyOptions, type CertifiedErasure } from './certifyErasure.ts';
import { EvidenceSet } from './EvidenceSet.ts';
import { examineAudit } from './examineAudit.ts';
import type { Party } from '../party/Party.ts';
import type { Category } from '../../protocol/vocabulary.ts';

let network: TestNetwork;
let care: Care;
/** Of `imaging`, two versions, with all statements. */
let whole: CertifiedErasure;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  await addOwn(care.patient, 'imaging');
  await addOwn(care.patient, 'imaging', LARGE);
  await addOwn(care.patient, 'laboratory');
  await eraseEverywhere(network, care.patient, 'imaging');
  whole = await certified('imaging');
});
after(async () => await network.close());

async function certified(
  category: Category,
  options: CertifyOptions = {},
  party: Party = care.patient,
): Promise<CertifiedErasure> {
  return await certifyErasure(lyingTo(network, party, {}), category, options);
}

async function audited(party: Party): Promise<Audit> {
  return await examineAudit(lyingTo(network, party, {}));
}

function verified(certificate: ErasureCertificate, file = network.file) {
  const bytes = utf8ToBytes(formatEvidenceFile(certificate));
  const parsed = parseEvidenceFile(bytes);
  assert.ok(parsed.kind === 'erasure');
  return verifyErasure(care.patient, file, parsed.erasure, { strict: true });
}

function seconds(): number {
  return Math.floor(network.clock.now() / 1000);
}

function refuses(change: (certificate: ErasureCertificate) => ErasureCertificate, reason: RegExp) {
  assert.throws(
    () => verified(change(whole.certificate)),
    (error: unknown) => {
      failsWith('EVIDENCE_INVALID')(error);
      assert.match((error as MedsealError<'EVIDENCE_INVALID'>).values.reason, reason);
      return true;
    },
  );
}

/** A certificate in which the first statement is another one. */
function withFirst(change: (signed: SignedErased) => SignedErased) {
  return (certificate: ErasureCertificate): ErasureCertificate => {
    const [first, ...others] = certificate.statements;
    assert.ok(first);
    return { ...certificate, statements: [change(first), ...others] };
  };
}

/** The first statement, altered and signed again by the same coordinator, or by another key. */
function signedAgain(change: Partial<SignedErased['erased']>, by?: Uint8Array) {
  return withFirst((signed) => {
    const keys = [...network.keys.values()].map(({ coordinator }) => coordinator);
    const key = keys.find(({ address }) => address === signed.coordinator) ?? assert.fail();
    const erased = { ...signed.erased, ...change };
    const { signature } = sign(
      care.patient,
      { ...key, ...(by && { signingKey: by }) },
      'Erased',
      erased,
    );
    return { ...signed, erased, signature };
  });
}

function coordinatorOf(organisation: string) {
  return network.keys.get(organisation)?.coordinator ?? assert.fail();
}

/** The statement of an organisation in a certificate. */
function stateOf(
  { certificate }: Pick<CertifiedErasure, 'certificate'>,
  organisation: string,
): SignedErased | undefined {
  const { address } = coordinatorOf(organisation);
  return certificate.statements.find(({ coordinator }) => coordinator === address);
}

/** A statement with other dates, signed by the organisation. */
function signedAs(
  { erased, ...signed }: SignedErased,
  organisation: string,
  change: Partial<SignedErased['erased']>,
): SignedErased {
  const word = { ...erased, ...change };
  const { signature } = sign(care.patient, coordinatorOf(organisation), 'Erased', word);
  return { ...signed, erased: word, signature };
}

/** A certificate in which an organisation signed other dates. */
function restated(
  certificate: ErasureCertificate,
  organisation: string,
  change: Partial<SignedErased['erased']>,
): ErasureCertificate {
  const { address } = coordinatorOf(organisation);
  const statements = certificate.statements.map((each) =>
    each.coordinator === address ? signedAs(each, organisation, change) : each,
  );
  return { ...certificate, statements };
}

/** A patient whom an organisation answers with other dates. */
function answering(organisation: string, change: Partial<SignedErased['erased']>): Party {
  const { patient } = care;
  return lyingTo(network, patient, {
    async erased(asked) {
      const signed = await patient.agent.erased(asked);
      return asked.organisation === organisation ? signedAs(signed, organisation, change) : signed;
    },
  });
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' }));
}

describe('a certificate of erasure', () => {
  it('has the word of every organisation, and is verified with the network file alone', async () => {
    const { certificate, unstated, served } = whole;
    assert.deepEqual([unstated, served], [[], []]);
    const { erase, versions, destroyed, silent } = verified(certificate);
    assert.deepEqual([erase.category, versions.length, silent], ['imaging', 2, []]);
    assert.deepEqual(
      new Map(destroyed.map(({ organisation, at, backup }) => [organisation, [at, backup]])),
      new Map(ORGANISATIONS.map((name) => [name, [BEGIN, undefined]])),
    );
    const { network: file, primitives, domain } = care.patient;
    const set = new EvidenceSet({ network: file, primitives, domain }, { ledger: network.ledger });
    const added = await set.add('it', utf8ToBytes(formatEvidenceFile(certificate)));
    assert.equal(added.kind, 'erasure');
    assert.deepEqual(network.failures, []);
  });

  it('is completed later by organisations that did not answer, and keeps the word of those that no longer do', async () => {
    const { patient } = care;
    await addOwn(patient, 'vitals', LARGE);
    await eraseEverywhere(network, patient, 'vitals');
    const one = lyingTo(network, patient, {
      erased: async (asked) =>
        asked.organisation === 'laboratory' ? await away() : await patient.agent.erased(asked),
    });
    const begun = await certifyErasure(one, 'vitals');
    assert.deepEqual(
      begun.unstated.map(({ organisation, code }) => [organisation, code]),
      [['laboratory', 'PEER_UNREACHABLE']],
    );
    assert.deepEqual(verified(begun.certificate).silent, ['laboratory']);
    const others = lyingTo(network, patient, {
      erased: async (asked) =>
        asked.organisation === 'laboratory' ? await patient.agent.erased(asked) : await away(),
    });
    const done = await certifyErasure(others, 'vitals', { begun: begun.certificate });
    assert.deepEqual([done.unstated, verified(done.certificate).silent], [[], []]);
    assert.deepEqual(done.certificate.receipt, begun.certificate.receipt);
  });

  it('gets its second date once the operator says that no backup is left, and the first stays', async () => {
    const { patient } = care;
    await addOwn(patient, 'reports');
    await eraseEverywhere(network, patient, 'reports');
    const destroyedAt = network.clock.now() / 1000;
    const begun = await certified('reports');
    assert.ok(begun.proven.destroyed.every(({ backup }) => backup === undefined));
    // @attack an operator's word on backups from before the deletion counts as one on those after it | no second date
    network.backupsEnded.set('insurer', Math.floor(destroyedAt));
    network.clock.advance(600_000);
    const ended = Math.floor(network.clock.now() / 1000);
    network.backupsEnded.set('hospital', ended);
    network.clock.advance(600_000);
    const done = await certified('reports', { begun: begun.certificate });
    const dates = new Map(
      verified(done.certificate).destroyed.map((each) => [each.organisation, each]),
    );
    assert.equal(dates.get('hospital')?.backup, ended);
    assert.equal(dates.get('insurer')?.backup, undefined);
    for (const { organisation, at } of begun.proven.destroyed) {
      assert.equal(dates.get(organisation)?.at, at);
    }
    // A later word does not move it.
    network.backupsEnded.set('hospital', ended + 7000);
    await network.restart('hospital');
    const again = await certified('reports', { begun: done.certificate });
    const hospital = again.proven.destroyed.find((each) => each.organisation === 'hospital');
    assert.equal(hospital?.backup, ended);
    network.backupsEnded.clear();
  });

  // @attack somebody certifies an erasure that is on no log, or of a chart that is not theirs | NOT_FOUND
  it('is of no erasure that the logs do not have, nor for anybody but the patient', async () => {
    await assert.rejects(certified('plans'), failsWith('NOT_FOUND'));
    const other = await network.party('patient');
    await commitEpochs(other, 2);
    await network.checkpoint();
    await assert.rejects(certified('imaging', {}, other), failsWith('NOT_FOUND'));
    const { acknowledgement } = whole.certificate.receipt;
    const audit = await audited(other);
    const { log, index } = acknowledgement;
    const asked = { ...audit.key, organisation: 'hospital', log, index };
    await assert.rejects(other.agent.erased(asked), failsWith('NOT_FOUND'));
    await assert.rejects(
      care.doctor.agent.erased({ ...asked, ticket: `0x${'00'.repeat(32)}` }),
      failsWith('RELEASE_UNKNOWN'),
    );
    const mine = await audited(care.patient);
    for (const changed of [{ index: 0 }, { organisation: 'nobody' }, { log: 'care/nobody' }]) {
      const wrong = { ...mine.key, organisation: 'hospital', log, index, ...changed };
      await assert.rejects(care.patient.agent.erased(wrong), failsWith('NOT_FOUND'));
    }
    const late = { ...mine.key, organisation: 'hospital', log, index: 1_000_000 };
    await assert.rejects(care.patient.agent.erased(late), failsWith('NOT_YET'));
  });

  // @attack a certificate that somebody else began is completed in a patient's name | EVIDENCE_INVALID
  it('completes nothing that is of another chart or category, or was altered', async () => {
    const other = await network.party('patient');
    await commitEpochs(other, 2);
    await addOwn(other, 'imaging');
    await eraseEverywhere(network, other, 'imaging');
    const { certificate } = whole;
    await assert.rejects(
      certified('imaging', { begun: certificate }, other),
      failsWith('EVIDENCE_INVALID'),
    );
    await assert.rejects(
      certified('vitals', { begun: certificate }),
      failsWith('EVIDENCE_INVALID'),
    );
    const altered = signedAgain({ at: BEGIN + 1 })(certificate);
    const forged = {
      ...altered,
      statements: certificate.statements.map((each) => ({
        ...each,
        erased: { ...each.erased, at: 1 },
      })),
    };
    await assert.rejects(certified('imaging', { begun: forged }), failsWith('EVIDENCE_INVALID'));
  });

  // @attack an organisation's word on an erasure is altered, forged, or of another organisation or erasure | EVIDENCE_INVALID
  it('is not valid with a statement that is altered, forged, or of something else', async () => {
    refuses(
      withFirst((each) => ({ ...each, erased: { ...each.erased, at: each.erased.at + 1 } })),
      /not signed/,
    );
    refuses(signedAgain({}, new Uint8Array(32).fill(7)), /not signed/);
    refuses(signedAgain({ backup: BEGIN - 1 }), /dates that cannot be/);
    refuses(signedAgain({ at: BEGIN - 600 }), /before the erasure/);
    refuses(signedAgain({ stated: BEGIN - 1 }), /dates that cannot be/);
    refuses(signedAgain({ versions: 1 }), /other record versions/);
    refuses(
      signedAgain({ handle: whole.certificate.receipt.acknowledgement.entry }),
      /another erasure/,
    );
    const { certificate: vitals } = await certified('vitals');
    refuses((each) => ({ ...each, statements: vitals.statements }), /another erasure/);
    refuses((each) => ({ ...each, receipt: vitals.receipt }), /put nothing on the chart/);
    refuses((each) => ({ ...each, statements: each.statements.toReversed() }), /in order/);
    refuses(
      (each) => ({ ...each, statements: each.statements.flatMap((one) => [one, one]) }),
      /in order/,
    );
    refuses((each) => ({ ...each, versions: each.versions.slice(1) }), /other record versions/);
    refuses((each) => ({ ...each, versions: each.versions.toReversed() }), /in order/);
  });

  // @attack an organisation gives another one's word as its own, or one on other records | it counts as not stated
  it('takes no statement of another organisation, or of other versions, for an answer', async () => {
    const { patient } = care;
    const lies: readonly ((
      asked: Parameters<Party['agent']['erased']>[0],
    ) => Promise<SignedErased>)[] = [
      async (asked) => await patient.agent.erased({ ...asked, organisation: 'hospital' }),
      async () => {
        const key = network.keys.get('insurer')?.coordinator ?? assert.fail();
        const [known] = whole.certificate.statements;
        assert.ok(known);
        const erased = { ...known.erased, versions: 0, list: `0x${'00'.repeat(32)}` as const };
        const { signature } = sign(patient, key, 'Erased', erased);
        return await Promise.resolve({ erased, coordinator: key.address, signature });
      },
    ];
    for (const lie of lies) {
      const liar = lyingTo(network, patient, {
        erased: async (asked) =>
          asked.organisation === 'insurer' ? await lie(asked) : await patient.agent.erased(asked),
      });
      const { unstated } = await certifyErasure(liar, 'imaging');
      assert.deepEqual(
        unstated.map(({ organisation, code }) => [organisation, code]),
        [['insurer', 'EVIDENCE_INVALID']],
      );
    }
  });

  it('is not stated while a file is still there, and soon after it went', async () => {
    const { patient, handle } = care;
    const { acknowledgement } = await addOwn(patient, 'allergies', LARGE);
    const { file, size } = parseBody(acknowledgement.body).request.message as Write;
    const bytes = new Map<string, Uint8Array>();
    await network.checkpoint();
    const { contributor, vault } = network.services('laboratory');
    for await (const part of contributor.file(file)) {
      bytes.set('it', Buffer.concat([bytes.get('it') ?? Buffer.alloc(0), part]));
    }
    await eraseEverywhere(network, patient, 'allergies');
    const audit = await audited(patient);
    const event = audit.logs
      .flatMap(({ events }) => events)
      .find(
        ({ body }) =>
          body?.request.type === 'Erase' &&
          (body.request.message as { category?: string }).category === 'allergies',
      );
    assert.ok(event);
    const asked = { ...audit.key, organisation: 'laboratory', log: event.log, index: event.index };
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes.get('it') ?? assert.fail());
    };
    await contributor.filesTried();
    let last = (await patient.agent.erased(asked)).erased.at;
    // Found by a question, and by an entry that comes before it.
    for (const isAsked of [true, false]) {
      await vault.put({ hash: file, size }, content(), BEGIN + 10_000_000);
      await vault.own(file, handle);
      network.clock.advance(20_000);
      if (isAsked) await assert.rejects(patient.agent.erased(asked), failsWith('NOT_YET'));
      else contributor.entered([handle]);
      await contributor.filesTried();
      assert.equal(await vault.stat(file), undefined);
      const { at } = (await patient.agent.erased(asked)).erased;
      assert.ok(at >= last + 20, 'a new date');
      last = at;
    }
  });

  it('has no hash that follows from the content: the same content twice has nothing in common', async () => {
    const { patient, handle } = care;
    const content = utf8ToBytes('a word that somebody could guess');
    const write = async (): Promise<readonly string[]> => {
      const { acknowledgement } = await addRecord(patient, {
        handle,
        category: 'medications',
        content,
        purpose: 'PATRQT',
      });
      const { salt, request } = parseBody(acknowledgement.body);
      const { record, file, salt: own } = request.message as Write;
      return [acknowledgement.entry, record, file, salt, own];
    };
    const [one, other] = [await write(), await write()];
    assert.equal(new Set([...one, ...other]).size, one.length + other.length);
    await eraseEverywhere(network, patient, 'medications');
    const text = formatEvidenceFile((await certified('medications')).certificate);
    assert.ok(!text.includes(Buffer.from(patient.primitives.sha256(content)).toString('hex')));
  });

  // @attack an organisation says that it destroyed a category, and goes on serving it | its statement does not count, and the audit says why
  it('leaves out an organisation whose own log shows that it served the category afterwards', async () => {
    const { patient, doctor } = care;
    const { record } = await addOwn(patient, 'conditions');
    await network.checkpoint();
    const seen = viewOf(care, {
      version: 1,
      what: 'record',
      record,
      deadline: seconds() + 200,
    });
    await acknowledgedBy(doctor, submissionOf(care, 'View', seen));
    network.clock.advance(20_000);
    await eraseEverywhere(network, patient, 'conditions');
    const honest = await certified('conditions');
    assert.deepEqual([honest.unstated, honest.served], [[], []]);
    const liar = lyingTo(network, patient, {
      async erased(asked) {
        const signed = await patient.agent.erased(asked);
        if (asked.organisation !== 'hospital') return signed;
        const key = network.keys.get('hospital')?.coordinator ?? assert.fail();
        const erased = { ...signed.erased, at: signed.erased.at - 40 };
        return { ...signed, erased, signature: sign(patient, key, 'Erased', erased).signature };
      },
    });
    const { certificate, unstated, served } = await certifyErasure(liar, 'conditions');
    assert.deepEqual(
      unstated.map(({ organisation, code }) => [organisation, code]),
      [['hospital', 'EVIDENCE_INVALID']],
    );
    assert.deepEqual(
      served.map(({ organisation, log, isRelease }) => [organisation, log, isRelease]),
      [['hospital', 'care/hospital', false]],
    );
    assert.deepEqual(verified(certificate).silent, ['hospital']);
    // It states its true date from now on: the earlier word stands against it.
    const later = await certified('conditions', { begun: certificate });
    const proven = verified(later.certificate);
    assert.deepEqual([proven.silent, proven.destroyed.length], [['hospital'], 2]);
    assert.deepEqual(
      proven.broken.map(({ organisation, at }) => [organisation, at]),
      [['hospital', (stateOf(honest, 'hospital')?.erased.at ?? 0) - 40]],
    );
    assert.deepEqual(later.served, served);
  });

  // @attack an organisation that served what it said was destroyed moves its date behind that | its first statement stands, and what it served contradicts it
  it('keeps the first date of an organisation, and holds what it did later against that one', async () => {
    const { patient, doctor } = care;
    const { record } = await addOwn(patient, 'procedures');
    await network.checkpoint();
    const seen = viewOf(care, {
      version: 1,
      what: 'record',
      record,
      deadline: seconds() + 200,
    });
    await acknowledgedBy(doctor, submissionOf(care, 'View', seen));
    network.clock.advance(20_000);
    await eraseEverywhere(network, patient, 'procedures');
    const honest = await certified('procedures');
    // As a certificate from before the view: the patient's file has the earlier date, and nothing contradicted it then.
    const early = { at: (stateOf(honest, 'hospital')?.erased.at ?? 0) - 40 };
    const begun = restated(honest.certificate, 'hospital', early);
    const { certificate, served, unstated, moved } = await certified('procedures', { begun });
    assert.deepEqual(
      served.map(({ organisation }) => organisation),
      ['hospital'],
    );
    assert.deepEqual(
      unstated.map(({ organisation, code }) => [organisation, code]),
      [['hospital', 'EVIDENCE_INVALID']],
    );
    assert.deepEqual([verified(certificate).silent, moved], [['hospital'], []]);
    const again = await certified('procedures', { begun: certificate });
    assert.deepEqual(verified(again.certificate).broken.length, 1);
    // Both at once are not one certificate.
    const both = { ...certificate, statements: honest.certificate.statements };
    assert.throws(() => verified(both), failsWith('EVIDENCE_INVALID'));
    const forged = (certificate.broken ?? []).map((each) => ({
      ...each,
      erased: { ...each.erased, at: 1 },
    }));
    assert.throws(
      () => verified({ ...certificate, broken: forged }),
      failsWith('EVIDENCE_INVALID'),
    );
  });

  it('says that an organisation moved its date, as one does whose folder was put back, and convicts nobody of that', async () => {
    const first = stateOf(whole, 'insurer')?.erased.at ?? 0;
    const later = restated(whole.certificate, 'insurer', { at: first + 5, stated: seconds() });
    const mover = lyingTo(network, care.patient, {
      async erased(asked) {
        const signed = await care.patient.agent.erased(asked);
        if (asked.organisation !== 'insurer') return signed;
        return stateOf({ certificate: later }, 'insurer') ?? assert.fail();
      },
    });
    const made = await certifyErasure(mover, 'imaging', { begun: whole.certificate });
    assert.deepEqual(made.moved, [{ organisation: 'insurer', from: first, to: first + 5 }]);
    assert.deepEqual([made.unstated, made.served], [[], []]);
    assert.equal(stateOf(made, 'insurer')?.erased.at, first);
  });

  // @attack an organisation signs today that it will have destroyed it | it counts as not stated
  it('takes no statement for a moment that has not come', async () => {
    const ahead = { at: seconds() + 86_400, stated: seconds() + 86_400 };
    const { unstated } = await certifyErasure(answering('insurer', ahead), 'imaging');
    assert.deepEqual(
      unstated.map(({ organisation, code }) => [organisation, code]),
      [['insurer', 'EVIDENCE_INVALID']],
    );
    // Clocks differ a little.
    const almost = await certifyErasure(
      answering('insurer', { stated: seconds() + 30 }),
      'imaging',
    );
    assert.deepEqual(almost.unstated, []);
  });

  // @attack an organisation that left states afterwards that it destroyed what it took along | the statement does not count
  it('keeps what an organisation stated before it left, and takes nothing from it afterwards', async () => {
    const { patient } = care;
    await addOwn(patient, 'immunizations');
    await eraseEverywhere(network, patient, 'immunizations');
    const { certificate } = await certified('immunizations');
    const statement = certificate.statements.find(
      ({ coordinator }) => coordinator === network.keys.get('insurer')?.coordinator.address,
    );
    assert.ok(statement);
    await network.leave('insurer');
    const now = { ...patient, network: network.file };
    const { destroyed, silent } = verified(certificate, network.file);
    assert.deepEqual([destroyed.length, silent], [3, []]);
    const { unstated } = await certified('immunizations', { begun: certificate }, now);
    assert.deepEqual(unstated, []);
    const alone = await certified('immunizations', {}, now);
    assert.deepEqual(
      alone.unstated.map(({ organisation, code }) => [organisation, code]),
      [['insurer', 'NOT_FOUND']],
    );
    // Whoever kept the key of a coordinator that left signs with a date from before: it is not in office now.
    network.clock.advance(7_300_000);
    const backdated = lyingTo(network, now, {
      erased: async (asked) =>
        asked.organisation === 'insurer' ? statement : await patient.agent.erased(asked),
    });
    const { unstated: left } = await certifyErasure(backdated, 'immunizations');
    assert.deepEqual(
      left.map(({ organisation, code }) => [organisation, code]),
      [['insurer', 'EVIDENCE_INVALID']],
    );
    const key = network.keys.get('insurer')?.coordinator ?? assert.fail();
    const erased = { ...statement.erased, stated: seconds() + 7200 };
    const late = {
      ...statement,
      erased,
      signature: sign(patient, key, 'Erased', erased).signature,
    };
    const statements = certificate.statements.map((each) => (each === statement ? late : each));
    assert.throws(
      () => verified({ ...certificate, statements }, network.file),
      failsWith('EVIDENCE_INVALID'),
    );
  });
});
