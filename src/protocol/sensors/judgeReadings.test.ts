import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../ids.ts';
import { judgeEvidence } from '../evidence/judgeEvidence.ts';
import type { Grant, Signed, Write } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { failsWith } from '../test/failsWith.ts';
import { doctor, HANDLE, NOW, sampleWrite } from '../test/sampleEvidence.ts';
import { context, network, primitives, signatory, word } from '../test/sampleNetwork.ts';
import { sampleHeader, sensor, signedReadings } from '../test/sampleReadings.ts';
import { admit, patient, sampleGrant, sampleRules } from '../test/sampleRules.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { deviceIdOf } from './deviceIdOf.ts';
import { READINGS_AHEAD } from './judgeReadings.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { ReadingsHeader, SignedReadings } from './ReadingsHeader.ts';

const device = deviceIdOf(primitives, sensor.address);
const ofDevice = { record: device, read: false, add: true, categories: ['laboratory'] } as const;

/** The sample's write, as its device sealed it. */
const sealed = { file: sampleWrite.file, epoch: sampleWrite.epoch } as const;

interface Case {
  /** Changes of the right. */
  readonly terms?: Partial<Grant['terms']>;
  /** Changes of what the device signs. */
  readonly header?: Partial<ReadingsHeader>;
  /** Changes of the statement after the device signed it. */
  readonly altered?: Partial<ReadingsHeader>;
  readonly signedBy?: typeof sensor;
  readonly write?: Partial<Write>;
  readonly state?: 'active' | 'ended';
  readonly at?: number;
}

/** Judges the write of a batch by the gateway, the sample's doctor. */
function judge(given: Case = {}): void {
  const rules = sampleRules();
  const opening = sampleGrant({ ...ofDevice, ...given.terms });
  const grant = admit(rules, opening, given.state);
  const header = sampleHeader({ grant, ...given.header });
  const signed = signedReadings(header, given.signedBy);
  const readings: SignedReadings = { ...signed, header: { ...header, ...given.altered } };
  const record = readingsDigest(primitives, readings.header);
  const message = { ...sampleWrite, grant, record, ...given.write };
  const request: Signed<'Write'> = sign(context, doctor, 'Write', message);
  judgeEvidence(context, network, rules, request, { opening, readings }, given.at ?? NOW);
}

function refused(what: string, given: Case): void {
  assert.throws(
    () => judge(given),
    (error) => isMedsealError(error, 'READINGS_INVALID') && error.values['what'] === what,
  );
}

function untimely(what: string, given: Case): void {
  assert.throws(
    () => judge(given),
    (error) => isMedsealError(error, 'READINGS_UNTIMELY') && error.values['what'] === what,
  );
}

