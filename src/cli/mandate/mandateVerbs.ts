import { basename, extname } from 'node:path';
import { endMandate, resignMandate } from '../../client/mandates/endMandate.ts';
import { giveMandate } from '../../client/mandates/giveMandate.ts';
import { listMandates, type MandateListed } from '../../client/mandates/listMandates.ts';
import { parseMandateOffer } from '../../client/mandates/MandateOffer.ts';
import { keepOffered } from '../../client/mandates/offeredHere.ts';
import { offerMandate } from '../../client/mandates/offerMandate.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import { hasPower } from '../../protocol/rights/judgeMandate.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import { untilOf } from '../right/grant.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { MANDATE_OFFERED, MANDATE_PLACED, MANDATES_LISTED } from './mandateAnswers.ts';
import type { MANDATE_OFFER } from './mandateOptions.ts';

/**
 * Offers to act for a patient.
 *
 * @throws MedsealError what `offerMandate` throws.
 */
export async function offerVerb(
  terminal: Terminal,
  who: string,
  options: VisitorOptions & OptionsOf<typeof MANDATE_OFFER>,
): Promise<AnswerOf<typeof MANDATE_OFFERED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const { reason, audit = false, appoint = false, out } = options;
  const until = untilOf(visitor, options.until);
  const offer = await offerMandate(party, { handle, reason, until, audit, appoint });
  const { mandate } = offer;
  await confirmSigning(terminal, visitor, [
    `  to act for ${name}, ${termsOf(mandate)}`,
    '',
    'It changes nothing until the patient gives it.',
  ]);
  // A card's file is named after whose it is.
  await keepOffered(party, { mandate, name: basename(who, extname(who)) });
  await writeFileWhole(out, `${JSON.stringify(offer, undefined, 2)}\n`, '--out');
  return {
    value: { handle, mandate: digestOf(party, 'Mandate', mandate), until, file: out },
    lines: [
      `The offer is in ${out}. The patient has 7 days.`,
      `Next: the patient runs ${calledAs(`mandate give ${out}`)}`,
    ],
  };
}

/**
 * Gives a mandate.
 *
 * @throws MedsealError what `giveMandate` throws.
 */
export async function giveVerb(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof MANDATE_PLACED>> {
  const visitor = await openVisitor(terminal, options);
  const offer = parseMandateOffer(await readGivenText(file, { most: 16_384 }));
  const { mandate } = offer;
  const { representative } = mandate.terms;
  const name = (await namesOf(visitor)).get(representative) ?? short(representative);
  await confirmSigning(terminal, visitor, [
    `  ${name} acts for me, ${termsOf(mandate)}`,
    '',
    'They can read the whole chart, and give and end rights. After the end they keep copies of what they opened.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const placed = await giveMandate(visitor.party, offer);
  return { value: placed, lines: [`${name} acts for you, in block ${placed.block}.`] };
}

/** Lists the mandates on the visitor's chart. */
export async function listVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof MANDATES_LISTED>> {
  const visitor = await openVisitor(terminal, options);
  terminal.progress.stage('asking the coordinators');
  const { handle } = await readPatientState(visitor.party);
  const listed = await listMandates(visitor.party);
  const names = await namesOf(visitor);
  const nameOf = ({ opening }: MandateListed): string => {
    if (opening === undefined) return 'a key that no device of yours knows';
    return names.get(opening.terms.representative) ?? short(opening.terms.representative);
  };
  return {
    value: {
      handle,
      mandates: listed.map(({ mandate, state, until, opening }) => ({
        mandate,
        state,
        until: opening?.terms.until ?? until,
        ...(opening && {
          representative: opening.terms.representative,
          reason: opening.terms.reason,
        }),
      })),
    },
    lines:
      listed.length === 0
        ? ['Nobody acts for you.']
        : listed.map((each) => {
            const terms = each.opening && termsOf(each.opening);
            return `${short(each.mandate)}  ${each.state}  ${nameOf(each)}${terms ? `, ${terms}` : ''}`;
          }),
  };
}

/**
 * Ends a mandate on the visitor's chart.
 *
 * @throws MedsealError what `endMandate` throws; `ARGUMENT_INVALID` unless one mandate begins so.
 */
export async function endVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof MANDATE_PLACED>> {
  const visitor = await openVisitor(terminal, options);
  const { mandate } = await mandateNamed(visitor, id);
  await confirmSigning(terminal, visitor, [
    `  the mandate ${short(mandate)} ends`,
    '',
    'Your keys turn. Whoever acted keeps copies of what they opened.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const place = await endMandate(visitor.party, mandate);
  return { value: { mandate, ...place }, lines: [`It ended in block ${place.block}.`] };
}

/**
 * Lays down the mandate by which the visitor acts.
 *
 * @throws MedsealError what `resignMandate` throws.
 */
export async function resignVerb(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof MANDATE_PLACED>> {
  const visitor = await openVisitor(terminal, options);
  const { acting } = visitor.party;
  if (acting === undefined) {
    const reason = 'name the patient that you act for no longer';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--acting-for', reason });
  }
  await confirmSigning(terminal, visitor, [`  the mandate ${short(acting.digest)} ends`]);
  terminal.progress.stage('waiting for the ledger');
  const place = await resignMandate(visitor.party);
  return {
    value: { mandate: acting.digest, ...place },
    lines: [`It ended in block ${place.block}.`],
  };
}

async function mandateNamed({ party }: Visitor, id: string): Promise<MandateListed> {
  const found = (await listMandates(party)).filter(({ mandate }) => {
    return mandate.startsWith(id.toLowerCase());
  });
  const [only, other] = found;
  if (only !== undefined && other === undefined && id.length >= 6) return only;
  const reason = 'give the beginning of one mandate’s id; "medseal mandate list" lists them';
  throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
}

function termsOf({ terms, powers }: Mandate): string {
  const end = new Date(terms.until * 1000).toISOString().slice(0, 10);
  const more = [
    ...(terms.audit ? ['sees who saw what'] : []),
    ...(hasPower({ powers }, 'appoint') ? ['lets others act'] : []),
  ];
  const also = more.length === 0 ? '' : `; also ${more.join(', and ')}`;
  return `until ${end} (${terms.reason})${also}`;
}
