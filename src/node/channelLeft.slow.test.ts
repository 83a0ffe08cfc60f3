import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Organisation } from '../protocol/ids.ts';
import { officeChangesOf } from '../protocol/network/officeChangesOf.ts';
import { HANDOVER } from '../protocol/network/officesOf.ts';
import { seconds } from '../protocol/Clock.ts';
import { draftSuccessor, signSuccessor } from '../protocol/network/signSuccessor.ts';
import { successorOf } from '../protocol/network/successorOf.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { verifyReceipt } from '../protocol/evidence/verifyReceipt.ts';
import type { OrganisationHome } from './NodeFolder.ts';
import { changedTerms } from './succession/changedTerms.ts';
import { addText, ALL, ChannelTrial, DAY, INSIDE } from './test/ChannelTrial.ts';

/** An organisation that leaves the first network while it is in a further channel. */

let trial: ChannelTrial;

before(async () => {
  trial = await ChannelTrial.openRunning();
});
after(async () => {
  await trial.close();
});

describe('an organisation of a channel that leaves the first network', () => {
  it('has its first node end, by which its node in the channel reached the ledger', async () => {
    const { care, research, network, ports } = trial;
    await research.stopAll();
    await care.stopAll();
    const homes = new Map<Organisation, OrganisationHome>();
    for (const name of ALL) {
      await care.inFolder(name, async ({ homes: [home] }) => {
        homes.set(name, home ?? assert.fail());
        await Promise.resolve();
      });
    }
    const from = seconds(ports.clock) + 3 * DAY + 600;
    const terms = changedTerms(ports.primitives, network, { from, leaving: ['laboratory'] });
    const deadline = seconds(ports.clock) + DAY;
    const offices = officeChangesOf(network, successorOf(ports.primitives, network, terms)).map(
      (each) => ({ ...each, change: 1, deadline }),
    );
    let successor = draftSuccessor(ports, network, terms, { offices });
    for (const name of ['hospital', 'insurer']) {
      const { keys, authorityKey } = homes.get(name) ?? assert.fail();
      const held = [keys.coordinator, authorityKey];
      successor = signSuccessor(ports, network, successor, held);
    }
    await care.startAll(ALL);
    for (const name of ALL) await care.agentOf(name).succeed(successor);
    await care.stopAll();
    trial.pass(3 * DAY + 1200);
    await care.startAll(['hospital', 'insurer']);
    await assert.rejects(care.start('laboratory'), failsWith('NETWORK_LEFT'));
  });

  it('is in the channel as before, if another organisation lets its node use the ledger', async () => {
    const { research, channel, ports } = trial;
    const hospital = trial.ledgers.get('hospital') ?? assert.fail();
    await research.startAll(INSIDE, new Map(INSIDE.map((name) => [name, hospital])));
    const patient = await trial.enrolled(research, 'laboratory', 'patient');
    const receipt = await addText(patient, 'after it left');
    const context = { domain: domainOf(channel), primitives: ports.primitives };
    verifyReceipt(context, channel, receipt, { strict: true });
  });

  it('loses its account of the first network, and not the one that was admitted for the channel', async () => {
    const { care, research, network, channel } = trial;
    trial.pass(HANDOVER + 60);
    await care.stopAll();
    await research.stopAll();
    await care.startAll(['hospital', 'insurer']);
    const { index } = care.at('hospital').organisations.get('hospital') ?? assert.fail();
    const isSuspended = ({ founders = [] }: typeof network): boolean | undefined => {
      const own = founders.find(({ organisation }) => organisation === 'laboratory');
      return index.party(own?.sender ?? '0x')?.suspended;
    };
    // Nodes look every five seconds.
    for (let looks = 0; isSuspended(network) !== true && looks < 600; looks++) {
      await sleep(100);
      await index.refresh();
    }
    assert.deepEqual([isSuspended(network), isSuspended(channel)], [true, false]);
    const hospital = trial.ledgers.get('hospital') ?? assert.fail();
    await research.startAll(INSIDE, new Map(INSIDE.map((name) => [name, hospital])));
    const { sender } = research.at('laboratory').organisations.get('laboratory') ?? assert.fail();
    await sender.send({ to: sender.address, data: '0x00' });
  });
});
