import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { BEGIN, behind, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader, SignedReadings } from '../../protocol/sensors/ReadingsHeader.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { signedReadings } from '../../protocol/test/sampleReadings.ts';
import { evidenceOfRefusal } from '../agent/submit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { logVersion } from '../records/logVersion.ts';
import { readRecord } from '../records/readRecord.ts';
import { sealVersion } from '../records/sealVersion.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { addAllReadings, addReadings } from './addReadings.ts';
import { bindDevice, type DeviceBound } from './bindDevice.ts';
import { endDevice } from './endDevice.ts';
import { listDevices } from './listDevices.ts';
import { prepareReadings, type NewReadings } from './prepareReadings.ts';
import { submitReadings } from './submitReadings.ts';

let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;

const sensor = signatory('sensor of the ward');
const LINES = ['{"at":0,"code":149530,"value":71}', '{"at":1000,"code":149530,"value":72}'];

before(async () => {
  network = await startTestNetwork();
  patient = await network.party('patient');
  gateway = await network.party('doctor');
  await commitEpochs(patient, 8);
  bound = await bind(sensor.address);
});
after(async () => await network.close());

async function bind(address: Address, party = patient, until = BEGIN + 3600): Promise<DeviceBound> {
  const device = { address, model: 'Wrist', serial: '17' };
  const to = { gateway: gateway.address, categories: ['vitals'], until } as const;
  return await bindDevice(party, { device, ...to });
}

/** A batch as the device would send it now, changed where said. */
function batch(
  change: Partial<ReadingsHeader> = {},
  { grant = bound.grant, digest = bound.digest, by = sensor } = {},
): NewReadings & { readonly message: SignedReadings } {
  const now = network.clock.now();
  const header: ReadingsHeader = {
    grant: digest,
    boot: 1,
    first: 0,
    count: LINES.length,
    clock: 'set',
    start: now,
    end: now + 1000,
    previous: ZERO32,
    root: readingsRoot(gateway.primitives, LINES),
    file: ZERO32,
    ...change,
  };
  return { grant, message: signedReadings(header, by), content: utf8ToBytes(LINES.join('\n')) };
}

/** Requires that nodes refuse a batch, and that the refusal is an entry with the readings in it. */
async function refused(given: NewReadings, code: ErrorCode): Promise<void> {
  const error: unknown = await addReadings(gateway, given).catch(toMedsealError);
  assert.ok(error instanceof MedsealError);
  assert.equal(error.code, code);
  const entry = evidenceOfRefusal(error);
  assert.ok(entry, `${code} is an entry`);
  const body: Body = parseBody(entry.body);
  assert.deepEqual([body.flag, body.code], ['R', code]);
  assert.deepEqual(body.readings?.header, given.message.header);
}

async function entries(): Promise<number> {
  return (await network.agent().checkpoint(gateway.log)).size;
}

describe('a device that a patient bound', () => {
  it('has its readings put on the chart by its gateway, and the entry holds what it signed', async () => {
    const given = batch();
    const { record, acknowledgement, already } = await addReadings(gateway, given);
    assert.equal(already, undefined);
    assert.equal(record, readingsDigest(gateway.primitives, given.message.header));
    const { flag, readings } = parseBody(acknowledgement.body);
    assert.equal(flag, 'A');
    assert.deepEqual(readings, given.message);
    const { handle } = bound.grant;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const listed = chart.records.find((each) => each.record === record);
    assert.ok(listed);
    assert.equal(listed.category, 'vitals');
    const { content } = await readRecord(patient, chart, listed);
    assert.equal(bytesToUtf8(content), LINES.join('\n'));
  });

  it('is listed with the right that binds it, and bound again by the same right', async () => {
    const [listed] = await listDevices(patient);
    assert.equal(listed?.digest, bound.digest);
    assert.equal(listed.state, 'holds');
    assert.deepEqual(listed.device, { address: sensor.address, model: 'Wrist', serial: '17' });
    assert.match(listed.shortCode ?? '', /^[A-Z]{4}-[A-Z]{4}-[A-Z]{4}$/);
    const [right] = await listGrants(patient);
    assert.deepEqual(right?.grant?.terms.categories, ['vitals']);
    assert.equal(right.grant.terms.record, deviceIdOf(patient.primitives, sensor.address));
    const again = await bind(sensor.address);
    assert.deepEqual([again.digest, again.already], [bound.digest, true]);
  });

  it('lets its gateway read nothing', async () => {
    const { handle } = bound.grant;
    const reading = readChart(gateway, { handle, grant: bound.grant, purpose: 'TREAT' });
    await assert.rejects(reading, failsWith('RIGHT_MISSING'));
  });
});

