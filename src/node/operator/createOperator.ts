import { parseSuspensionFile, suspensionFileOf } from '../../client/rights/suspensionFile.ts';
import { signSuspension } from '../../client/rights/signSuspension.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort, SignedSuspension } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type {
  ContractCreated,
  OperatorPort,
  OperatorState,
  PartiesShown,
  SuspensionShown,
} from '../../protocol/operator/OperatorPort.ts';
import { mayAttest } from '../../protocol/care/mayAttest.ts';
import { ROLES } from '../../protocol/vocabulary.ts';
import type { LedgerIndex } from '../../services/LedgerIndex.ts';
import { findCreations } from '../../services/succession/findCreations.ts';
import { requireCreated } from '../../services/succession/requireCreated.ts';
import { isSuspendedIn } from '../atLedger/isSuspendedIn.ts';
import { approveShown, declineShown } from '../founding/approvals.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import type { RunningNode } from '../openNode.ts';
import type { Logger } from '../operate/Logger.ts';
import { requireCodes, requireTaken } from '../validator/requireCodes.ts';
import { requireUpgrade } from '../validator/requireUpgrade.ts';
import type { ValidatorProcess } from '../validator/superviseValidator.ts';
import { shownApplications } from './shownApplications.ts';
import { organisationsNamed, shownChange } from './shownChange.ts';

/** Seconds for which a suspension may go from member to member. */
const ROUND = 7 * 24 * 3600;
/** The most parties that are listed at once. */
const MOST_PARTIES = 100;

/** Options of `createOperator`. */
export interface OperatorOptions {
  /** Returns the node as it runs now; undefined while none is open. */
  readonly node: () => RunningNode | undefined;
  readonly state: () => Promise<OperatorState>;
  /** Returns the organisation's validator, if this process runs it. */
  readonly validator?: () => ValidatorProcess | undefined;
  readonly log: Pick<Logger, 'info'>;
}

/**
 * Makes the port of a node's operator. It decides with the keys that the process holds, each time about exactly what the
 * operator was shown.
 *
 * @param options - The node.
 */
export function createOperator({ node, state, validator, log }: OperatorOptions): OperatorPort {
  return {
    state,
    applications: async () => await shownApplications(open()),
    async approve({ member, application }) {
      const { seat } = await seatOf(open(), member);
      await approveShown(seat.authorityFiles, application);
      const { role, organisation } = application;
      log.info('application approved', { member, role, organisation });
    },
    async decline({ member, application, reason }) {
      const { seat } = await seatOf(open(), member);
      await declineShown(seat.authorityFiles, application, reason);
      const { role, organisation } = application;
      log.info('application declined', { member, role, organisation, reason });
    },
    change: async ({ successor, unheard }) => {
      const now = open();
      const { succession, ports, provider: ledger, file: network } = now;
      const change = shownChange(ports, succession, successor);
      const predecessor = succession.files.at(-1) ?? network;
      const source = { ledger, network, primitives: ports.primitives };
      await requireCreated(source, successor, true);
      requireUpgrade(validator?.(), predecessor, successor, unheard);
      const asked = { predecessor, successor, unheard };
      const admits = requireCodes(validator?.(), asked, ports.primitives);
      const shown = admits.length === 0 ? change : { ...change, admits };
      if (successor.contracts === undefined) return shown;
      const accounts = await accountsOf(now);
      const created = await findCreations(source, successor.contracts, accounts);
      return { ...shown, created };
    },
    async create(contracts) {
      requireTaken(validator?.(), contracts, open().ports.primitives);
      const created = await open().createContracts(contracts);
      log.info('contracts created', created);
      return created;
    },
    parties: async (find) => await peopleIn(await freshIndex(open()), find),
    async attesting(organisation) {
      const attesting: PartyFacts[] = [];
      for await (const each of (await freshIndex(open())).parties()) {
        const isAsked = each.organisation === organisation && mayAttest(each);
        if (isAsked && !each.suspended) attesting.push(each);
      }
      return attesting;
    },
    async draft({ party, suspended }) {
      const now = open();
      const facts = partyIn(await freshIndex(now), party);
      if (facts.suspended === suspended) {
        const reason = suspended ? 'it is suspended already' : 'it is not suspended';
        throw new MedsealError('ARGUMENT_INVALID', { argument: 'party', reason });
      }
      const deadline = seconds(now.ports.clock) + ROUND;
      const message = { party, suspended, change: facts.standing + 1, deadline };
      return shown(now, facts, { message, signatures: [] });
    },
    review: async (signed) => await reviewed(open(), signed),
    async sign({ member, signed }) {
      const now = open();
      const { seat, agent } = await seatOf(now, member);
      const { party } = await reviewed(now, signed);
      const round = signSuspension(signingAt(now), signed, [seat.authorityKey]);
      const { suspended } = signed.message;
      log.info('suspension signed', { member, suspended, missing: round.missing });
      if (round.missing > 0) return { party, ...round };
      return { party, ...round, placed: await agent.suspend(round.signed) };
    },
  };

  function open(): RunningNode {
    const now = node();
    if (now === undefined) throw new MedsealError('CLOSED', { what: 'node' });
    return now;
  }
}

