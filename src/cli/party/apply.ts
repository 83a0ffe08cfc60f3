import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { ownApplicationWords } from '../../client/operator/ownApplicationWords.ts';
import { enrol } from '../../client/party/enrol.ts';
import { preparePatient } from '../../client/party/preparePatient.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeKey } from '../../device/keystore.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { followAnywhere } from '../home/followAnywhere.ts';
import { findHome, nodesOf } from '../home/Home.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { chooseKey, keysOf, openKeyAt } from '../home/openVisitor.ts';
import { readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { PARTY_APPLIED } from './partyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PARTY_APPLY } from './partyOptions.ts';

type ApplyOptions = VisitorOptions & OptionsOf<typeof PARTY_APPLY>;

/**
 * Applies to the authority, and prepares a patient's first epochs.
 *
 * @throws MedsealError `ENROLMENT_REFUSED`; `ARGUMENT_INVALID` if the party is something else already.
 */
export async function apply(
  terminal: Terminal,
  options: ApplyOptions,
): Promise<AnswerOf<typeof PARTY_APPLIED>> {
  const { role, at: organisation } = options;
  const home = findHome(options);
  const known = await readPinnedNetwork(options, home);
  const nodes = await nodesOf(home, options.url, terminal);
  // The organisation may have joined later than the device. A file that was named is for this call alone.
  const network =
    options.network === undefined
      ? await followAnywhere({ home, known, nodes }, organisation)
      : known;
  requireMember(network, organisation);
  const key = chooseKey(await keysOf(home, network, { ...options, told: terminal }), options);
  const party = await openKeyAt(terminal, { home, network, key, organisation }, options);
  const { party: before } = await confirmFacts(party, { party: party.address });
  if (before === undefined) {
    await confirmSigning(terminal, { key, party }, [
      `  an application to become a ${role} of ${organisation}`,
      `  in the network ${network.networkId}`,
      `  with the recipient of your keys, ${party.recipient.slice(0, 24)}…`,
      `  in words: ${ownApplicationWords(party, { role, organisation }).join(' ')}`,
      '',
      'Read the words to the operator of your organisation, who compares them before it approves.',
      'The authority sees it. Then the Registry shows your address, role and organisation to everyone.',
    ]);
    terminal.progress.stage('waiting for the authority');
    await enrol(party, { role, organisation });
  } else {
    requireSame(before, options);
    terminal.changing();
  }
  await writeKey(home.keystore, { ...key, role, organisation });
  if (role === 'patient') {
    terminal.progress.stage('preparing the keys of the first epochs');
    await preparePatient(party, { organisation });
  }
  const { party: facts } = await confirmFacts(party, { party: party.address });
  const { address } = party;
  const handle = facts?.handle;
  return {
    value: {
      name: key.name,
      address,
      role,
      organisation,
      already: before !== undefined,
      ...(handle && { handle }),
    },
    lines: [
      `${key.name} is ${before === undefined ? 'now' : 'already'} a ${role} of ${organisation}: ${address}`,
      ...(handle === undefined ? [] : [`The chart is ${handle}.`]),
      `Next: ${calledAs(`${role === 'patient' ? 'patient' : 'party'} card --as ${key.name}`)}`,
    ],
  };
}

function requireMember({ authority }: NetworkFile, organisation: Organisation): void {
  const names = authority.members.map((member) => member.organisation);
  if (names.includes(organisation)) return;
  const reason = `the network has no organisation ${organisation}; it has ${names.join(', ')}`;
  throw new MedsealError('ARGUMENT_INVALID', { argument: '--at', reason });
}

function requireSame(before: PartyFacts, { role, at }: ApplyOptions): void {
  if (before.role === role && before.organisation === at) return;
  const argument = before.role === role ? '--at' : '--role';
  const reason = `the party is a ${before.role} of ${before.organisation}, and stays that; "${calledAs('party move')}" has another organisation’s node serve it`;
  throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
