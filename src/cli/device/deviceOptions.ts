import { CATEGORIES, ORDINARY_CATEGORIES } from '../../protocol/vocabulary.ts';
import { moment } from '../program/duration.ts';
import { countOrNone, someOf } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options of `medseal device bind`. */
export const DEVICE_BIND = [
  option(
    '--gateway <who>',
    'who brings its readings: a contact, card, file or address',
  ).makeOptionMandatory(),
  option(
    '-c, --category <names>',
    `put its readings in these categories, separated by commas: ${CATEGORIES.join(', ')}`,
  )
    .argParser(someOf(CATEGORIES, ORDINARY_CATEGORIES))
    .default(['vitals'], 'vitals'),
  option('-u, --until <when>', 'end the right then: 12h, 30d, 2026-12-31, or a date and time')
    .argParser(moment)
    .makeOptionMandatory(),
  option(
    '--pin <file>',
    'also save what a device needs that seals its readings itself: your chart and the network',
  ),
];

/** Options of `medseal device list`. */
export const DEVICE_LIST = [
  option(
    '--follow',
    'also audit your chart: last batch, gaps, forks, late batches and refusals of each device',
  ),
  option(
    '--pin <file>',
    'also save what a device that seals its readings needs: the same for all of them',
  ),
];

/** Options of `medseal device prove`. */
export const DEVICE_PROVE = [
  option('--number <count>', 'its number since the start of the device, from 0')
    .argParser(countOrNone)
    .makeOptionMandatory(),
  option('--start <count>', 'start of the device (default: the latest)').argParser(countOrNone),
  option('--out <file>', 'write the proof to this file').makeOptionMandatory(),
];
