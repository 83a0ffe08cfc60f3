import type { Bundle } from '@medplum/fhirtypes';
import type { DemoVisitor } from '../../../portal/test/demoVisitor.ts';
import {
  addAllReadings,
  addRecord,
  bindDevice,
  gatherDeviceKeys,
  parseReadingsMessage,
  pinOfDevice,
  requireDeviceKeys,
  restorePatient,
  sealReadings,
} from '../../../src/client/index.ts';
import { bytesToHex } from '../../../src/crypto/bytes.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import { splitBundle } from '../../../src/fhir/splitBundle.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../../src/protocol/ids.ts';
import { signatory } from '../../../src/protocol/test/sampleNetwork.ts';

const DAY = 86_400;
/** Seconds of a batch. */
const BATCH = 10;
/** Batches that are brought together. */
const AT_ONCE = 32;

/** Puts measurements of a pulse on a patient's own chart, each a record, one a day into the past. */
export async function seedMeasurements({ party, handle = '0x' }: DemoVisitor, count: number) {
  for (let place = 0; place < count; place++) {
    const measured = {
      resourceType: 'Observation',
      status: 'final',
      category: [{ coding: [{ system: CATEGORY, code: 'vital-signs' }] }],
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
      subject: { display: 'the patient' },
      effectiveDateTime: new Date((seconds(party.clock) - place * DAY) * 1000).toISOString(),
      valueQuantity: { value: 60 + (place % 30), unit: '/min' },
    };
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: measured }] };
    for (const part of splitBundle(bundle as Bundle, { set: bytesToHex(party.random(16)) })) {
      const { category } = part;
      const content = encodePart(part.content);
      await addRecord(party, { handle, category, purpose: 'PATRQT', content });
    }
  }
}

const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** A device that a patient wears, whose batches a gateway brings. */
export interface WornDevice {
  /** Puts so many batches on the chart, of ten seconds each, that end where those before begin. */
  bring(count: number): Promise<void>;
}

/**
 * Binds a device that seals its readings, a pulse each second.
 *
 * @param patient - Wears it.
 * @param gateway - Brings the batches.
 */
export async function wearDevice(patient: DemoVisitor, gateway: DemoVisitor): Promise<WornDevice> {
  const { address, signingKey } = signatory('a device that is worn all day');
  await restorePatient(patient.party);
  const now = seconds(patient.party.clock);
  const bound = await bindDevice(patient.party, {
    device: { address },
    gateway: gateway.party.address,
    categories: ['vitals'],
    from: now - 2 * DAY,
    until: now + DAY,
  });
  const { grant, digest } = bound;
  const nonce = bytesToHex(patient.party.random(32));
  const told = await gatherDeviceKeys(gateway.party, bound, nonce);
  const pin = pinOfDevice(patient.party, grant.handle);
  const wanted = { device: address, grant: digest, nonce, now };
  const keys = requireDeviceKeys(patient.party.primitives, pin, wanted, told);
  const sheets = new Map();
  let boot = 0;
  let end = now;
  return {
    async bring(count) {
      // The device that was started earlier has the lower number.
      boot = boot === 0 ? 9 : boot - 1;
      const begin = end - count * BATCH;
      let previous: Bytes32 = ZERO32;
      for (let done = 0; done < count;) {
        const batches = [];
        for (const last = Math.min(count, done + AT_ONCE); done < last; done++) {
          const start = (begin + done * BATCH) * 1000;
          const lines = Array.from(
            { length: BATCH },
            (_, at) =>
              `{"at":${start + at * 1000},"code":149530,"value":${60 + ((done + at) % 30)}}`,
          );
          const { bytes, root } = await sealReadings(patient.party, signingKey, keys, {
            about: {
              boot,
              first: done * BATCH,
              clock: 'set',
              start,
              end: start + BATCH * 1000 - 1,
              previous,
            },
            lines,
            handle: grant.handle,
            device: { address },
          });
          previous = root;
          batches.push({
            grant,
            message: parseReadingsMessage(patient.party.primitives, bytes),
          });
        }
        const answers = await addAllReadings(gateway.party, batches, sheets);
        const refused = answers.find((each) => each instanceof MedsealError);
        if (refused !== undefined) throw refused;
      }
      end = begin;
    },
  };
}
