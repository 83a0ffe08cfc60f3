import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addVerb } from '../program/verb.ts';
import { calledAs } from '../program/calledAs.ts';
import {
  RIGHT_APPROVE,
  RIGHT_GRANT,
  RIGHT_LIST,
  INBOX_TAKE,
  RIGHT_REQUEST,
} from './rightOptions.ts';

/**
 * Adds the commands for rights: `grant`, `grants`, `revoke`, and those for asking for them.
 *
 * @param program - The command line.
 */
export function addRightCommands(program: Command): void {
  addVerb(program, {
    name: 'grant <who>',
    about: 'let someone read, add to or amend your chart, for a purpose, until a date',
    args: { who: 'a contact, card, file or address' },
    options: RIGHT_GRANT,
    shared: [...visitor(), yes()],
    notes: `Give either --category or --record. Only a right that names "sensitive" covers records that are labelled as
sensitive. Some categories tell more than their name: you see that before you sign. A right ends on its date or with
"${calledAs('revoke')}". It cannot make anyone forget what they have read.`,
    examples: [
      'grant dr-house --category laboratory,vitals --until 30d',
      'grant dr-house --category all --action read,add,amend --until 2026-12-31',
      'grant dr-house --category all,sensitive --until 7d',
      'grant dr-house --record 0x3fa8 --until 2h --yes',
    ],
    interrupted: 'The right may have been given: "grants" shows it then.',
    gives: async () => (await import('./rightAnswers.ts')).GRANT_GIVEN,
    load: async () => (await import('./grant.ts')).grant,
  });
  addVerb(program, {
    name: 'grants',
    about: 'list who may see which parts of your chart, for what, until when',
    options: RIGHT_LIST,
    shared: visitor(),
    examples: ['grants', 'grants --record 0x3fa8'],
    gives: async () => (await import('./rightAnswers.ts')).GRANTS_LISTED,
    load: async () => (await import('./listRights.ts')).listRights,
  });
  addVerb(program, {
    name: 'revoke <grant...>',
    about: 'end rights that you gave, and replace your keys at once',
    args: { grant: 'the grant, or the beginning of its id; or a contact, for all of its rights' },
    shared: [...visitor(), yes()],
    examples: ['revoke 0x9c41', 'revoke dr-house --yes'],
    interrupted:
      'Some of the rights may have ended: "grants" shows which. Run it again for the rest.',
    gives: async () => (await import('./rightAnswers.ts')).GRANTS_REVOKED,
    load: async () => (await import('./revoke.ts')).revoke,
  });
  addVerb(program, {
    name: 'request <patient>',
    about: 'ask a patient for a right; only the patient can read the request',
    args: { patient: 'a contact, card, file or handle' },
    options: RIGHT_REQUEST,
    shared: [...visitor(), yes()],
    notes: `The answer comes by letter: "${calledAs('inbox')}" shows it.`,
    examples: [
      'request anna --category laboratory --purpose HRESCH --until 1y',
      'request anna --category all --action read,add --yes',
    ],
    interrupted: 'The request may have been sent.',
    gives: async () => (await import('./rightAnswers.ts')).ACCESS_REQUESTED,
    load: async () => (await import('./request.ts')).request,
  });
  addVerb(program, {
    name: 'inbox',
    about: 'fetch your letters: rights that others gave you, requests, reports, answers',
    options: INBOX_TAKE,
    shared: visitor(),
    notes: `It also finds rights whose letters another device of yours took, and tells your devices each other’s contacts
and open requests. For a patient it also seals the keys that others wait for.`,
    examples: ['inbox', 'inbox --file grant.json'],
    interrupted: 'Letters may have been taken; what they brought is on this device.',
    gives: async () => (await import('./rightAnswers.ts')).INBOX,
    load: async () => (await import('./inbox.ts')).inbox,
  });
  addVerb(program, {
    name: 'approve <request>',
    about: 'grant what someone asked you for',
    args: REQUEST,
    options: RIGHT_APPROVE,
    shared: [...visitor(), yes()],
    examples: ['approve 0x7be2', 'approve 0x7be2 --until 7d --yes'],
    interrupted: 'The right may have been given: "grants" shows it then.',
    gives: async () => (await import('./rightAnswers.ts')).REQUEST_APPROVED,
    load: async () => (await import('./answer.ts')).approveRequest,
  });
  addVerb(program, {
    name: 'deny <request>',
    about: 'decline what someone asked you for',
    args: REQUEST,
    shared: [...visitor(), yes()],
    examples: ['deny 0x7be2', 'deny 0x7be2 --yes'],
    interrupted: 'The answer may have been sent: "inbox" lists the requests that are still open.',
    gives: async () => (await import('./rightAnswers.ts')).REQUEST_DENIED,
    load: async () => (await import('./answer.ts')).deny,
  });
  addVerb(program, {
    name: 'withdraw <request>',
    about: 'withdraw what you asked for, before it is answered',
    args: REQUEST,
    shared: [...visitor(), yes()],
    notes:
      'The patient is told and cannot approve it any more. The log still shows that you asked.',
    examples: ['withdraw 0x7be2', 'withdraw 0x7be2 --yes'],
    interrupted: 'The letter may have been sent. Run it again: that is safe.',
    gives: async () => (await import('./rightAnswers.ts')).REQUEST_DENIED,
    load: async () => (await import('./answer.ts')).withdraw,
  });
}

const REQUEST = { request: 'the request, or the beginning of its id' };
