import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { contextOf } from '../../node/contextOf.ts';
import { memoryIssued } from '../../node/test/memoryIssued.ts';
import { suspend } from '../../node/test/suspend.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { LedgerIndex } from '../LedgerIndex.ts';
import type { AuthorityPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createAuthority } from './createAuthority.ts';
import { enrolSender } from './enrolSender.ts';
import type { FormerAccount } from './formerAccounts.ts';
import { suspendFormer } from './suspendFormer.ts';

/** Accounts that network files name no more are suspended by k members' nodes, and nothing else is. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
const replaced = signatory('replaced account of the insurer').address;
const left = signatory('account of an organisation that left').address;
const lifted = signatory('account that people resumed').address;
const channel = signatory('account for a channel').address;
const unknown = signatory('nobody').address;
const FORMER: readonly FormerAccount[] = [
  { organisation: 'insurer', account: replaced },
  { organisation: 'pharmacy', account: left },
  { organisation: 'insurer', account: lifted },
  { organisation: 'insurer', account: channel },
  { organisation: 'insurer', account: unknown },
];
const good: Suspension = { party: replaced, suspended: true, change: 1, deadline: BEGIN + 60 };
let network: TestNetwork;

before(async () => {
  network = await startTestNetwork();
  for (const organisation of ORGANISATIONS)
    await enrol(organisation, senderOf(organisation).address);
  for (const account of [replaced, lifted, channel]) await enrol('insurer', account);
  await enrol('pharmacy', left);
  await decide(lifted, 1);
  await decide(lifted, 2);
});
after(async () => await network.close());

function viewOf(organisation: Organisation): ServiceContext {
  const { file, ledger, clock, ports } = network;
  const index = new LedgerIndex({ provider: ledger, network: file, clock });
  return contextOf({ ...ports, clock }, { network: file, organisation, index });
}

function senderOf(organisation: Organisation): Parameters<typeof suspendFormer>[1] {
  return network.senders.get(organisation) ?? assert.fail();
}

/** The member of an organisation; it knows these accounts of before, and admitted one for a channel. */
function member(
  organisation: (typeof ORGANISATIONS)[number],
  former: readonly FormerAccount[] = FORMER,
  admitted: (account: Address) => boolean = (account) => account === channel,
): AuthorityPort {
  return createAuthority(viewOf(organisation), {
    key: network.authorityKeys[ORGANISATIONS.indexOf(organisation)] ?? assert.fail(),
    accepts: async () => await Promise.resolve(true),
    admits: async (account) => await Promise.resolve(admitted(account)),
    former: () => former,
    issued: memoryIssued(),
  });
}

async function enrol(organisation: Organisation, account: Address): Promise<void> {
  const members = ORGANISATIONS.map((name) => member(name, [], () => true));
  await enrolSender(viewOf(organisation), senderOf('laboratory'), members, account);
}

/** People suspend an account, or lift that. */
async function decide(address: Address, change: number): Promise<void> {
  await suspend(network, { ...viewOf('laboratory'), address }, change);
}

async function isSuspended(account: Address): Promise<boolean | undefined> {
  const { index } = viewOf('laboratory');
  await index.refresh();
  return index.party(account)?.suspended;
}

describe('a member of the authority, asked to suspend an account', () => {
  const wrong: [string, Partial<Suspension>, ErrorCode][] = [
    ['that the ledger does not know', { party: unknown }, 'ENROLMENT_REFUSED'],
    ['whose suspension people lifted', { party: lifted }, 'ENROLMENT_REFUSED'],
    ['that was suspended before, as the number says', { change: 2 }, 'ENROLMENT_REFUSED'],
    ['to be resumed', { suspended: false }, 'ENROLMENT_REFUSED'],
    ['that its operator admitted for a channel', { party: channel }, 'ENROLMENT_REFUSED'],
    ['too late', { deadline: BEGIN - 1 }, 'ENROLMENT_REFUSED'],
    ['at any time', { deadline: BEGIN + 86_400 }, 'ENROLMENT_REFUSED'],
    ['that is not an address', { party: '0x1234' }, 'REQUEST_MALFORMED'],
  ];
  for (const [name, change, code] of wrong) {
    it(`signs nothing for one ${name}: ${code}`, async () => {
      const asked = member('hospital').approveSuspension({ ...good, ...change });
      await assert.rejects(asked, failsWith(code));
    });
  }

  // @actor a lying node | to have members suspend an account in use
  it('signs nothing for the present account, whoever lists it, nor for a person', async () => {
    const doctor = await network.party('doctor');
    for (const [account, organisation] of [
      [senderOf('hospital').address, 'hospital'],
      [doctor.address, 'hospital'],
      [replaced, 'hospital'],
    ] as const) {
      const lying = member('hospital', [{ organisation, account }]);
      const asked = lying.approveSuspension({ ...good, party: account });
      await assert.rejects(asked, failsWith('ENROLMENT_REFUSED'), account);
    }
  });

  it('signs nothing if it knows of no account of before', async () => {
    const none = member('hospital', []);
    await assert.rejects(none.approveSuspension(good), failsWith('ENROLMENT_REFUSED'));
    const plain = network.authority('hospital');
    await assert.rejects(plain.approveSuspension(good), failsWith('ENROLMENT_REFUSED'));
  });

  it('signs for one that was replaced, or whose organisation left', async () => {
    for (const party of [replaced, left]) {
      const signature = await member('hospital').approveSuspension({ ...good, party });
      assert.match(signature, /^0x[0-9a-f]{130}$/);
    }
  });
});

async function carried(account: Address, ...members: readonly AuthorityPort[]): Promise<void> {
  await suspendFormer(viewOf('laboratory'), senderOf('laboratory'), members, account);
}

describe('an account of before', () => {
  it('is not suspended by one member, nor by one twice', async () => {
    const one = member('hospital');
    await assert.rejects(carried(replaced, one), failsWith('ENROLMENT_REFUSED'));
    await assert.rejects(carried(replaced, one, one), failsWith('ENROLMENT_REFUSED'));
    assert.equal(await isSuspended(replaced), false);
  });

  // @actor an organisation that left | to fill blocks with its account
  it('is suspended by k members, once, and stays resumed if people lift it', async () => {
    const members = [member('hospital'), member('insurer')];
    for (const account of [replaced, left]) {
      await carried(account, ...members);
      assert.equal(await isSuspended(account), true);
      await carried(account);
    }
    await decide(replaced, 2);
    await carried(replaced, ...members);
    assert.equal(await isSuspended(replaced), false);
    for (const account of [lifted, unknown, senderOf('hospital').address]) {
      await carried(account);
      assert.notEqual(await isSuspended(account), true);
    }
  });

  it('is suspended once if two nodes carry it at the same moment', async () => {
    const account = signatory('another one of the insurer').address;
    await enrol('insurer', account);
    const former = [{ organisation: 'insurer', account }];
    const members = [member('hospital', former), member('insurer', former)];
    await Promise.all(
      ['laboratory', 'hospital'].map(async (name) => {
        await suspendFormer(viewOf(name), senderOf(name), members, account);
      }),
    );
    assert.equal(await isSuspended(account), true);
  });
});
