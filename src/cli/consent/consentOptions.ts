import { moment } from '../program/duration.ts';
import { collect } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

/** Options of `medseal consent import`. */
export const CONSENT_IMPORT = [
  option(
    '--actor <reference=who>',
    'this reference, or system|value of an identifier, is that contact; repeatable',
  ).argParser(collect),
  option(
    '--for <who>',
    'where it permits something to everybody, give it to that contact alone; repeatable',
  ).argParser(collect),
  option(
    '--patient <reference>',
    'this reference means you, such as Patient/f001; repeatable',
  ).argParser(collect),
  option(
    '-u, --until <when>',
    'end rights that the Consent lets hold longer, or for ever, then',
  ).argParser(moment),
];
