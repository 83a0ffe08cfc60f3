import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { contextOf } from '../../node/contextOf.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { memoryIssued } from '../../node/test/memoryIssued.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { Enrolment } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { createAuthority } from './createAuthority.ts';
import { enrolSender } from './enrolSender.ts';
import { LedgerIndex } from '../LedgerIndex.ts';
import { senderEnrolment } from './senderEnrolment.ts';
import type { AuthorityPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

let network: TestNetwork;
let authority: AuthorityPort;
before(async () => {
  network = await startTestNetwork();
  authority = network.authority('laboratory');
});
after(async () => await network.close());

function viewOf(organisation: Organisation): ServiceContext {
  const { file, ledger, clock, ports } = network;
  const index = new LedgerIndex({ provider: ledger, network: file, clock });
  return contextOf({ ...ports, clock }, { network: file, organisation, index });
}

function members(...organisations: readonly Organisation[]): AuthorityPort[] {
  return organisations.map((name) => network.authority(name));
}

function senderOf(organisation: Organisation): Parameters<typeof enrolSender>[1] {
  const sender = network.senders.get(organisation);
  assert.ok(sender !== undefined);
  return sender;
}

describe('a member of the authority, asked to enrol an organisation’s account', () => {
  const account = signatory('account').address;
  const wrong: [string, Partial<Enrolment>, ErrorCode][] = [
    ['a patient', { role: 1 }, 'ENROLMENT_REFUSED'],
    ['another service', { role: 99 }, 'ENROLMENT_REFUSED'],
    ['an account with a recipient', { recipient: word('recipient') }, 'ENROLMENT_REFUSED'],
    ['an account with a chart', { handle: word('handle') }, 'ENROLMENT_REFUSED'],
    ['an account of no organisation', { organisation: word('x') }, 'REQUEST_MALFORMED'],
    ['what is late', { deadline: BEGIN - 1 }, 'ENROLMENT_REFUSED'],
    ['what holds for long', { deadline: BEGIN + 86_400 }, 'ENROLMENT_REFUSED'],
    ['no address', { party: '0x1234' }, 'REQUEST_MALFORMED'],
  ];
  for (const [name, change, code] of wrong) {
    it(`does not sign the enrolment of ${name}: ${code}`, async () => {
      const enrolment = { ...senderEnrolment('hospital', account, BEGIN + 60), ...change };
      await assert.rejects(authority.approveSender(enrolment), failsWith(code));
    });
  }

  it('does not sign a second one for an organisation', async () => {
    await enrolSender(viewOf('insurer'), senderOf('insurer'), members('hospital', 'insurer'));
    const second = senderEnrolment('insurer', account, BEGIN + 60);
    await assert.rejects(authority.approveSender(second), failsWith('ENROLMENT_REFUSED'));
  });
});

/** The laboratory's member, whose operator admitted accounts. */
function member(admitted: readonly [Address, Organisation][]): AuthorityPort {
  return createAuthority(viewOf('laboratory'), {
    key: network.authorityKeys[1] ?? assert.fail(),
    accepts: async () => await Promise.resolve(true),
    admits: async (...given) =>
      await Promise.resolve(admitted.some((each) => each.join() === given.join())),
    issued: memoryIssued(),
  });
}

describe('a member of the authority, asked for another account than an organisation has', () => {
  const account = signatory('account for a channel').address;
  const asked = senderEnrolment('hospital', account, BEGIN + 60);
  const outside = senderEnrolment('pharmacy', account, BEGIN + 60);
  // @attack an organisation has members of the authority enrol an account that the network file does not name | `ENROLMENT_REFUSED` unless the operator admitted it
  it('does not sign it unless its operator admitted it, not even before the first one is enrolled', async () => {
    for (const enrolment of [asked, outside]) {
      await assert.rejects(authority.approveSender(enrolment), failsWith('ENROLMENT_REFUSED'));
      const none = member([[signatory('another').address, 'hospital']]);
      await assert.rejects(none.approveSender(enrolment), failsWith('ENROLMENT_REFUSED'));
    }
    const other = member([[account, 'insurer']]);
    await assert.rejects(other.approveSender(asked), failsWith('ENROLMENT_REFUSED'));
  });

  it('signs what its operator admitted, of an organisation outside too', async () => {
    const admitting = member([
      [account, 'hospital'],
      [account, 'pharmacy'],
    ]);
    for (const enrolment of [asked, outside]) {
      assert.match(await admitting.approveSender(enrolment), /^0x[0-9a-f]{130}$/);
    }
    const role = { ...asked, role: asked.role - 1 };
    await assert.rejects(admitting.approveSender(role), failsWith('ENROLMENT_REFUSED'));
  });
});

/** Members that sign for nobody before each of them was asked twice. */
function meeting(asked: readonly AuthorityPort[]): { all: AuthorityPort[]; met: () => number } {
  let count = 0;
  const everyone = Promise.withResolvers<void>();
  const all = asked.map((member) => ({
    ...member,
    approveSender: async (enrolment: Enrolment) => {
      count += 1;
      if (count === 2 * asked.length) everyone.resolve();
      const signature = await member.approveSender(enrolment);
      await everyone.promise;
      return signature;
    },
  }));
  return { all, met: () => count };
}

describe('the account of an organisation', () => {
  it('is not enrolled by one member, nor by one in the name of two', async () => {
    const context = viewOf('laboratory');
    for (const few of [[], ['laboratory'], ['laboratory', 'laboratory']]) {
      const enrolling = enrolSender(context, senderOf('laboratory'), members(...few));
      await assert.rejects(enrolling);
    }
    await context.index.refresh();
    assert.deepEqual(context.index.administrators('laboratory'), []);
  });

  it('is enrolled by k members, once, though two ask for it at once', async () => {
    const context = viewOf('laboratory');
    const sender = senderOf('laboratory');
    const asked = members('hospital', 'laboratory');
    const { all, met } = meeting(asked);
    const other = enrolSender(viewOf('laboratory'), senderOf('hospital'), all, sender.address);
    await Promise.all([enrolSender(context, sender, all), other]);
    assert.equal(met(), 2 * asked.length, 'each asked before the other was done');
    await context.index.refresh();
    const [administrator] = context.index.administrators('laboratory');
    assert.partialDeepStrictEqual(administrator, {
      party: sender.address,
      role: 'administrator',
      organisation: 'laboratory',
      suspended: false,
    });
    await enrolSender(context, sender, []);
    assert.equal(context.index.administrators('laboratory').length, 1);
  });
});
