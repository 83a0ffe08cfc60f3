import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bech32 } from '@scure/base';
import type { Party } from '../../client/party/Party.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { contextOf } from '../../node/contextOf.ts';
import { memoryIssued } from '../../node/test/memoryIssued.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import { ROLES } from '../../protocol/vocabulary.ts';
import { senderEnrolment } from './senderEnrolment.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { Application, Enrolment } from '../../protocol/struct/requests.ts';
import { sign, signerOf } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { createAuthority } from './createAuthority.ts';
import { LedgerIndex } from '../LedgerIndex.ts';
import type { AuthorityPort, HandleOpening } from '../ports.ts';

const ONES = new Uint8Array(1216).fill(0xff);
let network: TestNetwork;
let authority: AuthorityPort;
/** Someone who has not applied yet. */
let applicant: Party;

before(async () => {
  network = await startTestNetwork();
  authority = network.authority('laboratory');
  applicant = await network.party('doctor', { enrolled: false });
});
after(async () => await network.close());

function application(change: Partial<Application> = {}, by: Party = applicant): SignedApplication {
  const { address, recipient, primitives } = by;
  const message: Application = {
    party: address,
    role: 'doctor',
    organisation: 'hospital',
    recipient: recipientHash(primitives, recipient),
    deadline: BEGIN + 600,
    ...change,
  };
  return { application: sign(by, by, 'Application', message), card: { party: address, recipient } };
}

/** Returns the enrolment of a patient that the drafting organisation asks the other members to sign. */
async function drafted(): Promise<Required<Parameters<AuthorityPort['approve']>[0]>> {
  const asPatient = application({ role: 'patient' });
  const { enrolment, patientId, salt } = await network.authority('hospital').draft(asPatient);
  assert.ok(patientId !== undefined && salt !== undefined);
  return { application: asPatient, enrolment, opening: { patientId, salt } };
}

/** The handle, different in one bit. */
function twinOf(handle: Hex, place: number): Hex {
  const bytes = hexToBytes(handle);
  const at = Math.floor(place / 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (place % 8));
  return bytesToHex(bytes);
}

/** An application whose card and hash name the same text as the recipient. */
function withRecipient(recipient: string): SignedApplication {
  const { application: signed } = application({
    recipient: recipientHash(applicant.primitives, recipient),
  });
  return { application: signed, card: { party: applicant.address, recipient } };
}

async function everyone(): Promise<boolean> {
  return await Promise.resolve(true);
}

