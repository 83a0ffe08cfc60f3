import { InvalidArgumentError } from 'commander';
import { data } from '../node/nodeOptions.ts';
import { parseSum } from '../program/parseSum.ts';
import { url } from '../program/sharedOptions.ts';
import { option } from '../program/VerbOption.ts';

function units(text: string): number {
  const amount = parseSum(text);
  if (amount > 0) return amount;
  throw new InvalidArgumentError('It must be 0.01 or more.');
}

const AT = option(
  '--at <organisation>',
  'the organisation of the authority that owes the units',
).makeOptionMandatory();

const CLAIM = option('--claim <claim>', 'the account that this claim paid to you');

const AMOUNT = option('--amount <sum>', 'this much, such as 12.50')
  .argParser(units)
  .makeOptionMandatory();

/** Options of `medseal unit issue`. */
export const UNIT_ISSUE = [
  data(),
  AMOUNT,
  AT,
  option('--again', 'issue the same amount to the same account once more'),
  url(),
];

/** Options of `medseal unit redeem`. */
export const UNIT_REDEEM = [
  AMOUNT,
  AT,
  option('--out <file>', 'write the signed redemption to this file').makeOptionMandatory(),
  CLAIM,
];
