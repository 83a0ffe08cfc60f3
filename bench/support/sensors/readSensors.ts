import type { Reading, WorkloadResult } from '../Workload.ts';

type Figures = Readonly<Record<string, number>>;

/** Figures that `sensors.bench.ts` prints. */
export interface SensorsPrinted {
  readonly devices: number;
  readonly 'verifications/s of one core': number;
  readonly 'CPU µs/verification': number;
  readonly 'a wearable alone': Figures;
  readonly 'an ECG alone': Figures;
  readonly 'at their pace': Figures;
  readonly 'all at once': Figures;
}

/** Signatures that one batch has verified at least: two at the gateway, and two at each of four that judge. */
const AT_LEAST = 10;
/** Seconds between two batches of a device. */
const PERIOD = 10;
const CORES = 2;

/** Reads the figures of a bench of sensors. */
export function readSensors(printed: SensorsPrinted): WorkloadResult {
  const { devices } = printed;
  const [pace, burst] = [printed['at their pace'], printed['all at once']];
  const bound = printed['verifications/s of one core'] / AT_LEAST;
  const rate = burst['batches/s'] ?? 0;
  return {
    readings: [
      ms('a wearable’s batch to its entry, p50', 1, printed['a wearable alone']['evidence p50 ms']),
      ms('an ECG’s batch to its entry, p50', 1, printed['an ECG alone']['evidence p50 ms']),
      ms(
        `a batch to its entry, ${devices} devices at their pace, p50`,
        devices,
        pace['evidence p50 ms'],
      ),
      {
        ...ms(`the same, p99`, devices, pace['evidence p99 ms']),
        target: '≤ 2,000 ms',
      },
      {
        what: 'the same by processor time of gateway and nodes',
        batch: devices,
        value: own(pace),
        unit: 'µs/batch',
        reference: {
          what: 'ten verifications, µs',
          value: AT_LEAST * printed['CPU µs/verification'],
        },
        ratio: (AT_LEAST * printed['CPU µs/verification']) / own(pace),
      },
      {
        what: 'batches that come all at once',
        batch: burst['batches'] ?? 0,
        value: rate,
        unit: 'batches/s',
        reference: { what: 'verifications of one core ÷ 10', value: bound },
        ratio: rate / bound,
        target: '1,000/s for 10,000 devices',
      },
      {
        what: 'devices with batches of 10 s, by that rate',
        batch: burst['batches'] ?? 0,
        value: rate * PERIOD,
        unit: 'devices',
        target: '≥ 10,000',
      },
      {
        what: 'the same if two cores did only this, by processor time',
        batch: burst['batches'] ?? 0,
        value: (PERIOD * CORES * 1e6) / own(burst),
        unit: 'devices',
      },
    ],
  };
}

/** Reads the point of a curve over the number of devices. */
export function readDevices(printed: SensorsPrinted): WorkloadResult {
  return { points: [{ curve: 'devices', point: [printed.devices, own(printed['all at once'])] }] };
}

/** Processor time of gateway and nodes for a batch, µs. */
function own(figures: Figures): number {
  return (figures['nodes, CPU µs/batch'] ?? 0) + (figures['gateway, CPU µs/batch'] ?? 0);
}

function ms(what: string, batch: number, value = Number.NaN): Reading {
  return { what, batch, value, unit: 'ms' };
}
