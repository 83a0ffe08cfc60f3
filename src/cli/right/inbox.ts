import { readAsked, readAskedFor, type AccessAsked } from '../../client/letters/accessRequests.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { keepRight } from '../../client/party/knownRights.ts';
import { applyRules } from '../../client/rules/applyRules.ts';
import { readRules } from '../../client/rules/changeRules.ts';
import { turnPastMandates } from '../../client/mandates/turnPastMandates.ts';
import { refreshPackets } from '../../client/epochs/refreshPackets.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { noteHomeContacts, takeNotedContacts } from '../contact/contactsOfDevices.ts';
import { describeMistake, mistakeForPrograms } from '../mistake/describeMistake.ts';
import { namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { appliedForPrograms, describeApplied } from '../rule/describeRules.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readSource } from '../record/readSource.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { pressingVitals } from '../../protocol/care/pressingVitals.ts';
import { describeOwnLife, vitalForPrograms } from '../vital/describeLife.ts';
import { describeRight } from './describeRight.ts';
import { calledAs } from '../program/calledAs.ts';
import type { ACCESS_ASKED, INBOX } from './rightAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { INBOX_TAKE } from './rightOptions.ts';

/**
 * Takes the letters that wait for the visitor, and shows what they brought and what is open; for a patient, the keys
 * that others wait for are sealed as well. Contacts go to the visitor's other devices, and come from them.
 */
export async function inbox(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof INBOX_TAKE>,
): Promise<AnswerOf<typeof INBOX>> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const given = options.file === undefined ? [] : [await readGrant(terminal, options.file)];
  for (const grant of given) await keepRight(party, grant);
  terminal.progress.stage('asking the nodes');
  await noteHomeContacts(visitor);
  const news = await checkInbox(party);
  const contacts = await takeNotedContacts(visitor);
  const rights = [...given, ...news.rights];
  const patient = key.role === 'patient';
  if (patient) {
    await turnPastMandates(party);
    await refreshPackets(party);
  }
  const hasRules = patient && (await readRules(party)).length > 0;
  const applied = hasRules ? await applyRules(party) : undefined;
  const open = patient ? await readAsked(party) : [];
  const asking = (await readAskedFor(party)).filter(({ answer }) => answer === undefined);
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  const now = seconds(party.clock);
  const mistakes = [...news.mistakes, ...news.mistakeAnswers];
  const own = patient ? (await readPatientState(party)).handle : undefined;
  const life = own && (await confirmFacts(party, { handle: own })).patient?.life;
  const pressing = pressingVitals(life, now);
  const lines = [
    ...(pressing.length === 0 ? [] : describeOwnLife(life, nameOf, now)),
    ...news.wills.map(({ handle, terms }) => {
      const days = Math.ceil(terms.lasts / 86_400);
      return `${nameOf(handle)} lets you read for ${days} days after their death, by a will that this device keeps.`;
    }),
    ...rights.map(
      ({ handle, terms }) => `On the chart of ${nameOf(handle)} you may ${describeRight(terms)}.`,
    ),
    ...news.answers.map(({ request, answer }) => {
      const { handle, terms } = request.message;
      return `${nameOf(handle)} ${answer} what you asked for: ${describeRight(terms)}.`;
    }),
    ...open.flatMap(({ digest, request }) => [
      `${short(digest)}  ${nameOf(request.party)} asks to ${describeRight(request.message.terms)}.`,
      `  ${calledAs(`approve ${digest.slice(0, 10)}`)}, or ${calledAs(`deny ${digest.slice(0, 10)}`)}, until ${describeMoment(request.message.deadline)}`,
    ]),
    ...news.withdrawals.map(
      ({ request }) =>
        `${nameOf(request.party)} withdrew the request to ${describeRight(request.message.terms)}.`,
    ),
    ...asking.map(
      ({ digest, request }) =>
        `${short(digest)}  ${nameOf(request.message.handle)} has not answered your request to ${describeRight(request.message.terms)}${request.message.deadline < now ? '; it lapsed' : ''}. Last day: ${describeMoment(request.message.deadline)}.`,
    ),
    ...mistakes.flatMap((each) => describeMistake(each, party.address, nameOf, now)),
    ...(news.orders + news.orderAnswers > 0
      ? [`New about orders: ${news.orders + news.orderAnswers}; see "${calledAs('order list')}".`]
      : []),
    ...(applied ? describeApplied(applied, names) : []),
    ...(contacts.length > 0
      ? [`Contacts from another device of yours: ${contacts.join(', ')}.`]
      : []),
    ...[...new Set(news.formerKeys)].map(
      (from) =>
        `A letter of ${nameOf(from)} is signed with a former key and is not shown: somebody may have stolen that key. Ask ${nameOf(from)} to write again.`,
    ),
    ...(news.discarded > 0 ? [`${news.discarded} letters were invalid, and were dropped.`] : []),
  ];
  return {
    value: {
      rights,
      answers: news.answers.map(told),
      requests: open.map(told),
      withdrawals: news.withdrawals.map(told),
      asking: asking.map(told),
      mistakes: mistakes.map(mistakeForPrograms),
      wills: news.wills.map(({ handle, terms: { lasts } }) => ({ handle, lasts })),
      life: pressing.flatMap((what) =>
        life && own ? vitalForPrograms(what, own, life[what]) : [],
      ),
      contacts,
      ...(applied && { rules: appliedForPrograms(applied, true) }),
      orders: news.orders,
      orderAnswers: news.orderAnswers,
      formerKeys: news.formerKeys,
      discarded: news.discarded,
    },
    lines: lines.length === 0 ? ['There are no new letters, and no open requests.'] : lines,
  };
}

function told({
  digest,
  request,
  answer,
  entry,
  answerEntry,
}: AccessAsked): Of<typeof ACCESS_ASKED> {
  const { handle, terms, deadline } = request.message;
  return {
    request: digest,
    from: request.party,
    handle,
    terms,
    deadline,
    ...(entry && { entry: signedFor(entry) }),
    ...(answer && { answer }),
    ...(answerEntry && { answerEntry: signedFor(answerEntry) }),
  };
}

/** The part of an entry that coordinators signed for: its index is what the letter's sender says. */
function signedFor({ log, entry }: Acknowledgement): Pick<Acknowledgement, 'log' | 'entry'> {
  return { log, entry };
}

async function readGrant(terminal: Terminal, file: string): Promise<Grant> {
  const { content } = await readSource(terminal, file);
  try {
    const grant: unknown = JSON.parse(bytesToUtf8(content as Uint8Array));
    if (isOfShape(messageShape('Grant'), grant)) return grant;
  } catch {
    // Content that is not JSON is refused below, like any other that is not a grant.
  }
  throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason: 'the file holds no grant' });
}
