import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { ORDER_ANSWER, ORDER_LIST, ORDER_SIGN_OFF, ORDER_WITHDRAW } from './orderOptions.ts';

const ORDER = { order: 'record of the order, or the beginning of its id' };

/**
 * Adds the commands about orders: `order …`.
 *
 * @param program - The command line.
 */
export function addOrderCommands(program: Command): void {
  const order = addNoun(program, 'order', 'answer what doctors order; sign results off');
  addVerb(order, {
    name: 'list',
    about: 'list orders to you, and your own that wait for results or your sign-off',
    options: ORDER_LIST,
    shared: visitor(),
    notes: `Letters tell this device of orders; each is read on its chart, which the patient’s audit shows. With --everywhere
it also finds those of which no letter came, or another device took it. An order is put on a chart with
"record add --form order", which tells the laboratory that it names. Critical results stand first; until one was read here,
that it is critical is the word of the laboratory’s letter.`,
    examples: ['order list', 'order list --everywhere --json'],
    interrupted: 'Letters may have been taken; what they brought is on this device.',
    gives: async () => (await import('./orderAnswers.ts')).ORDERS_LISTED,
    load: async () => (await import('./listOrdersVerb.ts')).listOrdersVerb,
  });
  addVerb(order, {
    name: 'answer <order>',
    about: 'put the report of an order on its chart, as a laboratory',
    args: ORDER,
    options: ORDER_ANSWER,
    shared: [...visitor(), yes()],
    notes: `It takes a right to read procedures, and to add reports and laboratory results. Without an interpretation (N, L, H,
LL, HH, A, AA) the range says it; LL, HH and AA are critical, and stand first in the doctor’s list. If it is cut off, run it
again with the same values: nothing is added twice, and whoever ordered is told again. If a record of yours that may be
an answer cannot be read, --despite-unread goes on: it could be your second report.`,
    examples: [
      'order answer 0x3fa8 --taken 2026-03-14T09:30 --result "HbA1c=6.7;%;4;5.6" --conclusion "Better than in spring."',
      'order answer 0x3fa8 --taken 2026-03-14T09:30 --result "Potassium=7.1;mmol/L;3.5;5.1;HH" --preliminary --yes',
      'order answer 0x3fa8 --no-access',
    ],
    interrupted: 'The report may be on the chart. Run it again with the same values.',
    gives: async () => (await import('./orderAnswers.ts')).ORDER_ANSWERED,
    load: async () => (await import('./answerOrderVerb.ts')).answerOrderVerb,
  });
  addVerb(order, {
    name: 'sign-off <order>',
    about: 'sign off the results of an order of yours',
    args: ORDER,
    options: ORDER_SIGN_OFF,
    shared: [...visitor(), yes()],
    notes: `You see the results before you sign. A record beside the order says which reports you saw, in which version; one that is
corrected later waits again. A record that may belong to the order and cannot be read stops it; with --despite-unread your
sign-off names that record, and it waits once it can be read.`,
    examples: ['order sign-off 0x3fa8'],
    interrupted: 'It may be on the chart. Run it again: nothing is signed off twice.',
    gives: async () => (await import('./orderAnswers.ts')).ORDER_SIGNED_OFF,
    load: async () => (await import('./signOffVerb.ts')).signOffVerb,
  });
  addVerb(order, {
    name: 'withdraw <order>',
    about: 'withdraw an order of yours that has no final report',
    args: ORDER,
    options: ORDER_WITHDRAW,
    shared: [...visitor(), yes()],
    notes: `It takes a right to correct procedures. The next version of the order on the chart is empty, and it takes no answer; its
older versions stay in its history. The laboratory sees that on the chart.`,
    examples: ['order withdraw 0x3fa8'],
    interrupted: 'It may be withdrawn. Run it again: nothing is withdrawn twice.',
    gives: async () => (await import('./orderAnswers.ts')).ORDER_WITHDRAWN,
    load: async () => (await import('./withdrawOrderVerb.ts')).withdrawOrderVerb,
  });
}
