import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { startPushService, type PushService } from '../../node/push/test/startPushService.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Notify } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { changeKey } from '../party/changeKey.ts';
import type { Party } from '../party/Party.ts';
import { sendLetter } from '../letters/letters.ts';
import { browserName } from './browserName.ts';
import { listTold } from './listTold.ts';
import { stopTelling } from './stopTelling.ts';
import { tellBrowser } from './tellBrowser.ts';

const [MINUTE, DAY] = [60_000, 24 * 3_600_000];
let service: PushService;
let network: TestNetwork;
let care: Care;

before(async () => {
  service = await startPushService();
});
after(async () => await service.close());
beforeEach(async () => {
  service.answer(201);
  network = await startTestNetwork({ cared: true, push: { services: [service.origin] } });
  care = await startCare(network);
});
afterEach(async () => await network.close());

function addressOf(browser: string): string {
  return `${service.origin}/${browser}`;
}

/** Signs as a party what it does not ask for by the functions of the client. */
async function ask(party: Party, change: Partial<Notify>, endpoint?: string): Promise<unknown> {
  const request = sign(party, party, 'Notify', {
    endpoint: browserName(party, addressOf('browser')),
    until: BEGIN + 3600,
    deadline: BEGIN + 300,
    salt: bytesToHex(party.random(16)),
    ...change,
  });
  return await party.agent.notify({ request, ...(endpoint !== undefined && { endpoint }) });
}

/** A letter of the doctor to the patient, whose push is due now. */
async function write(): Promise<void> {
  await sendLetter(care.doctor, care.patient.address, {});
  network.clock.advance(MINUTE);
}

describe('a browser that a party has told of news', () => {
  it('is told by its organisation alone, without content, once a letter of somebody else waits', async () => {
    const { patient } = care;
    const { key } = await listTold(patient);
    const told = await tellBrowser(patient, addressOf('browser'));
    assert.deepEqual(told, {
      key,
      browsers: [
        {
          endpoint: browserName(patient, addressOf('browser')),
          service: new URL(service.origin).host,
          until: BEGIN + 90 * 24 * 3600,
        },
      ],
    });
    const before = service.seen.length;
    await sendLetter(patient, patient.address, { notes: [] });
    network.clock.advance(MINUTE);
    await write();
    const push = await service.push(before + 1);
    assert.deepEqual([push.path, push.bytes], ['/browser', 0]);
    assert.ok(push.headers.authorization?.endsWith(`, k=${key}`));
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      await network.services(name).stop();
    }
    assert.equal(service.seen.length, before + 1);
  });

  it('is known after a restart, until its push service says that it is gone', async () => {
    const { patient } = care;
    await tellBrowser(patient, addressOf('gone'));
    await network.restart('hospital');
    assert.equal((await listTold(patient)).browsers.length, 1);
    service.answer(410);
    const before = service.seen.length;
    await write();
    assert.equal(service.seen.length, before);
    network.clock.advance(9 * MINUTE);
    await service.push(before + 1);
    await network.services('hospital').stop();
    await network.restart('hospital');
    assert.deepEqual((await listTold(patient)).browsers, []);
  });

  it('is told no longer once its party says so, its day has come, or the party is suspended', async () => {
    const { patient } = care;
    await tellBrowser(patient, addressOf('browser'));
    const left = await stopTelling(patient, browserName(patient, addressOf('browser')));
    assert.deepEqual(left.browsers, []);
    await tellBrowser(patient, addressOf('another'));
    network.clock.advance(90 * DAY);
    assert.deepEqual((await listTold(patient)).browsers, []);
    await tellBrowser(patient, addressOf('another'));
    await suspend(network, patient, 1);
    await assert.rejects(listTold(patient), failsWith('PARTY_SUSPENDED'));
    await suspend(network, patient, 2);
    assert.equal((await listTold(patient)).browsers.length, 1);
  });

  // @actor a thief of a key | takes all places for browsers, so that its owner is told of nothing after the change of the key
  it('counts no longer once its party has another key', async () => {
    const { patient } = care;
    for (let browser = 0; browser < 5; browser++) {
      await tellBrowser(patient, addressOf(`${browser}`));
    }
    const { party } = await changeKey(patient, network.ports.random(32));
    const { browsers } = await tellBrowser(party, addressOf('own'));
    assert.deepEqual(
      browsers.map(({ endpoint }) => endpoint),
      [browserName(party, addressOf('own'))],
    );
  });

  // @actor a party | ends or reads what another party’s browsers are told
  it('is a matter of its party: another one neither sees it nor ends it', async () => {
    const { patient, doctor } = care;
    await tellBrowser(patient, addressOf('browser'));
    assert.deepEqual((await listTold(doctor)).browsers, []);
    await stopTelling(doctor, browserName(patient, addressOf('browser')));
    const request = sign(doctor, doctor, 'Notify', {
      endpoint: browserName(patient, addressOf('browser')),
      until: 0,
      deadline: BEGIN + 300,
      salt: bytesToHex(doctor.random(16)),
    });
    const forged = { ...request, party: patient.address };
    await assert.rejects(patient.agent.notify({ request: forged }), failsWith('SIGNATURE_INVALID'));
    assert.equal((await listTold(patient)).browsers.length, 1);
  });

  it('is refused for longer than 91 days, at another address than was signed, at none, or late', async () => {
    const refused = [
      [{ until: BEGIN + 92 * 24 * 3600 }, '/browser', 'REQUEST_EARLY'],
      [{}, '/another', 'REQUEST_MALFORMED'],
      [{}, undefined, 'REQUEST_MALFORMED'],
      [{ deadline: BEGIN - 1 }, '/browser', 'REQUEST_LATE'],
    ] as const;
    for (const [change, path, code] of refused) {
      const endpoint = path && `${service.origin}${path}`;
      await assert.rejects(ask(care.patient, change, endpoint), failsWith(code));
    }
    assert.deepEqual((await listTold(care.patient)).browsers, []);
  });

  it('is refused at a push service that the node does not call, and by a node that calls none', async () => {
    const { patient } = care;
    const elsewhere = 'https://hospital.example/inside';
    await assert.rejects(tellBrowser(patient, elsewhere), failsWith('NOT_FOUND'));
    const silent = await startTestNetwork({ cared: true });
    try {
      const { patient: other } = await startCare(silent);
      assert.deepEqual(await listTold(other), { browsers: [] });
      await assert.rejects(tellBrowser(other, addressOf('browser')), failsWith('NOT_FOUND'));
    } finally {
      await silent.close();
    }
  });

  it('is one of five, and asked for twenty times a minute at most', async () => {
    const { patient } = care;
    for (let browser = 0; browser < 5; browser++)
      await tellBrowser(patient, addressOf(`${browser}`));
    await assert.rejects(tellBrowser(patient, addressOf('5')), failsWith('QUOTA_SPENT'));
    const ask20 = async (): Promise<void> => {
      for (let time = 0; time < 20; time++) await listTold(patient);
    };
    await assert.rejects(ask20(), failsWith('QUOTA_SPENT'));
  });
});
