import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import {
  CLAIM_ANSWER,
  CLAIM_APPROVE,
  CLAIM_ASK,
  CLAIM_BILL,
  CLAIM_DENY,
  CLAIM_DISPUTE,
  CLAIM_SUBMIT,
} from './claimOptions.ts';

const ID = { claim: 'the claim, or the beginning of its id' };
const FILE = { file: 'the claimant’s file' };

/**
 * Adds the commands about claims: `claim …`.
 *
 * @param program - The command line.
 */
export function addClaimCommands(program: Command): void {
  const claim = addNoun(program, 'claim', 'claim payment of an insurer, and decide claims');
  addMaking(claim);
  addVerb(claim, {
    name: 'list',
    about: 'list your claims, and as an insurer those that you were asked to pay',
    shared: visitor(),
    notes: 'An insurer sees the claims of patients who let it read them, and of nobody else.',
    examples: ['claim list', 'claim list --as insurer --json'],
    interrupted: 'Letters may have been taken; what they brought is on this device.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIMS_LISTED,
    load: async () => (await import('./listClaimsVerb.ts')).listClaimsVerb,
  });
  addVerb(claim, {
    name: 'show <claim>',
    about: 'show a claim with its bill, once nothing of it was found to be altered',
    args: ID,
    shared: visitor(),
    notes: 'To read the records that it rests on becomes an entry each.',
    examples: ['claim show 0x3fa8'],
    interrupted: 'Records may have been read; the patient’s audit shows it.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_SHOWN,
    load: async () => (await import('./listClaimsVerb.ts')).showClaim,
  });
  addDeciding(claim);
  addDisputing(claim);
  addVerb(claim, {
    name: 'withdraw <claim>',
    about: 'take a claim of yours back that is not decided',
    args: ID,
    shared: [...visitor(), yes()],
    notes: 'It is safe to run twice.',
    examples: ['claim withdraw 0x3fa8'],
    interrupted: 'It may have been done. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_CHANGED,
    load: async () => (await import('./changeClaim.ts')).withdrawVerb,
  });
  addVerb(claim, {
    name: 'explain <claim>',
    about: 'put the explanation of a decided claim on the chart: asked for, paid and left',
    args: ID,
    shared: [...visitor(), yes()],
    notes: `The claimant writes it, as a FHIR ExplanationOfBenefit in category billing, once the insurer’s decision was compared with
the ledger. It is safe to run twice.`,
    examples: ['claim explain 0x3fa8'],
    interrupted: 'It may be on the chart. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_EXPLAINED,
    load: async () => (await import('./explainClaimVerb.ts')).explainClaimVerb,
  });
  addSettling(claim);
}

function addSettling(claim: Command): void {
  const settled = {
    args: ID,
    shared: visitor(),
    interrupted: 'It may have been done. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_CHANGED,
  };
  addVerb(claim, {
    ...settled,
    name: 'lapse <claim>',
    about: 'end the term of a claim that is over: pay what was held, or close it',
    notes: `Claimant, patient and insurer may each do it, and it is safe to run twice. The treatment can then be claimed again
with "claim submit --follows".`,
    examples: ['claim lapse 0x3fa8'],
    load: async () => (await import('./changeClaim.ts')).lapseVerb,
  });
}

function addMaking(claim: Command): void {
  addVerb(claim, {
    name: 'submit',
    about: 'claim payment for a treatment, or ask in advance',
    options: CLAIM_SUBMIT,
    shared: [...visitor(), yes()],
    notes: `Bill and claim go to the chart, sealed. On your own chart you let the insurer read exactly the records that it rests
on, and it goes to the ledger, with the bill that whoever treated signed. Another’s claim goes to a file, which the patient permits. If it is cut off, run it again.`,
    examples: [
      `claim submit --insurer novak --coverage ${EXAMPLE} --treatment ${EXAMPLE} --line "Consultation=120.00" --bill bill.json`,
      `claim submit -p anna --insurer novak --coverage ${EXAMPLE} --treatment ${EXAMPLE} --line "X-ray=80.00" --out claim.json`,
    ],
    interrupted: 'Bill and claim may be on the chart. Run it again: it is the same claim.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_SUBMITTED,
    load: async () => (await import('./submitClaimVerb.ts')).submitVerb,
  });
  addVerb(claim, {
    name: 'bill',
    about: 'sign what a treatment of yours costs, for others who claim it',
    options: CLAIM_BILL,
    shared: [...visitor(), yes()],
    notes: `Give the file to the patient, who claims with "claim submit --bill". No insurer is shown another total: a higher one
needs the patient’s signature too.`,
    examples: [`claim bill -p anna --treatment ${EXAMPLE} --total 120.00 --out bill.json`],
    interrupted: 'The file may be written. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).BILL_SIGNED,
    load: async () => (await import('./signBillVerb.ts')).signBillVerb,
  });
  addVerb(claim, {
    name: 'permit <file>',
    about: 'let the insurer of a claim read the records that it rests on, as the patient',
    args: FILE,
    shared: [...visitor(), yes()],
    notes: `The rights are to these records alone, for payment, and end by themselves. The file is one of "claim submit", or one
of "claim answer" with further records for an insurer that asked for more.`,
    examples: ['claim permit claim.json'],
    interrupted: 'Some rights may have been given. Run it again for the rest.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_PERMITTED,
    load: async () => (await import('./permitClaimVerb.ts')).permitClaimVerb,
  });
  addVerb(claim, {
    name: 'place <file>',
    about: 'put a claim, or an answer to its insurer, on the ledger once the patient permitted it',
    args: FILE,
    shared: [...visitor(), yes()],
    notes:
      'The file comes back from the patient, so it is shown before it is signed. It is safe to run twice.',
    examples: ['claim place claim.json'],
    interrupted: 'It may be on the ledger. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_SUBMITTED,
    load: async () => (await import('./placeClaimVerb.ts')).placeClaim,
  });
}