describe('a batch that comes again', () => {
  // @actor a replaying gateway | to have one batch counted twice
  it('is on the chart once: the same bytes get the first answer, and a new request the first entry', async () => {
    const given = batch({ first: 10 });
    const prepared = await prepareReadings(gateway, [given]);
    const [first] = await submitReadings(gateway, prepared);
    assert.ok(first && !(first instanceof MedsealError));
    await network.checkpoint();
    const size = await entries();
    const [same] = await submitReadings(gateway, prepared);
    assert.deepEqual(same, first);
    const again = await addReadings(gateway, given);
    assert.deepEqual(again, { ...first, already: true });
    await network.checkpoint();
    assert.equal(await entries(), size, 'a replay makes no entry');
  });

  it('is on the chart once if two programs of the gateway bring it at the same time', async () => {
    const given = batch({ first: 20 });
    const answers = await Promise.all([addReadings(gateway, given), addReadings(gateway, given)]);
    const [one, other] = answers.map(({ acknowledgement }) => acknowledgement.index);
    assert.equal(one, other);
    assert.equal(answers.filter(({ already }) => already === true).length, 1);
  });

  it('is refused from another party: the right is the gateway’s', async () => {
    const given = batch({ first: 30 });
    const other = await network.party('doctor');
    await assert.rejects(addReadings(other, given), failsWith('RIGHT_MISSING'));
  });

  it('counts for nothing as the entry of another batch, which an agent may answer with', async () => {
    const { acknowledgement } = await addReadings(gateway, batch({ first: 40 }));
    const problem = new MedsealError('REQUEST_ALTERED', {}).toProblem();
    const lying = behind(gateway, {
      submit: async () =>
        await Promise.resolve([{ outcome: 'refused', problem, acknowledgement } as const]),
    });
    await assert.rejects(addReadings(lying, batch({ first: 50 })), failsWith('REQUEST_ALTERED'));
  });
});

describe('several batches in one call', () => {
  it('are judged each for itself', async () => {
    const [good, bad, late] = [
      batch({ first: 100 }),
      batch({ first: 102 }, { by: signatory('a stranger') }),
      batch({ first: 104, boot: 2 }),
    ];
    const answers = await addAllReadings(gateway, [good, bad, late]);
    assert.deepEqual(
      answers.map((each) => (each instanceof MedsealError ? each.code : each.version)),
      [1, 'RIGHT_MISSING', 1],
    );
  });
});

describe('a batch that nodes refuse', () => {
  // @actor a gateway | to alter what a device signed
  it('is one whose header was altered after the device signed it', async () => {
    const given = batch({ first: 200 });
    const message = { ...given.message, header: { ...given.message.header, count: 3 } };
    await refused({ ...given, message }, 'RIGHT_MISSING');
  });

  // @actor a foreign device | to measure for a patient
  it('is one that a foreign key signed', async () => {
    await refused(batch({ first: 210 }, { by: signatory('foreign') }), 'RIGHT_MISSING');
  });

  // @actor a gateway with a general right | to bring readings by it
  it('is one under a general right, which never carries readings', async () => {
    const { grant, digest } = await grantRight(patient, {
      grantee: gateway.address,
      categories: ['vitals'],
      actions: ['add'],
      purpose: 'TREAT',
      until: BEGIN + 1800,
    });
    await refused(batch({ first: 220 }, { grant, digest }), 'RIGHT_MISSING');
  });

  // @actor a gateway | to bring one patient's readings to another
  it('is one that the device signed for the right of another patient', async () => {
    const other = await network.party('patient');
    await commitEpochs(other, 4);
    const theirs = await bind(sensor.address, other);
    // The chart of one, the signature for the other.
    await refused(batch({ first: 230, grant: theirs.digest }), 'READINGS_INVALID');
    await addReadings(gateway, batch({ first: 230 }, theirs));
  });

  // @actor a device with a false clock | to date readings as it likes
  it('is one that is dated ahead of now, or 1970 by a clock that claims to be set', async () => {
    const now = network.clock.now();
    await refused(batch({ first: 240, end: now + 400_000 }), 'READINGS_UNTIMELY');
    await refused(batch({ first: 250, start: 0, end: 1000 }), 'READINGS_UNTIMELY');
    await addReadings(gateway, batch({ first: 260, clock: 'unset', start: 0, end: 1000 }));
  });
});

