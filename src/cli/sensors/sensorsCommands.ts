import type { Command } from 'commander';
import { moment } from '../program/duration.ts';
import { count, decimal, visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { option } from '../program/VerbOption.ts';

/** The kinds of `SENSOR_KINDS`, which is loaded only when it is needed. */
const KINDS = ['wearable', 'ecg', 'bed'] as const;

/**
 * Adds the commands about sensors that are simulated: `sensors …`.
 *
 * @param program - The command line.
 */
export function addSensorsCommands(program: Command): void {
  const sensors = addNoun(program, 'sensors', 'simulate devices that sign readings');
  addVerb(sensors, {
    name: 'simulate',
    about: 'run devices of invented people before a gateway, as real devices would',
    options: [
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
    ],
    shared: [...visitor(), yes()],
    notes: `The readings are invented, and the devices say so as their model: give them a chart of a demonstration. Anyone who
knows the label can sign as its devices. Without --gateway they wait until somebody binds them, by the codes that are
shown; rights of before that stand are used again. Each device forgets a batch only once the gateway stored it, and
stops when it is refused for good. A device that seals its readings forgets one only once it is on the chart. A file’s samples come
out of "readings export --format raw" as they went in. Ctrl-C stops it. Exit code: 1 if a batch was refused or lost.`,
    examples: [
      'sensors simulate --door mqtt://127.0.0.1:1883 --kind ecg --file lead.npy --rate 360 --origin -5.12',
      'sensors simulate --door mqtt://127.0.0.1:1883 --gateway ward --devices 3 --yes',
      'sensors simulate --door mqtt://127.0.0.1:1883 --gateway ward --seal --yes',
      'sensors simulate --door http://127.0.0.1:8790 --kind ecg --seconds 30 --label demo',
    ],
    interrupted:
      'Devices may be bound, and batches that were stored go on charts: "device list" shows them.',
    runsOn: true,
    gives: async () => (await import('./sensorsAnswers.ts')).SENSORS_SIMULATED,
    load: async () => (await import('./simulateSensorsVerb.ts')).simulateSensorsVerb,
  });
}
