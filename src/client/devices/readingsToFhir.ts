import type { Device, Observation, Reference } from '@medplum/fhirtypes';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { collectionOf } from '../../fhir/collectionOf.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { MEDSEAL_SYSTEMS } from '../../fhir/medsealSystems.ts';
import { deviceResourceOf } from '../../fhir/sensors/deviceResourceOf.ts';
import {
  coincidentTime,
  MOST_OBSERVATIONS,
  observationsOfReadings,
} from '../../fhir/sensors/observationsOfReadings.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import type { BatchRead } from './readReadings.ts';
import type { DeviceBatch } from './streamReadings.ts';

type Opened = Extract<BatchRead, { readonly readings: unknown }>;
type Named = Parameters<typeof collectionOf<Device | Observation>>[0][number];

/**
 * Writes readings as one FHIR R4 Bundle: each Device once, and an Observation for every reading, numbers as vital signs
 * and curves as `SampledData`, as their device wrote them. The same readings give the same bundle. It is not signed: see
 * `proveReading`. Batches that could not be opened are left out.
 *
 * @param party - The reader.
 * @param handle - The patient.
 * @param batches - Batches, from `streamReadings`.
 * @returns JSON in UTF-8, a piece for each batch.
 * @throws MedsealError `PEER_UNREACHABLE`, `OVERLOADED` if nobody answers `streamReadings`.
 * @example
 * ```ts
 * const span = { from: Date.now() - 86_400_000, until: Date.now() };
 * const pieces = readingsToFhir(patient, chart.handle, streamReadings(patient, chart, span));
 * for await (const piece of pieces) console.log(new TextDecoder().decode(piece));
 * ```
 */
export async function* readingsToFhir(
  { primitives }: Pick<Party, 'primitives'>,
  handle: Handle,
  batches: AsyncIterable<DeviceBatch>,
): AsyncGenerator<Uint8Array> {
  yield utf8ToBytes('{"resourceType":"Bundle","type":"collection"');
  const known = new Set<Bytes32>();
  let isFirst = true;
  for await (const { device, batch } of batches) {
    if ('error' in batch) continue;
    const named = resourcesOf(device, batch).filter(({ hash }) => !known.has(hash));
    const [first] = named;
    if (first?.resource.resourceType === 'Device') known.add(first.hash);
    const entries = (collectionOf(named).entry ?? []).map((entry) => exactJson(entry));
    yield utf8ToBytes(`${isFirst ? ',"entry":[' : ','}\n${entries.join(',\n')}`);
    isFirst = false;
  }
  yield utf8ToBytes(isFirst ? '}\n' : '\n]}\n');

  function hashOf(text: string): Bytes32 {
    return bytesToHex(primitives.sha256(utf8ToBytes(text)));
  }

  /** The Device, and the Observations of a batch that refer to it. */
  function resourcesOf(address: Address, { record, header, readings }: Opened): readonly Named[] {
    const { grant, clock, end } = header;
    const codes = readings.map(({ reading }) => reading.code);
    const device: Named = {
      hash: hashOf(`${address}/${grant}`),
      resource: deviceResourceOf(primitives, { address, grant, handle, codes }),
    };
    const times: Named = { hash: hashOf(`${record.record}/time`), resource: device.resource };
    const [deviceUrl = '', timeUrl = ''] = (collectionOf([device, times]).entry ?? []).map(
      ({ fullUrl = '' }) => fullUrl,
    );
    const by = {
      subject: { identifier: { system: MEDSEAL_SYSTEMS.handle, value: handle } },
      device: { reference: deviceUrl } as Reference<Device>,
    };
    // All readings of a batch are as far from their moments as the first.
    const [earliest] = readings;
    const shift = earliest === undefined ? 0 : earliest.moment - earliest.reading.at;
    const unset = clock === 'unset';
    const facts = {
      ...by,
      momentOf: (at: number) => at + shift,
      ...(unset && { coincident: { reference: timeUrl } as Reference<Observation> }),
    };
    const observations: Named[] = [];
    for (let from = 0; from < readings.length; from += MOST_OBSERVATIONS) {
      const part = readings.slice(from, from + MOST_OBSERVATIONS).map(({ reading }) => reading);
      for (const [place, resource] of observationsOfReadings(part, facts).entries()) {
        observations.push({ hash: hashOf(`${record.record}/${from + place}`), resource });
      }
    }
    const clocks = { device: end, gateway: end + shift };
    return [
      device,
      ...(unset ? [{ hash: times.hash, resource: coincidentTime(clocks, by) }] : []),
      ...observations,
    ];
  }
}