/** An organisation's member of the authority at a node. */
interface Seat {
  readonly seat: Pick<OrganisationHome, 'authorityFiles' | 'authorityKey'>;
  readonly agent: AgentPort;
}

/** Returns an organisation's member of the authority, if the node holds it, and it may decide. */
async function seatOf(node: RunningNode, member: Organisation): Promise<Seat> {
  const seat = node.members.get(member);
  const agent = node.agents.get(member);
  const named = node.file.authority.members.find(({ organisation }) => organisation === member);
  if (!seat || !agent || named?.address !== seat.authorityKey.address) {
    throw new MedsealError('NOT_FOUND', { what: 'member of the authority' });
  }
  if (isSuspendedIn(node.file, await freshIndex(node), member)) {
    throw new MedsealError('PARTY_SUSPENDED', {});
  }
  return { seat, agent };
}

/** Parts of a node that signing needs. */
function signingAt({
  file: network,
  ports: { primitives, clock },
}: RunningNode): Parameters<typeof parseSuspensionFile>[0] {
  return { network, primitives, clock, domain: domainOf(network) };
}

/** Examines a suspension against what the Registry has now, by the same rules as the file that members pass on. */
async function reviewed(node: RunningNode, signed: SignedSuspension): Promise<SuspensionShown> {
  const facts = partyIn(await freshIndex(node), signed.message.party);
  const wanted = { party: facts.party, suspended: !facts.suspended, change: facts.standing + 1 };
  const text = JSON.stringify(suspensionFileOf(signed));
  parseSuspensionFile(signingAt(node), text, wanted, 'suspension');
  return shown(node, facts, signed);
}

function shown(node: RunningNode, party: PartyFacts, signed: SignedSuspension): SuspensionShown {
  return { party, ...signSuspension(signingAt(node), signed, []) };
}

async function freshIndex({ organisations }: RunningNode): Promise<LedgerIndex> {
  const [first] = organisations.values();
  if (first === undefined) throw new MedsealError('CLOSED', { what: 'node' });
  await first.index.refresh();
  return first.index;
}

/** Accounts from which the network's organisations send transactions. */
async function accountsOf(
  node: RunningNode,
): Promise<readonly Pick<ContractCreated, 'organisation' | 'sender'>[]> {
  const index = await freshIndex(node);
  const named = presentNodes(node.file).map(({ organisation, sender }) => ({
    organisation,
    sender,
  }));
  const enrolled = organisationsNamed(node.file).flatMap((organisation) =>
    index.administrators(organisation).map(({ party: sender }) => ({ organisation, sender })),
  );
  return [...new Map([...named, ...enrolled].map((each) => [each.sender, each])).values()];
}

function partyIn(index: LedgerIndex, party: Address): PartyFacts {
  const facts = index.party(party);
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  return facts;
}

/** Lists people; accounts of organisations are not among them. */
async function peopleIn(index: LedgerIndex, find: string): Promise<PartiesShown> {
  const parties: PartyFacts[] = [];
  let more = 0;
  for await (const facts of index.parties()) {
    const { party, role, organisation } = facts;
    if (!(ROLES as readonly string[]).includes(role)) continue;
    const isAsked = party.startsWith(find.toLowerCase()) || role === find || organisation === find;
    if (find !== '' && !isAsked) continue;
    if (parties.length < MOST_PARTIES) parties.push(facts);
    else more++;
  }
  return { parties, more };
}
