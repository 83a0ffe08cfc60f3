import type { Reading } from '../../protocol/sensors/Reading.ts';

/** Kinds of devices that can be simulated. */
export const SENSOR_KINDS = ['wearable', 'ecg', 'bed'] as const;
/** `wearable`: pulse, oxygen, temperature each second; `ecg`: lead II at 500 Hz; `bed`: that and arterial pressures. */
export type SensorKind = (typeof SENSOR_KINDS)[number];

const [PULSE, OXYGEN, TEMPERATURE, LEAD_II] = [149_530, 150_456, 150_364, 131_330];
const [SYSTOLIC, DIASTOLIC, MEAN] = [150_033, 150_034, 150_035];
/** Milliseconds between two samples of a curve. */
const PERIOD = 2;
/** Millivolts of one step. */
const FACTOR = 0.005;
/** Waves of a heartbeat from P to T: moment and width as shares of the beat, and height in millivolts. */
const WAVES = [
  { moment: 0.2, width: 0.025, height: 0.12 },
  { moment: 0.36, width: 0.01, height: -0.12 },
  { moment: 0.39, width: 0.012, height: 1.1 },
  { moment: 0.42, width: 0.011, height: -0.22 },
  { moment: 0.66, width: 0.045, height: 0.3 },
];

/**
 * Makes the signals of one invented person, a model that follows from its seed alone: the same seconds give the same
 * values. They are plausible, and no measurement of anybody.
 *
 * @param kind - Kind of device.
 * @param seed - At least 8 bytes.
 * @returns Function from a second since the start, and its Unix milliseconds, to the readings of that second.
 */
export function createSignals(
  kind: SensorKind,
  seed: Uint8Array,
): (second: number, at: number) => readonly Reading[] {
  const [a, b, c, d] = [...seed.subarray(0, 4)].map((byte) => byte / 256) as [
    number,
    number,
    number,
    number,
  ];
  const noise = noiseOf(new DataView(seed.buffer, seed.byteOffset).getInt32(4));
  const rest = 56 + 36 * a;
  const rate = (second: number): number => rest + 4 * wave(second, 61, b);
  // The integral of the rate, so that the curve beats as fast as the pulse says.
  const beats = (second: number): number =>
    (rest * second - ((4 * 61) / (2 * Math.PI)) * wave(second, 61, b + 0.25)) / 60;
  const vital = (second: number, at: number): readonly Reading[] => [
    number(at, PULSE, rate(second) + noise(3 * second)),
    number(at, OXYGEN, 95.5 + 3 * c + 0.7 * noise(3 * second + 1)),
    number(at, TEMPERATURE, 36.3 + 0.9 * d + 0.1 * wave(second, 900, c), 1),
  ];
  const lead = (second: number, at: number): Reading => {
    const data = Array.from({ length: 1000 / PERIOD }, (_, place) => {
      const moment = second + (place * PERIOD) / 1000;
      const beat = beats(moment) - Math.floor(beats(moment));
      let height = 0.05 * wave(moment, 4, d) + 0.01 * noise(second * 500 + place);
      for (const each of WAVES) {
        height += each.height * Math.exp(-(((beat - each.moment) / each.width) ** 2) / 2);
      }
      // Not `-0`, which JSON does not keep.
      return Math.round(height / FACTOR) + 0;
    });
    return { at, code: LEAD_II, period: PERIOD, factor: FACTOR, data };
  };
  const pressures = (second: number, at: number): readonly Reading[] => {
    const [high, low] = [110 + 30 * c + 5 * wave(second, 47, d), 65 + 15 * d];
    const upper = high + noise(2 * second);
    const lower = low + noise(2 * second + 1);
    return [
      number(at, SYSTOLIC, upper),
      number(at, DIASTOLIC, lower),
      number(at, MEAN, lower + (upper - lower) / 3),
    ];
  };
  if (kind === 'wearable') return vital;
  if (kind === 'ecg') return (second, at) => [lead(second, at)];
  return (second, at) => [lead(second, at), ...pressures(second, at)];
}

/** Noise from -1 to 1 that follows from seed and place: the last mixing of MurmurHash3. */
function noiseOf(seed: number): (place: number) => number {
  return (place) => {
    let mixed = seed ^ Math.imul(place, 0x9e_37_79_b1);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85_eb_ca_6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
}

function wave(second: number, period: number, turn: number): number {
  return Math.sin(2 * Math.PI * (second / period + turn));
}

function number(at: number, code: number, value: number, digits = 0): Reading {
  return { at, code, value: Number(value.toFixed(digits)) };
}