describe('a device whose right is over', () => {
  // @actor the finder of a lost device | to go on measuring
  it('is refused once it was lost, and the right ended, with what it measured before', async () => {
    const lost = signatory('lost device');
    const right = await bind(lost.address);
    await addReadings(gateway, batch({}, { ...right, by: lost }));
    const before = batch({ first: 2 }, { ...right, by: lost });
    const [ended] = await endDevice(patient, lost.address);
    assert.ok(ended);
    await refused(before, 'RIGHT_ENDED');
    assert.deepEqual(await endDevice(patient, lost.address), []);
    assert.ok((await listDevices(patient)).every(({ digest }) => digest !== right.digest));
  });

  it('is refused once its right has expired', async () => {
    const lent = signatory('lent device');
    const right = await bind(lent.address, patient, BEGIN + 60);
    const last = batch({}, { ...right, by: lent });
    network.clock.advance(61_000);
    await refused(last, 'RIGHT_ENDED');
  });

  // @actor the buyer of a sold device | to have old readings counted
  it('counts nowhere with what it measured for one patient after it was sold to another', async () => {
    const sold = signatory('sold device');
    const first = await bind(sold.address);
    const old = batch({ first: 4 }, { ...first, by: sold });
    await endDevice(patient, sold.address);
    const buyer = await network.party('patient');
    await commitEpochs(buyer, 4);
    const second = await bind(sold.address, buyer);
    await refused(old, 'RIGHT_ENDED');
    await refused({ ...old, grant: second.grant }, 'READINGS_INVALID');
    await addReadings(gateway, batch({ first: 6 }, { ...second, by: sold }));
  });
});

describe('an agent that lies about readings', () => {
  // @actor a lying agent | to leave readings out of an entry
  it('cannot leave them out of a batch: coordinators judge the body', async () => {
    const given = batch({ first: 300 });
    const stripping = behind(gateway, {
      submit: async (submissions) =>
        await gateway.agent.submit(
          submissions.map(({ readings: _readings, ...submission }) => submission),
        ),
    });
    await assert.rejects(addReadings(stripping, given), failsWith('RIGHT_MISSING'));
    assert.equal((await addReadings(gateway, given)).already, undefined);
  });

  it('has readings refused that come with a view', async () => {
    const { message: readings } = batch();
    const view: View = {
      log: gateway.log,
      what: 'chain',
      handle: ZERO32,
      record: ZERO32,
      version: 0,
      grant: ZERO32,
      purpose: 'TREAT',
      deadline: BEGIN + 300,
      salt: bytesToHex(gateway.random(16)),
    };
    const request = sign(gateway, gateway, 'View', view);
    const [outcome] = await gateway.agent.submit([{ request, readings }]);
    assert.ok(outcome?.outcome === 'refused');
    assert.equal(outcome.problem.code, 'REQUEST_MALFORMED');
    assert.equal(outcome.acknowledgement, undefined);
  });
});

describe('a party that may add to the chart and has a batch’s id first', () => {
  // @actor a party that may add to a chart | to pass a record of its own for a batch
  it('keeps the batch off the chart, as the entry in its place shows, and puts no readings there', async () => {
    const thief = await network.party('doctor');
    const { grant } = await grantRight(patient, {
      grantee: thief.address,
      categories: ['vitals'],
      actions: ['add'],
      purpose: 'TREAT',
      until: BEGIN + 1800,
    });
    const given = batch({ first: 400 });
    const record = readingsDigest(gateway.primitives, given.message.header);
    const { handle } = grant;
    const content = utf8ToBytes('other');
    const version = { handle, category: 'vitals', content, purpose: 'TREAT', grant } as const;
    await logVersion(thief, await sealVersion(thief, record, version));
    await assert.rejects(addReadings(gateway, given), failsWith('REQUEST_ALTERED'));
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const listed = chart.records.find((each) => each.record === record);
    assert.deepEqual([listed?.author, listed?.readings], [thief.address, undefined]);
  });
});
