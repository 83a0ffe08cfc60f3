import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeptPacket, Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence.ts';
import { parseSigned } from '../../protocol/parseSigned.ts';
import type { CommitEpochs, Grant, Revoke, RuleType, Signed } from '../../protocol/requests.ts';
import { packetsHash } from '../../protocol/packetsHash.ts';
import { sheetsRoot } from '../../protocol/sheetsRoot.ts';
import { digestOf, verifySigned } from '../../protocol/signing.ts';
import type { Mined } from '../LedgerIndex.ts';
import type { Kept } from '../ports.ts';
import type { AgentContext } from './AgentContext.ts';
import { refusal } from './refusal.ts';
import { keepEverywhere } from './keepEverywhere.ts';

const RULES = ['Grant', 'Revoke', 'CommitEpochs'] as const;

/**
 * Answers rule requests of one kind: what goes along is checked and kept first, then all go to the ledger in one
 * transaction. A repeat of what the ledger already has gets its first answer again.
 *
 * @param agent - The agent's context.
 * @param submissions - Not trusted.
 * @returns An outcome for each.
 */
export async function carryRules(
  agent: AgentContext,
  submissions: readonly Submission[],
): Promise<readonly Outcome[]> {
  await agent.index.refresh();
  const outcomes = new Map<number, Outcome>();
  const accepted: { place: number; request: Signed<RuleType> }[] = [];
  for (const [place, submission] of submissions.entries()) {
    try {
      const request = parseSigned(submission.request, RULES);
      const before = minedBefore(agent, request);
      if (before === undefined) {
        await keepEverywhere(agent, checkAttachments(agent, request, submission));
        accepted.push({ place, request });
      } else {
        outcomes.set(place, mined(before));
      }
    } catch (error) {
      outcomes.set(place, refusal(error));
    }
  }
  const [first] = accepted;
  if (first !== undefined) {
    const answers = await agent.administrator.carry(
      first.request.type,
      accepted.map(({ request }) => request),
    );
    for (const [at, answer] of answers.entries()) {
      const place = accepted[at]?.place ?? at;
      outcomes.set(place, answer instanceof MedsealError ? refusal(answer) : mined(answer));
    }
  }
  return submissions.map((_, place) => outcomes.get(place) ?? refusal(undefined));
}

function mined({ transaction, block }: Mined): Outcome {
  return { outcome: 'mined', transaction, block };
}

function minedBefore(agent: AgentContext, request: Signed<RuleType>): Mined | undefined {
  const { index } = agent;
  switch (request.type) {
    case 'Grant':
      return index.granted(digestOf(agent, 'Grant', request.message as Grant));
    case 'Revoke':
      return index.ended((request.message as Revoke).grant);
    case 'CommitEpochs': {
      const { handle, first, root } = request.message as CommitEpochs;
      return index.committed(handle, first, root);
    }
  }
}

/** Checks signature and attachments, so that nobody has nodes keep what no patient signed. */
function checkAttachments(
  agent: AgentContext,
  request: Signed<RuleType>,
  { packets = [], sheets = [], keyring }: Submission,
): Kept {
  const { handle } = request.message;
  const patient = agent.index.patient(handle);
  if (patient === undefined || patient.controller !== request.party) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  verifySigned(agent, request, agent.index.signerOf(patient.controller) ?? request.party);
  switch (request.type) {
    case 'Grant': {
      const grant = digestOf(agent, 'Grant', request.message as Grant);
      requirePackets(packets, (packet) => packet.grant === grant && packet.epoch === patient.epoch);
      return { packets: packets.map((packet) => ({ ...packet, handle })) };
    }
    case 'Revoke': {
      const { epoch, packets: hash } = request.message as Revoke;
      requirePackets(packets, (packet) => packet.epoch === epoch);
      if (packetsHash(agent.primitives, packets) !== hash) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'packets' });
      }
      return { packets: packets.map((packet) => ({ ...packet, handle })) };
    }
    case 'CommitEpochs': {
      const { first, count, root } = request.message as CommitEpochs;
      const fits =
        sheets.length === count &&
        sheets.every(
          ({ sheet }, place) => sheet.handle === handle && sheet.epoch === first + place,
        ) &&
        sheetsRoot(
          agent.primitives,
          sheets.map(({ sheet }) => sheet),
        ) === root;
      if (!fits) throw new MedsealError('REQUEST_MALFORMED', { what: 'sheets' });
      return { sheets, ...(keyring !== undefined && { keyring: { handle, keyring } }) };
    }
  }
}

function requirePackets(
  packets: readonly KeptPacket[],
  fits: (packet: KeptPacket) => boolean,
): void {
  for (const packet of packets) {
    if (!fits(packet) || typeof packet.packet !== 'string') {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'packets' });
    }
  }
}
