import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../bindings/encodeBatch.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import type { Party } from '../client/party/Party.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import { openFolder } from '../folder/openFolder.ts';
import { makeLaterKeys, openAuthorityKey } from '../folder/organisationKeys.ts';
import { identityOf } from '../folder/OrganisationIdentity.ts';
import { seconds } from '../protocol/Clock.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Receipt } from '../protocol/evidence/evidence.ts';
import type { Address, Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../protocol/network/officeChangesOf.ts';
import { sign } from '../protocol/struct/signing.ts';
import { draftSuccessor, signSuccessor } from '../protocol/network/signSuccessor.ts';
import { successorOf } from '../protocol/network/successorOf.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { verifyReceipt } from '../protocol/evidence/verifyReceipt.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import { changedTerms } from './succession/changedTerms.ts';
import { homeIn } from './succession/homeIn.ts';
import { addText, ALL, ChannelTrial, DAY, INSIDE } from './test/ChannelTrial.ts';

/** A channel of two on the ledger of a network of three: its own changes, and what the first network can stop. */

let trial: ChannelTrial;
let inCare: Party;
let receipt: Receipt;

before(async () => {
  trial = await ChannelTrial.openRunning();
  inCare = await trial.enrolled(trial.care, 'hospital', 'patient');
  receipt = await addText(await trial.enrolled(trial.research, 'hospital', 'patient'), 'first');
});
after(async () => {
  await trial.close();
});

/** Has the first network's authority suspend an account. */
async function suspend(party: Address): Promise<void> {
  const { care, network, ports } = trial;
  const message = { party, suspended: true, change: 1, deadline: seconds(ports.clock) + 300 };
  const keys = await Promise.all(
    ALL.map(async (name) => {
      const files = await openFolder(`${care.path(name)}/authority/${name}`);
      return await openAuthorityKey(files, { ...ports, guard: plainKeys });
    }),
  );
  const signatures = keys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map(
      (key) =>
        sign(
          { domain: domainOf(network), primitives: ports.primitives },
          key,
          'Suspension',
          message,
        ).signature,
    );
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  const { sender } = care.at('hospital').organisations.get('hospital') ?? assert.fail();
  await sender.send({ to: network.contracts.registry, data });
}

/** The account of an organisation, as a network file names it. */
function accountOf({ founders }: NetworkFile, name: Organisation): Address {
  return founders?.find(({ organisation }) => organisation === name)?.sender ?? assert.fail();
}

/** Sends a transaction that does nothing from an organisation's account of the channel. */
async function trySend(name: Organisation): Promise<void> {
  const { sender } = trial.research.at(name).organisations.get(name) ?? assert.fail();
  await sender.send({ to: sender.address, data: '0x00' });
}

/** The keys of the channel's organisations, whose nodes do not run. */
async function homesInside(): Promise<ReadonlyMap<Organisation, OrganisationHome>> {
  const homes = new Map<Organisation, OrganisationHome>();
  for (const name of INSIDE) {
    await trial.research.inFolder(name, async ({ homes: [home] }) => {
      homes.set(name, home ?? assert.fail());
      await Promise.resolve();
    });
  }
  return homes;
}

describe('a further channel that changes, or is stopped', () => {
  it('changes an office and its categories by a successor, and the first network stays as it is', async () => {
    const { care, research, network, channel, ports, ledgers } = trial;
    const { primitives } = ports;
    await research.stopAll();
    await research.inFolder('laboratory', async ({ homes: [home] }) => {
      await makeLaterKeys((home ?? assert.fail()).folder.files, ports, false);
    });
    const homes = await homesInside();
    const laboratory = homes.get('laboratory') ?? assert.fail();
    const coordinator = laboratory.later.node.seats.at(-1) ?? assert.fail();
    const own = { ...laboratory.keys, coordinator };
    const identity = identityOf('laboratory', own, laboratory.authorityKey, false);
    const from = seconds(ports.clock) + 3 * DAY + 600;
    const terms = changedTerms(primitives, channel, {
      from,
      categories: ['laboratory', 'vitals', 'imaging'],
      identities: [{ format: 'medseal-identity/1', ...identity, url: 'http://laboratory.example' }],
    });
    const offices = officeChangesOf(channel, successorOf(primitives, channel, terms)).map(
      (each) => ({ ...each, change: 1, deadline: seconds(ports.clock) + DAY }),
    );
    assert.equal(offices.length, 1);
    let successor = draftSuccessor(ports, channel, terms, { offices });
    const signAt = (name: Organisation): void => {
      const { keys, authorityKey } = homeIn(channel, homes.get(name) ?? assert.fail());
      successor = signSuccessor(ports, channel, successor, [keys.coordinator, authorityKey]);
    };
    signAt('hospital');
    await research.startAll(INSIDE, ledgers);
    const few = research.agentOf('hospital').succeed(successor);
    await assert.rejects(few, failsWith('SUCCESSOR_INVALID'));
    signAt('laboratory');
    for (const name of INSIDE) await research.agentOf(name).succeed(successor);
    await assert.rejects(
      care.agentOf('hospital').succeed(successor),
      failsWith('SUCCESSOR_INVALID'),
    );
    await research.stopAll();
    await care.stopAll();
    trial.pass(3 * DAY + 1200);
    await care.startAll(ALL);
    await research.startAll(INSIDE, ledgers);
    assert.deepEqual(care.at('insurer').file, network);
    const after = await trial.enrolled(research, 'laboratory', 'patient');
    const later = await addText(after, 'A picture for the trial', 'imaging');
    const present = research.at('hospital').file;
    assert.deepEqual(present.channels[0]?.categories, ['laboratory', 'vitals', 'imaging']);
    const context = { domain: domainOf(present), primitives };
    for (const each of [receipt, later]) verifyReceipt(context, present, each, { strict: true });
    await assert.rejects(addText(after, 'a bill', 'billing'), failsWith('CATEGORY_EXCLUDED'));
    // The first channel takes what that one does not.
    await addText({ ...inCare, agent: care.agentOf('hospital') }, 'a bill', 'billing');
  });

  it('takes nothing from a member’s new account until the first network’s authority admitted it', async () => {
    const { care, research, ports, ledgers } = trial;
    const before = research.at('hospital').file;
    await research.stopAll();
    await research.inFolder('laboratory', async ({ homes: [home] }) => {
      await makeLaterKeys((home ?? assert.fail()).folder.files, ports, true);
    });
    const homes = await homesInside();
    const laboratory = homeIn(before, homes.get('laboratory') ?? assert.fail());
    const sender = laboratory.later.node.senders.at(-1) ?? assert.fail();
    const own = { ...laboratory.keys, sender };
    const identity = identityOf('laboratory', own, laboratory.authorityKey, false);
    const terms = changedTerms(ports.primitives, before, {
      from: seconds(ports.clock) + 600,
      identities: [{ format: 'medseal-identity/1', ...identity, url: 'http://laboratory.example' }],
    });
    let successor = draftSuccessor(ports, before, terms);
    for (const name of INSIDE) {
      const { keys, authorityKey } = homeIn(before, homes.get(name) ?? assert.fail());
      successor = signSuccessor(ports, before, successor, [keys.coordinator, authorityKey]);
    }
    await research.startAll(INSIDE, ledgers);
    for (const name of INSIDE) await research.agentOf(name).succeed(successor);
    await research.stopAll();
    trial.pass(700);
    await research.startAll(INSIDE, ledgers);
    await assert.rejects(trySend('laboratory'), failsWith('LEDGER_REJECTED', { code: -32_003 }));
    await trySend('hospital');
    const account = { organisation: 'laboratory', sender: sender.address };
    for (const name of ALL) await trial.admit(name, [account]);
    await care.at('hospital').settle();
    await trySend('laboratory');
    const after = await trial.enrolled(research, 'laboratory', 'patient');
    await addText(after, 'from the new account');
  });

  it('does not speak for an organisation that the first network’s authority suspended, which can stop it too', async () => {
    const { care, network, channel } = trial;
    for (const name of INSIDE) await trySend(name);
    await suspend(accountOf(network, 'laboratory'));
    // Its first node passes the ledger on, and is refused there.
    await assert.rejects(trySend('laboratory'), failsWith('LEDGER_REJECTED', { code: -32_002 }));
    assert.equal(care.at('hospital').isSuspended('laboratory'), true);
    assert.equal(care.at('hospital').isSuspended('hospital'), false);
    await trySend('hospital');
    await suspend(accountOf(channel, 'hospital'));
    await assert.rejects(trySend('hospital'), failsWith('LEDGER_REJECTED', { code: -32_003 }));
    assert.equal(care.at('hospital').isSuspended('hospital'), false);
  });
});
