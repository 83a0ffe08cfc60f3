import { option } from '../program/VerbOption.ts';

/** Options of `medseal gateway sensors`. */
export const GATEWAY_SENSORS = [
  option(
    '--config <file>',
    'read doors and spool from this file (docs/use/sensors.md)',
  ).makeOptionMandatory(),
];
