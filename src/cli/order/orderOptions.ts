import { InvalidArgumentError } from 'commander';
import type { FormValues } from '../../fhir/forms/FormField.ts';
import { collects } from '../program/oncePerOption.ts';
import { option } from '../program/VerbOption.ts';

const PATIENT = option(
  '-p, --patient <who>',
  'the patient, if this device does not know of the order: a contact, card, file or handle',
);

const DESPITE = option(
  '--despite-unread',
  'go on although records that may belong to the order cannot be read, and name them',
);

/** Options of `medseal order list`. */
export const ORDER_LIST = [
  option('--everywhere', 'look on every chart that you may read; each look is a view'),
];

const FIELDS = ['value', 'unit', 'low', 'high', 'interpretation'] as const;

/** Takes one result; if the option is repeated, they add up. */
const result = collects((text: string, before: readonly FormValues[] = []) => {
  const at = text.indexOf('=');
  const values = text.slice(at + 1).split(';');
  if (at < 1 || values.length > FIELDS.length) {
    throw new InvalidArgumentError(
      'It must be <test>=<value>[;unit[;low[;high[;interpretation]]]].',
    );
  }
  const given = values.map((value, place) => [FIELDS[place] ?? '', value] as const);
  return [...before, { test: text.slice(0, at), ...Object.fromEntries(given) }];
});

/** Options of `medseal order answer`. */
export const ORDER_ANSWER = [
  PATIENT,
  option(
    '-r, --result <result>',
    'a result: test=value, then unit, low, high and interpretation after semicolons, such as "Haemoglobin=13.4;g/dL;12;16"; repeatable',
  ).argParser(result),
  option('--taken <moment>', 'when the sample was taken, such as 2026-03-14T09:30'),
  option('--preliminary', 'say that more will follow'),
  option('--conclusion <text>', 'what the results mean'),
  option('--no-access', 'only tell whoever ordered that you have no access to the chart'),
  DESPITE,
];

/** Options of `medseal order sign-off`. */
export const ORDER_SIGN_OFF = [PATIENT, DESPITE];

/** Options of `medseal order withdraw`. */
export const ORDER_WITHDRAW = [PATIENT];
