import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { evidenceOfRefusal, submitSigned } from '../client/agent/submit.ts';
import type { Party } from '../client/party/Party.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { signVersion } from '../client/records/logVersion.ts';
import { readChart } from '../client/records/readChart.ts';
import { sealVersion } from '../client/records/sealVersion.ts';
import { readPatientState, type PatientState } from '../client/state/PatientState.ts';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Receipt } from '../protocol/evidence/evidence.ts';
import { parseBody } from '../protocol/evidence/parseBody.ts';
import type { Write } from '../protocol/struct/requests.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { verifyReceipt } from '../protocol/evidence/verifyReceipt.ts';
import { addText, ChannelTrial, INSIDE } from './test/ChannelTrial.ts';

/** A network of three, and a channel of two of them on its ledger, from its founding to its first records. */

let trial: ChannelTrial;

before(async () => {
  trial = await ChannelTrial.open();
});
after(async () => {
  await trial.close();
});

/** Tells which of the channel's accounts the first network's Registry has. */
async function admitted(): Promise<readonly boolean[]> {
  const { index } = trial.care.at('hospital').organisations.get('hospital') ?? assert.fail();
  await index.refresh();
  return (trial.channel.founders ?? []).map(({ sender }) => index.party(sender) !== undefined);
}

describe('a further channel on a network’s ledger', () => {
  let patient: Party;
  let state: PatientState;
  let receipt: Receipt;
  let careReceipt: Receipt;

  it('is founded by files, of two of three, with terms of its own, bound to the first network', async () => {
    const { network } = trial;
    for (const other of [undefined, { ...network, demo: true }]) {
      await assert.rejects(trial.found(other));
    }
    await assert.rejects(trial.found(network, 'care'), failsWith('CEREMONY_INVALID'));
    const channel = await trial.found(network);
    assert.deepEqual(await trial.found(network), channel);
    await assert.rejects(trial.join(undefined), failsWith('CEREMONY_INVALID'));
    const otherRegistry = { ...network.contracts, registry: network.contracts.consent };
    await assert.rejects(
      trial.join({ ...network, contracts: otherRegistry }),
      failsWith('CEREMONY_INVALID'),
    );
    assert.deepEqual(await trial.join(network), channel);

    assert.notEqual(channel.networkId, network.networkId);
    assert.equal(channel.ledger.genesis, network.ledger.genesis);
    assert.equal(channel.ledger.of?.registry, network.contracts.registry);
    const [terms = assert.fail()] = channel.channels;
    assert.deepEqual(terms.categories, ['laboratory', 'vitals']);
    assert.deepEqual(terms.thresholds, { writes: 2, views: 2 });
    const shared = [...JSON.stringify(channel).matchAll(/0x[0-9a-f]{40,}/g)]
      .map(([value]) => value)
      .filter((value) => JSON.stringify(network).includes(value));
    const common = new Set([network.ledger.genesis, network.contracts.registry]);
    assert.deepEqual(new Set(shared), common);
  });

  // @attack somebody makes a channel on the ledger without the network's leave | a quorum of the authority admits accounts by hand
  it('begins once a quorum of the first network’s authority admitted its accounts, and not by one', async () => {
    const { care, research, ledgers } = trial;
    const starting = INSIDE.map(async (name) => await research.start(name, ledgers.get(name)));
    const waits = await research.waitsFor('NOT_YET');
    assert.match(waits.message, /admission of the account 0x|contract that was created last/);
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [false, false]);
    await trial.admit('hospital');
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [false, false]);
    // An organisation that was never told of the channel may sign too.
    await trial.admit('insurer');
    await care.at('hospital').settle();
    assert.deepEqual(await admitted(), [true, true]);
    await Promise.all(starting);
    for (const _ of [1, 2]) {
      for (const name of INSIDE)
        await research
          .at(name)
          .settle()
          .catch(() => undefined);
    }
    for (const name of INSIDE) await research.at(name).settle();
  });

  it('has a patient of both with two keys, two IDs and two handles', async () => {
    const { care, research } = trial;
    const inCare = await trial.enrolled(care, 'hospital', 'patient');
    careReceipt = await addText(inCare, 'Seen at the hospital', 'other');
    patient = await trial.enrolled(research, 'hospital', 'patient');
    receipt = await addText(patient, 'Takes part in the trial of a new medicine');
    state = await readPatientState(patient);
    const careState = await readPatientState(inCare);
    assert.notEqual(state.handle, careState.handle);
    assert.notEqual(state.patientId, careState.patientId);
    assert.notEqual(state.salt, careState.salt);
    assert.notEqual(patient.address, inCare.address);
    const chart = await readChart(patient, { handle: state.handle, purpose: 'PATRQT' });
    assert.equal(chart.records.length, 1);
  });

  it('verifies receipts offline with its own file alone', () => {
    const { network, channel, ports } = trial;
    const { primitives } = ports;
    const inside = { domain: domainOf(channel), primitives };
    verifyReceipt(inside, channel, receipt, { strict: true });
    const outside = { domain: domainOf(network), primitives };
    verifyReceipt(outside, network, careReceipt, { strict: true });
    for (const [file, other] of [
      [network, receipt],
      [channel, careReceipt],
    ] as const) {
      const context = { domain: domainOf(file), primitives };
      assert.throws(() => verifyReceipt(context, file, other, { strict: true }));
    }
  });

  // @attack an author writes a category that the channel does not take | `CATEGORY_EXCLUDED` at each judge, an entry of the log
  it('takes no record of another category, whoever writes it, and says so in its log', async () => {
    const { handle } = state;
    const version = { handle, content: utf8ToBytes('bill'), purpose: 'PATRQT' } as const;
    const refused = addRecord(patient, { ...version, category: 'billing' });
    const excluded = failsWith('CATEGORY_EXCLUDED', { category: 'billing', channel: 'research' });
    await assert.rejects(refused, excluded);
    // As a client does that does not look first.
    const record = bytesToHex(trial.ports.random(32));
    const sealed = await sealVersion(patient, record, { ...version, category: 'vitals' });
    const { submission } = signVersion(patient, { ...sealed, category: 'billing' });
    const error: unknown = await submitSigned(patient, submission).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(excluded(error));
    const entry = evidenceOfRefusal(error) ?? assert.fail('the refusal has no entry');
    const body = parseBody(entry.body);
    assert.deepEqual([body.flag, body.code], ['R', 'CATEGORY_EXCLUDED']);
    assert.equal((body.request.message as Write).category, 'billing');
    const again: unknown = await submitSigned(patient, submission).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(excluded(again));
  });
});