function addDeciding(claim: Command): void {
  for (const [name, about, options] of [
    ['approve', 'approve a claim in whole or part, which is paid after the term', CLAIM_APPROVE],
    ['deny', 'deny a claim', CLAIM_DENY],
    ['ask', 'ask the claimant for more', CLAIM_ASK],
  ] as const) {
    addVerb(claim, {
      name: `${name} <claim>`,
      about,
      args: ID,
      options,
      shared: [...visitor(), yes()],
      notes: `Bill and records are first compared with what was signed. The claimant is told in a letter. It is safe to run
twice.`,
      examples: [`claim ${name} 0x3fa8`],
      interrupted: 'It may have been done. Run it again.',
      gives: async () => (await import('./claimAnswers.ts')).CLAIM_CHANGED,
      load: async () => (await import('./changeClaim.ts'))[`${name}Verb`],
    });
  }
}

function addDisputing(claim: Command): void {
  const changed = {
    args: ID,
    shared: [...visitor(), yes()],
    notes: 'It is safe to run twice.',
    interrupted: 'It may have been done. Run it again.',
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_CHANGED,
  };
  addVerb(claim, {
    ...changed,
    name: 'answer <claim>',
    about: 'give the insurer further records that it asked for',
    options: CLAIM_ANSWER,
    notes: `A patient answers at once. Whoever claims for a patient writes a file, which the patient permits with "claim permit",
and sends it with "claim place". It is safe to run twice.`,
    examples: [
      `claim answer 0x3fa8 --rests ${EXAMPLE}`,
      `claim answer 0x3fa8 --rests ${EXAMPLE} --out answer.json`,
    ],
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_ANSWERED,
    load: async () => (await import('./answerClaimVerb.ts')).answerVerb,
  });
  addVerb(claim, {
    ...changed,
    name: 'dispute <claim>',
    about: 'have a claim that was decided judged by verifiers who are drawn, or appeal',
    options: CLAIM_DISPUTE,
    notes: `The payment stays held. The other side opens its lot with "claim draw", and loses if it does not in the term. Then run
"claim draw" yourself: the drawn verifiers get bill, claim and entries in sealed letters. The other records stay with the
patient. It is safe to run twice.`,
    examples: [
      'claim dispute 0x3fa8 --words "treated as billed"',
      'claim dispute 0x3fa8 --words "treated as billed" --appeal',
    ],
    load: async () => (await import('./changeClaim.ts')).disputeVerb,
  });
  addVerb(claim, {
    ...changed,
    shared: visitor(),
    name: 'draw <claim>',
    about:
      'open your lot of a disputed claim, or send the evidence to the verifiers that were drawn',
    notes: `A side that does not open its lot in the term loses the dispute. It is safe to run twice.`,
    examples: ['claim draw 0x3fa8'],
    load: async () => (await import('./changeClaim.ts')).drawVerb,
  });
  addVerb(claim, {
    ...changed,
    name: 'judge <claim>',
    about: 'judge a disputed claim, as a verifier that was drawn: Safe or Not safe',
    notes: `Every hash and signature of the logs concerned is computed again. Run twice, it shows the judgement that was made.`,
    examples: ['claim judge 0x3fa8'],
    gives: async () => (await import('./claimAnswers.ts')).CLAIM_JUDGED,
    load: async () => (await import('./judgeClaimVerb.ts')).judgeVerb,
  });
}

const EXAMPLE = `0x${'3f'.repeat(32)}`;
