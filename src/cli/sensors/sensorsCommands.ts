import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { SENSORS_SIMULATE } from './sensorsOptions.ts';

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
    options: SENSORS_SIMULATE,
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
