import { moment } from '../program/duration.ts';
import { count, decimal } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** The kinds of `SENSOR_KINDS`, which is loaded only when it is needed. */
const KINDS = ['wearable', 'ecg', 'bed'] as const;

/** Options of `medseal sensors simulate`. */
export const SENSORS_SIMULATE = [
  option(
    '--door <url>',
    'send to this broker or door: mqtt://, mqtts://, http:// or https://',
  ).makeOptionMandatory(),
  option('--ca <file>', 'take this authority for the certificate of an mqtts:// door'),
  option('--cert <file>', 'show this certificate there, for all of the devices'),
  option('--key-file <file>', 'sign in there with the key of that certificate'),
  option('--devices <count>', 'run so many devices').argParser(count).default(1),
  option(
    '--kind <kind>',
    'wearable: pulse, oxygen, temperature; ecg: a lead at 500 Hz; bed: that and pressures',
  )
    .choices(KINDS)
    .default('wearable'),
  option(
    '--seconds <count>',
    'measure for so long; a batch has ten seconds (default: 60, or the whole file)',
  ).argParser(count),
  option(
    '--file <file>',
    'with --kind ecg: measure what this file holds, samples of 16 bits or .npy',
  ),
  option('--rate <count>', 'with --file: samples of a second').argParser(count),
  option('--factor <number>', 'with --file: millivolts of one step')
    .argParser(decimal)
    .default(0.005),
  option('--origin <number>', 'with --file: millivolts of a sample that is 0')
    .argParser(decimal)
    .default(0),
  option('--label <text>', 'make the same devices for the same label (default: new ones)'),
  option(
    '--gateway <who>',
    'bind the devices to your chart first: a contact, card, file or address',
  ),
  option('-u, --until <when>', 'end the rights then, with --gateway')
    .argParser(moment)
    .default({ inSeconds: 86_400 }, '1d'),
  option('--seal', 'seal the readings on the devices, to your chart, with --gateway'),
  option(
    '--pin <file>',
    'seal them to the chart of this file, from "device bind --pin" or the portal',
  ),
];
