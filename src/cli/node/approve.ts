import { applicationWords } from '../../client/operator/applicationWords.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseAddress } from '../../crypto/parseAddress.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import {
  approveParty,
  declineShown,
  waitingParties,
  type Approval,
} from '../../node/founding/approvals.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import type { PartyApplication } from '../../protocol/operator/PartyApplication.ts';
import type { Files } from '../../folder/Files.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { PARTIES_WAITING, PARTY_APPROVED, PARTY_DECLINED } from '../party/partyAnswers.ts';
import { readNodeFolder } from './readNodeFolder.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PARTY_APPROVE, PARTY_DECLINE } from '../party/partyOptions.ts';
import type { NODE } from './nodeOptions.ts';

/** Tells who applied to the node's members of the authority and waits for a decision. */
export async function waiting(
  _terminal: Terminal,
  options: OptionsOf<typeof NODE>,
): Promise<AnswerOf<typeof PARTIES_WAITING>> {
  const { primitives } = await machinePorts();
  const parties = (await allWaiting(await membersOf(options))).map((each) => {
    const { recipient } = each;
    if (recipient === undefined) return each;
    return { ...each, words: applicationWords(primitives, { ...each, recipient }).join(' ') };
  });
  return {
    value: { waiting: parties },
    lines:
      parties.length === 0
        ? ['No applicants wait.']
        : parties.flatMap((each) => [
            `${each.party}  ${each.role} of ${each.organisation}`,
            ...('words' in each ? [`  ${each.words}`] : []),
          ]),
  };
}

/**
 * Has the node's members of the authority sign a party's application when it comes again. The node may run meanwhile.
 */
export async function approveApplicant(
  terminal: Terminal,
  typed: string,
  options: OptionsOf<typeof PARTY_APPROVE>,
): Promise<AnswerOf<typeof PARTY_APPROVED>> {
  const party = await addressIn(typed);
  const members = await membersOf(options);
  const asked = (await allWaiting(members)).find((each) => each.party === party);
  const role = options.role ?? asked?.role;
  const organisation = options.at ?? asked?.organisation;
  if (role === undefined || organisation === undefined) {
    throw wrong(
      'party',
      'it has not applied here yet; give --role and --at to approve it in advance',
    );
  }
  const names = members.map(({ member }) => member).join(', ');
  await terminal.confirm(
    [
      `When the application comes again, the authority’s member of ${names} will sign that`,
      `  ${party}`,
      `becomes a ${role} of ${organisation}.`,
      'Do this only if you know who that is.',
    ],
    'Approve?',
  );
  // A waiting application is approved with the recipient that its words stand for.
  const isAsked = asked?.role === role && asked.organisation === organisation;
  const approval: Approval = isAsked ? asked : { party, role, organisation };
  for (const { files } of members) await approveParty(files, approval);
  return {
    value: { party, role, organisation, by: names },
    lines: [`Approved by ${names}. Next: the party runs ${calledAs('party apply')} again.`],
  };
}

/**
 * Has the node's members of the authority decline the application of a party, which reads the reason when it asks again.
 * The node may run meanwhile.
 */
export async function declineApplicant(
  terminal: Terminal,
  typed: string,
  options: OptionsOf<typeof PARTY_DECLINE>,
): Promise<AnswerOf<typeof PARTY_DECLINED>> {
  const { reason } = options;
  const party = await addressIn(typed);
  const declining: { member: Organisation; files: Files; asked: PartyApplication }[] = [];
  for (const { member, files } of await membersOf(options)) {
    const asked = (await waitingParties(files)).find((each) => each.party === party);
    if (asked?.recipient === undefined) continue;
    declining.push({ member, files, asked: { ...asked, recipient: asked.recipient } });
  }
  const [first] = declining;
  if (first === undefined) throw wrong('party', 'no application of it waits here');
  const { role, organisation } = first.asked;
  const by = declining.map(({ member }) => member).join(', ');
  await terminal.confirm(
    [
      `The authority’s member of ${by} will not sign that`,
      `  ${party}`,
      `becomes a ${role} of ${organisation}. The applicant reads: ${reason.replaceAll('-', ' ')}.`,
    ],
    'Decline?',
  );
  for (const { files, asked } of declining) await declineShown(files, asked, reason);
  return {
    value: { party, role, organisation, by, reason },
    lines: [
      `Declined by ${by}: ${reason.replaceAll('-', ' ')}.`,
      `To approve it after all: ${calledAs(`party approve ${party} --role ${role} --at ${organisation}`)}`,
    ],
  };
}

async function addressIn(typed: string): Promise<Address> {
  const { primitives } = await machinePorts();
  const party = parseAddress(primitives, typed);
  if (party !== undefined) return party;
  throw wrong(
    'party',
    'it must be an address: 0x and 40 characters of 0-9 and a-f, or with the capitals of EIP-55',
  );
}

interface AuthorityMember {
  readonly member: Organisation;
  readonly files: Files;
}

async function membersOf({ data }: OptionsOf<typeof NODE>): Promise<readonly AuthorityMember[]> {
  const { files, folder } = await readNodeFolder(data);
  const members: AuthorityMember[] = [];
  for (const member of folder.hosts) {
    members.push({ member, files: await openFolder(`${files.path}/authority/${member}`) });
  }
  return members;
}

async function allWaiting(members: readonly AuthorityMember[]): Promise<readonly Approval[]> {
  const found = new Map<Address, Approval>();
  for (const { files } of members) {
    for (const each of await waitingParties(files)) found.set(each.party, each);
  }
  return [...found.values()];
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