describe('a member of the authority', () => {
  const refused: [string, () => unknown, ErrorCode][] = [
    ['nothing', () => null, 'REQUEST_MALFORMED'],
    ['an empty object', () => ({}), 'REQUEST_MALFORMED'],
    [
      'an application without its card',
      () => ({ ...application(), card: undefined }),
      'ENROLMENT_REFUSED',
    ],
    [
      'another struct',
      () => ({
        ...application(),
        application: { ...application().application, type: 'Enrolment' },
      }),
      'REQUEST_MALFORMED',
    ],
    [
      'a forged signature',
      () => ({
        ...application(),
        application: { ...application().application, signature: `0x${'11'.repeat(65)}` },
      }),
      'SIGNATURE_INVALID',
    ],
    [
      'an application for someone else',
      () => application({ party: `0x${'aa'.repeat(20)}` }),
      'ENROLMENT_REFUSED',
    ],
    ['a late application', () => application({ deadline: BEGIN - 1 }), 'REQUEST_LATE'],
    ['a role that there is not', () => application({ role: 'surgeon' }), 'ENROLMENT_REFUSED'],
    ['a role of every object', () => application({ role: 'toString' }), 'ENROLMENT_REFUSED'],
    [
      'a malformed organisation',
      () => application({ organisation: '../hospital' }),
      'REQUEST_MALFORMED',
    ],
    [
      'another’s card',
      () => ({ ...application(), card: { ...application().card, party: `0x${'aa'.repeat(20)}` } }),
      'ENROLMENT_REFUSED',
    ],
    [
      'a card with another recipient',
      () => ({ ...application(), card: { ...application().card, recipient: 'age1pq1mine' } }),
      'ENROLMENT_REFUSED',
    ],
    ['a malformed recipient', () => withRecipient('age1garbage'), 'ENROLMENT_REFUSED'],
    ['an empty recipient', () => withRecipient(''), 'ENROLMENT_REFUSED'],
    [
      'a classical recipient',
      () => withRecipient('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'),
      'ENROLMENT_REFUSED',
    ],
    [
      'a recipient in capitals',
      () => withRecipient(applicant.recipient.toUpperCase()),
      'ENROLMENT_REFUSED',
    ],
    [
      'a recipient with a letter more',
      () => withRecipient(`${applicant.recipient}q`),
      'ENROLMENT_REFUSED',
    ],
    [
      // @attack somebody enrols with a recipient that nobody can seal to | client and members refuse it
      'a recipient whose key is all ones, which is not a key',
      () => withRecipient(bech32.encode('age1pq', bech32.toWords(ONES), false)),
      'ENROLMENT_REFUSED',
    ],
    [
      'a card whose recipient is not text',
      () => ({
        ...application(),
        card: { ...application().card, recipient: [application().card.recipient] },
      }),
      'ENROLMENT_REFUSED',
    ],
  ];
  for (const [name, given, code] of refused) {
    it(`refuses ${name}: ${code}`, async () => {
      const signed = given() as SignedApplication;
      await assert.rejects(authority.draft(signed), failsWith(code));
      const { enrolment } = await authority.draft(application());
      const approval = authority.approve({ application: signed, enrolment });
      await assert.rejects(approval, failsWith(code));
      await assert.rejects(network.agent().apply(signed), failsWith(code));
    });
  }

  it('issues a handle to patients alone, to each another, and to one the same as often as it is asked', async () => {
    const doctor = await authority.draft(application());
    assert.deepEqual([doctor.enrolment.handle, doctor.patientId], [ZERO32, undefined]);
    const other = await network.party('patient', { enrolled: false });
    const asPatient = { role: 'patient' };
    const [one, two, again] = await Promise.all([
      authority.draft(application(asPatient)),
      authority.draft(application(asPatient, other)),
      authority.draft(application({ ...asPatient, deadline: BEGIN + 500 })),
    ]);
    assert.match(one.patientId ?? '', /^P-[0-9A-F]{16}$/);
    assert.notEqual(one.patientId, two.patientId);
    assert.notEqual(one.enrolment.handle, two.enrolment.handle);
    assert.deepEqual(again, one);
  });

  it('signs a draft that fits, and says so with its own key', async () => {
    const { enrolment } = await authority.draft(application());
    const signature = await authority.approve({ application: application(), enrolment });
    const signer = signerOf(applicant, 'Enrolment', enrolment, signature);
    assert.equal(signer, network.file.authority.members[1]?.address);
  });

  const drafts: [string, Partial<Enrolment>][] = [
    ['another party', { party: `0x${'aa'.repeat(20)}` }],
    ['another role', { role: 1 }],
    ['another organisation', { organisation: word('x') }],
    ['another recipient', { recipient: word('x') }],
    ['a handle for a doctor', { handle: word('x') }],
    ['a past deadline', { deadline: BEGIN - 1 }],
    ['a deadline far ahead', { deadline: BEGIN + 1201 }],
  ];
  for (const [name, change] of drafts) {
    it(`does not sign a draft with ${name}`, async () => {
      const { enrolment } = await authority.draft(application());
      const request = { application: application(), enrolment: { ...enrolment, ...change } };
      await assert.rejects(authority.approve(request), failsWith('ENROLMENT_REFUSED'));
    });
  }

  it('signs a patient’s draft whose handle is what its ID and salt open', async () => {
    const request = await drafted();
    const signature = await authority.approve(request);
    const signer = signerOf(applicant, 'Enrolment', request.enrolment, signature);
    assert.equal(signer, network.file.authority.members[1]?.address);
  });

  // @attack a lying organisation drafts a handle close to another's | each member opens the handle before it signs
  it('does not sign a handle that differs from the commitment in any one bit', async () => {
    const request = await drafted();
    const { handle } = request.enrolment;
    for (let place = 0; place < 256; place += 1) {
      const enrolment = { ...request.enrolment, handle: twinOf(handle, place) };
      await assert.rejects(
        authority.approve({ ...request, enrolment }),
        failsWith('ENROLMENT_REFUSED', {
          reason: 'the handle is not the commitment to the ID and the salt',
        }),
      );
    }
  });

  it('does not sign a handle close to that of another patient, whatever is said to open it', async () => {
    const victim = await readPatientState(await network.party('patient'));
    const { patientId, salt } = victim;
    const request = await drafted();
    const enrolment = { ...request.enrolment, handle: twinOf(victim.handle, 248) };
    for (const opening of [request.opening, { patientId, salt }]) {
      await assert.rejects(
        authority.approve({ ...request, enrolment, opening }),
        failsWith('ENROLMENT_REFUSED', {
          reason: 'the handle is not the commitment to the ID and the salt',
        }),
      );
    }
  });

  it('does not sign a handle that is enrolled already, though it opens', async () => {
    const { handle, patientId, salt } = await readPatientState(await network.party('patient'));
    const request = await drafted();
    const taken = { enrolment: { ...request.enrolment, handle }, opening: { patientId, salt } };
    await assert.rejects(
      authority.approve({ ...request, ...taken }),
      failsWith('ENROLMENT_REFUSED', { reason: 'the handle is another patient’s' }),
    );
  });

  const openings: [string, (opening: HandleOpening) => unknown][] = [
    ['no opening', () => undefined],
    ['another ID', ({ salt }) => ({ patientId: 'P-0123456789ABCDEF', salt })],
    ['another salt', ({ patientId }) => ({ patientId, salt: `0x${'11'.repeat(16)}` })],
    ['a longer salt', ({ patientId, salt }) => ({ patientId, salt: `${salt}00` })],
    ['a shorter salt', ({ patientId, salt }) => ({ patientId, salt: salt.slice(0, -2) })],
    ['no salt', ({ patientId }) => ({ patientId, salt: '0x' })],
    ['a salt in capitals', ({ patientId }) => ({ patientId, salt: `0x${'AB'.repeat(16)}` })],
    [
      'an ID in small letters',
      ({ patientId, salt }) => ({ patientId: patientId.toLowerCase(), salt }),
    ],
    ['an ID that is not of the form', ({ salt }) => ({ patientId: 'Jane Doe, 1980', salt })],
  ];
  for (const [name, change] of openings) {
    it(`does not sign a patient’s draft with ${name}`, async () => {
      const request = await drafted();
      const opening = change(request.opening) as HandleOpening;
      await assert.rejects(
        authority.approve({ ...request, opening }),
        failsWith('ENROLMENT_REFUSED'),
      );
    });
  }

  it('does not sign the enrolment of a patient without a handle', async () => {
    const request = await drafted();
    const enrolment = { ...request.enrolment, handle: ZERO32 };
    await assert.rejects(
      authority.approve({ ...request, enrolment }),
      failsWith('ENROLMENT_REFUSED'),
    );
  });

  it('does not sign an enrolment with a field of another type', async () => {
    const request = await drafted();
    const enrolment = { ...request.enrolment, deadline: '1800000600' as unknown as number };
    await assert.rejects(
      authority.approve({ ...request, enrolment }),
      failsWith('REQUEST_MALFORMED'),
    );
  });

  // @actor an applicant, or a member of the authority | has people or sending accounts enrolled in the name of an organisation that is not in the network, or left it
  it('signs for no organisation that the network does not have: no draft, no approval, no sending account', async () => {
    const { file, ledger, ports, clock, authorityKeys } = network;
    const key = authorityKeys[0] ?? assert.fail();
    const memberOf = (known: NetworkFile): AuthorityPort => {
      const index = new LedgerIndex({ provider: ledger, network: file, clock });
      const at = { network: known, organisation: 'hospital', index };
      return createAuthority(contextOf(ports, at), {
        key,
        accepts: everyone,
        issued: memoryIssued(),
      });
    };
    const without = (gone: string): NetworkFile => {
      const { nodes: _nodes, founders: _founders, ...older } = file;
      const channels = file.channels.map((channel) => {
        return { ...channel, logs: channel.logs.filter((log) => log.organisation !== gone) };
      });
      return { ...older, channels };
    };
    const unknown = failsWith('ENROLMENT_REFUSED', {
      reason: 'the organisation is not in the network',
    });
    for (const [organisation, member] of [
      ['clinic', memberOf(file)],
      ['clinic', memberOf(without('nobody'))],
      ['insurer', memberOf(without('insurer'))],
    ] as const) {
      for (const role of ROLES) {
        const asked = application({ role, organisation });
        await assert.rejects(member.draft(asked), unknown);
        const { enrolment } = await memberOf(file).draft(application({ role: 'doctor' }));
        const named = { ...enrolment, organisation: organisationId(organisation) };
        await assert.rejects(member.approve({ application: asked, enrolment: named }), unknown);
      }
      const { address } = applicant;
      const account = senderEnrolment(organisation, address, BEGIN + 60);
      await assert.rejects(member.approveSender(account), failsWith('ENROLMENT_REFUSED'));
    }
  });

  it('signs a handle of each channel of the organisation, and issues none without knowing for which', async () => {
    const { file, ledger, ports, clock, authorityKeys } = network;
    const [key] = authorityKeys;
    assert.ok(key !== undefined);
    const memberIn = (...names: readonly string[]): AuthorityPort => {
      const channels = file.channels.flatMap((channel) =>
        names.map((name) => ({ ...channel, name })),
      );
      const index = new LedgerIndex({ provider: ledger, network: file, clock });
      const at = { network: { ...file, channels }, organisation: 'hospital', index };
      return createAuthority(contextOf(ports, at), {
        key,
        accepts: everyone,
        issued: memoryIssued(),
      });
    };
    const asPatient = application({ role: 'patient' });
    for (const name of ['care', 'research']) {
      const { enrolment, patientId, salt } = await memberIn(name).draft(asPatient);
      assert.ok(patientId !== undefined && salt !== undefined);
      const request = { application: asPatient, enrolment, opening: { patientId, salt } };
      assert.match(await memberIn('care', 'research').approve(request), /^0x/);
      await assert.rejects(memberIn('billing').approve(request), failsWith('ENROLMENT_REFUSED'));
    }
    await assert.rejects(
      memberIn('care', 'research').draft(asPatient),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('asks its own procedure, and keeps what it issued before it answers', async () => {
    const issued = memoryIssued();
    let accepted = false;
    const key = network.authorityKeys[0];
    assert.ok(key !== undefined);
    const { file, ledger, ports, clock } = network;
    const index = new LedgerIndex({ provider: ledger, network: file, clock });
    const context = contextOf(ports, { network: file, organisation: 'hospital', index });
    const member = createAuthority(context, {
      key,
      accepts: async () => await Promise.resolve(accepted),
      issued,
    });
    const asPatient = application({ role: 'patient' });
    await assert.rejects(member.draft(asPatient), failsWith('ENROLMENT_REFUSED'));
    assert.equal(issued.all.size, 0);
    accepted = true;
    const { enrolment, patientId, salt } = await member.draft(asPatient);
    const { handle } = enrolment;
    const { address } = applicant;
    assert.deepEqual(issued.all.get(address), { handle, patientId, salt, party: address });
  });
});
