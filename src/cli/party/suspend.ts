import { existsSync } from 'node:fs';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import type { Party } from '../../client/party/Party.ts';
import { signSuspension } from '../../client/rights/signSuspension.ts';
import { carrySuspension, draftSuspension } from '../../client/rights/suspendParty.ts';
import { parseSuspensionFile } from '../../client/rights/suspensionFile.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { readCard } from '../contact/findContact.ts';
import { describeMoment } from '../describeBody.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { openGuest, openMembers } from './openMembers.ts';
import type { PARTY_SUSPENDED } from './partyAnswers.ts';
import { writeSuspension } from './writeSuspension.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PARTY_SUSPEND } from './partyOptions.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';

/** Time for which a file may go from member to member, seconds. */
const ROUND = 7 * 24 * 3600;

type SuspendOptions = PassphraseOptions & OptionsOf<typeof PARTY_SUSPEND>;

/** Suspends a party in the name of the authority. */
export async function suspendVerb(
  terminal: Terminal,
  who: string,
  options: SuspendOptions,
): Promise<AnswerOf<typeof PARTY_SUSPENDED>> {
  return await change(terminal, who, true, options);
}

/** Lifts the suspension of a party. */
export async function resume(
  terminal: Terminal,
  who: string,
  options: SuspendOptions,
): Promise<AnswerOf<typeof PARTY_SUSPENDED>> {
  return await change(terminal, who, false, options);
}

async function change(
  terminal: Terminal,
  who: string,
  suspended: boolean,
  options: SuspendOptions,
): Promise<AnswerOf<typeof PARTY_SUSPENDED>> {
  const at = await openGuest(options);
  const party = await addressOf(at, who);
  const { party: facts } = await confirmFacts(at, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const done = suspended ? 'suspended' : 'no longer suspended';
  if (facts.suspended === suspended) {
    const value = { party, suspended, already: true };
    return { value, lines: [`${party} is already ${done}.`] };
  }
  const before =
    options.file && existsSync(options.file)
      ? parseSuspensionFile(
          at,
          await readGivenText(options.file),
          { party, suspended, change: facts.standing + 1 },
          options.file,
        )
      : undefined;
  const members = await openMembers(terminal, at, options);
  const within = options.file === undefined ? undefined : ROUND;
  const message =
    before?.signed.message ??
    (await draftSuspension(at, { party, suspended, ...(within && { within }) }));
  const signed = { message, signatures: before?.signed.signatures ?? [] };
  const by = [
    ...new Set([...(before?.signedBy ?? []), ...members.map(({ organisation }) => organisation)]),
  ];
  const { threshold } = at.network.authority;
  if (by.length < threshold && options.file === undefined) {
    const reason = `${threshold} members must sign, and this folder has the keys of ${members.length}; name a file that collects the signatures`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--file', reason });
  }
  await terminal.confirm([
    `The authority’s members of ${members.map(({ organisation }) => organisation).join(', ')} are about to sign that`,
    '',
    `  ${party}, a ${facts.role} of ${facts.organisation},`,
    `  is ${done} from now on`,
    ...(options.file === undefined
      ? []
      : [`  (the signatures are good until ${describeMoment(message.deadline)})`]),
    '',
    suspended
      ? 'All its requests are refused then, and every chart that it could read gets new keys.'
      : 'Those of its rights that have not ended hold again.',
  ]);
  const round = signSuspension(at, signed, members);
  const { missing } = round;
  if (missing > 0) {
    await writeSuspension(options.file ?? '', round.signed);
    return {
      value: {
        party,
        suspended,
        signedBy: by,
        missing,
        ...(options.file && { file: options.file }),
      },
      lines: [
        `Signed by ${by.join(', ')}. Next: ${missing} more must sign until ${describeMoment(message.deadline)}; give them ${options.file}.`,
      ],
    };
  }
  terminal.progress.stage('waiting for the ledger');
  const { transaction, block } = await carrySuspension(at, round.signed);
  return {
    value: { party, suspended, signedBy: by, transaction, block },
    lines: [`${party} is ${done}.`, `Ledger ${transaction}, block ${block}`],
  };
}

async function addressOf({ primitives }: Pick<Party, 'primitives'>, who: string): Promise<Address> {
  return parseAddress(primitives, who) ?? (await readCard(who)).party;
}
