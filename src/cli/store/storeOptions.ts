import { data } from '../node/nodeOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options of `medseal store migrate`. */
export const STORE_MIGRATE = [
  data(),
  option(
    '--to <place>',
    'copy to this place: folder, or postgres://user@host/database',
  ).makeOptionMandatory(),
  option(
    '--password <file>',
    'read the password of the server from this file (default: database.password of the configuration)',
  ),
];