describe('a batch of readings', () => {
  it('is taken under the right that names its device', () => {
    judge();
    judge({ header: { previous: word('batch before') } });
    judge({ header: sealed });
  });

  it('is refused if its device sealed it, and the write names another file, epoch or category', () => {
    refused('file', { header: { ...sealed, file: word('file of the device') } });
    refused('file', { header: sealed, write: { file: word('file of the gateway') } });
    const { epoch } = sampleWrite;
    refused('epoch', { header: { ...sealed, epoch: epoch - 1 } });
    refused('epoch', { header: sealed, write: { epoch: epoch + 1 } });
    assert.throws(
      () => judge({ header: { ...sealed, epoch: epoch + 1 }, write: { epoch: epoch + 1 } }),
      failsWith('EPOCH_STALE'),
    );
    const terms = { categories: ['vitals', 'laboratory'] } as const;
    refused('category', { header: sealed, terms });
    judge({ terms });
  });

  it('is refused if it names a file without the epoch, an epoch without a file, or a file by a clock that is not set', () => {
    const { file, epoch } = sealed;
    refused('epoch', { header: { file } });
    refused('epoch', { header: { epoch } });
    refused('clock', { header: { ...sealed, clock: 'unset' } });
  });

  it('is refused if its header was altered, or somebody else signed it', () => {
    const { record } = sampleWrite;
    refused('record', { write: { record } });
    for (const altered of [{ count: 4 }, { root: word('other root') }, { first: 7 }]) {
      assert.throws(() => judge({ altered }), failsWith('RIGHT_MISSING'), JSON.stringify(altered));
    }
    const signedBy = signatory('another device');
    assert.throws(() => judge({ signedBy }), failsWith('RIGHT_MISSING'));
  });

  it('is refused if no key can have made its signature', () => {
    const rules = sampleRules();
    const opening = sampleGrant(ofDevice);
    const grant = admit(rules, opening);
    const header = sampleHeader({ grant });
    const record = readingsDigest(primitives, header);
    const request = sign(context, doctor, 'Write', { ...sampleWrite, grant, record });
    const readings: SignedReadings = { header, signature: `0x${'00'.repeat(65)}` };
    assert.throws(
      () => judgeEvidence(context, network, rules, request, { opening, readings }, NOW),
      (error) => isMedsealError(error, 'READINGS_INVALID') && error.values['what'] === 'signature',
    );
  });

  it('is refused if its device signed it for another right: of another patient, or an earlier one', () => {
    refused('grant', { header: { grant: word('right on another chart') } });
    refused('grant', { header: { grant: ZERO32 } });
  });

  it('is refused under a right of another device, and under one that names none', () => {
    const other = deviceIdOf(primitives, signatory('another device').address);
    for (const record of [other, ZERO32, word('a record')]) {
      assert.throws(() => judge({ terms: { record } }), failsWith('RIGHT_MISSING'));
    }
    assert.throws(() => judge({ terms: { add: false, read: true } }), failsWith('RIGHT_MISSING'));
    assert.throws(() => judge({ terms: { grantee: patient.address } }), failsWith('RIGHT_MISSING'));
  });

  it('is refused on the chart of a patient without a right, whatever opening is shown beside it', () => {
    const rules = sampleRules();
    const header = sampleHeader({ grant: ZERO32 });
    const record = readingsDigest(primitives, header);
    const request = sign(context, patient, 'Write', { ...sampleWrite, record, handle: HANDLE });
    for (const opening of [sampleGrant(ofDevice), undefined]) {
      const support = { readings: signedReadings(header), ...(opening && { opening }) };
      assert.throws(
        () => judgeEvidence(context, network, rules, request, support, NOW),
        failsWith('RIGHT_MISSING'),
      );
    }
  });

  it('is refused once the right of its device was revoked, or is over', () => {
    assert.throws(() => judge({ state: 'ended' }), failsWith('RIGHT_ENDED'));
    assert.throws(() => judge({ at: NOW + 100 }), failsWith('RIGHT_ENDED'));
  });

  it('is refused if it is from before the right, such as 1970, or ahead of now', () => {
    untimely('start', { header: { start: 0, end: 1000 } });
    untimely('start', { header: { start: (NOW - 100) * 1000 - 1 } });
    judge({ header: { start: (NOW - 100) * 1000 } });
    const terms = { until: NOW + 4000 };
    const ahead = (NOW + READINGS_AHEAD) * 1000;
    judge({ terms, header: { end: ahead } });
    untimely('end', { terms, header: { end: ahead + 1 } });
    judge({ header: { end: (NOW + 100) * 1000 } });
    untimely('end', { header: { end: (NOW + 100) * 1000 + 1 } });
  });

  it('is taken whatever its times are if its device says that it does not know the time', () => {
    judge({ header: { clock: 'unset', start: 0, end: 1000 } });
    judge({ header: { clock: 'unset', start: 0, end: Number.MAX_SAFE_INTEGER } });
  });

  it('is refused if it is empty, ends before it starts, or counts further than numbers go', () => {
    refused('count', { header: { count: 0 } });
    refused('end', { header: { end: (NOW - 11) * 1000 } });
    refused('first', { header: { first: Number.MAX_SAFE_INTEGER } });
  });

  it('is refused as a change of another record', () => {
    refused('action', { write: { action: 'amend', version: 2 }, terms: { amend: true } });
    assert.throws(() => judge({ write: { version: 2 } }), failsWith('REQUEST_MALFORMED'));
  });

  it('leaves its record to its readings: without them the right of a device gives no such write', () => {
    const rules = sampleRules();
    const opening = sampleGrant(ofDevice);
    const grant = admit(rules, opening);
    const record = readingsDigest(primitives, sampleHeader({ grant }));
    const request = sign(context, doctor, 'Write', { ...sampleWrite, grant, record });
    assert.throws(
      () => judgeEvidence(context, network, rules, request, { opening }, NOW),
      failsWith('RIGHT_MISSING'),
    );
  });
});
