import type { Command } from 'commander';
import { data } from '../node/nodeOptions.ts';
import { passphraseFile, url, visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { UNIT_ISSUE, UNIT_REDEEM } from './unitOptions.ts';

/**
 * Adds the commands about the units that claims are paid in: `unit …`.
 *
 * @param program - The command line.
 */
export function addUnitCommands(program: Command): void {
  const unit = addNoun(program, 'unit', 'issue, redeem and show the units that claims are paid in');
  addVerb(unit, {
    name: 'issue <account>',
    about: 'issue units for money that an organisation of the authority holds',
    args: { account: 'the address, or a file with a card' },
    options: UNIT_ISSUE,
    shared: [passphraseFile(), yes()],
    notes: `Operators run it on the node’s machine: it signs with the key of the organisation’s member of the authority. The
organisation owes the units until it takes them back. It is safe to run twice: the same amount goes to an account once, unless
you add --again.`,
    examples: ['unit issue insurer.card.json --amount 50000.00 --at insurer --data insurer'],
    interrupted: 'The units may have been issued. Run it again: it goes on with the same issue.',
    gives: async () => (await import('./unitAnswers.ts')).UNITS_PLACED,
    load: async () => (await import('./issueUnitsVerb.ts')).issueUnitsVerb,
  });
  addVerb(unit, {
    name: 'redeem',
    about: 'sign that units of yours go back to an organisation for money',
    options: UNIT_REDEEM,
    shared: [...visitor(), yes()],
    notes: `Give the file to the organisation. It pays, and takes the units back with "unit accept" within seven days. Nothing
is sent before. Each claim pays to an account of its own: name the claim.`,
    examples: [
      'unit redeem --amount 40.00 --at insurer --out redemption.json',
      'unit redeem --claim 0x1a2b --amount 40.00 --at insurer --out redemption.json',
    ],
    interrupted: 'The file may be written. Run it again.',
    gives: async () => (await import('./unitAnswers.ts')).REDEMPTION_SIGNED,
    load: async () => (await import('./redeemUnitsVerb.ts')).redeemUnitsVerb,
  });
  addVerb(unit, {
    name: 'accept <file>',
    about: 'take units back that were paid for, as the organisation that owes them',
    args: { file: 'the redemption that the holder signed' },
    options: [data(), url()],
    shared: [passphraseFile(), yes()],
    notes: `Operators run it on the node’s machine, after the money was paid. It shows whose units they are, and asks: look before you
pay.`,
    examples: ['unit accept redemption.json --data insurer'],
    interrupted: 'The units may have been taken back. Run it again: they go back once.',
    gives: async () => (await import('./unitAnswers.ts')).UNITS_PLACED,
    load: async () => (await import('./redeemUnitsVerb.ts')).acceptRedemption,
  });
  addVerb(unit, {
    name: 'show [account]',
    about: 'show an account of units, those of your claims, and who owes the units of the network',
    args: { account: 'a contact, key, card, file or address (default: yourself)' },
    shared: visitor(),
    examples: ['unit show', 'unit show insurer'],
    gives: async () => (await import('./unitAnswers.ts')).UNITS_SHOWN,
    load: async () => (await import('./showUnits.ts')).showUnits,
  });
}
