import { option } from '../program/VerbOption.ts';

/** Options of `medseal import`. */
export const IMPORT = [
  option(
    '--from <network-file>',
    'the network file of the network that the archive comes from, from somebody whom you trust',
  ).makeOptionMandatory(),
  option('--from-successors <file>', 'follow these successors of that network file'),
  option('--another-patient', 'add it even if its name or birth date differ from the chart’s'),
];
