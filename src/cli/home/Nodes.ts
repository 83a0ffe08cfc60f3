import { httpAgent } from '../../client/agent/httpAgent.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';

/** Addresses of the organisations' nodes: below one address, or each at its own. */
export interface Nodes {
  /** Of all that have none of their own. */
  readonly url?: string;
  /** Addresses of their own, by organisation. */
  readonly urls: Readonly<Record<Organisation, string>>;
}

/**
 * Takes addresses of nodes as they are typed.
 *
 * @param texts - Each an address such as `http://127.0.0.1:8480`, or that of one organisation's node, such as
 * `laboratory=https://medseal.laboratory.example`.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function nodesAt(texts: readonly string[]): Nodes {
  let url: string | undefined;
  const urls: Record<Organisation, string> = {};
  for (const text of texts) {
    const [, name, named] = /^([a-z0-9-]{1,31})=(.*)$/.exec(text) ?? [];
    if (name !== undefined && Object.hasOwn(urls, name)) throw wrong(`${name} has two addresses`);
    if (name !== undefined && named !== undefined) urls[name] = addressOf(named);
    else if (url === undefined) url = addressOf(text);
    else throw wrong('only one address may stand without an organisation’s name');
  }
  return { ...(url !== undefined && { url }), urls };
}

/** Tells whether something says where an organisation's node is. */
export function hasNode({ url, urls }: Nodes, organisation: Organisation): boolean {
  return url !== undefined || Object.hasOwn(urls, organisation);
}

/**
 * The agent of an organisation.
 *
 * @param nodes - Addresses of the nodes.
 * @param organisation - Whose.
 * @throws MedsealError `ARGUMENT_INVALID` if its address is unknown.
 */
export function agentAt(nodes: Nodes, organisation: Organisation): AgentPort {
  return httpAgent(agentUrl(nodes, organisation));
}

/**
 * The agent of an organisation that is asked beside others, or before them: one that hangs holds up what they say.
 *
 * @param nodes - Addresses of the nodes.
 * @param organisation - Whose.
 * @param patience - Milliseconds that a call may take; then it is `PEER_UNREACHABLE`.
 * @throws MedsealError `ARGUMENT_INVALID` if its address is unknown.
 */
export function promptAgentAt(
  nodes: Nodes,
  organisation: Organisation,
  patience = 5000,
): AgentPort {
  return httpAgent(agentUrl(nodes, organisation), async (url, init) => {
    const signals = [AbortSignal.timeout(patience), ...(init?.signal ? [init.signal] : [])];
    return await globalThis.fetch(url, { ...init, signal: AbortSignal.any(signals) });
  });
}

/**
 * The address of an organisation's agent.
 *
 * @param nodes - Addresses of the nodes.
 * @param organisation - Whose.
 * @throws MedsealError `ARGUMENT_INVALID` if it is unknown, or ends with the organisation's name already.
 */
export function agentUrl({ url, urls }: Nodes, organisation: Organisation): string {
  const own = Object.hasOwn(urls, organisation);
  const base = own ? urls[organisation] : url;
  const end = `/${organisation}`;
  if (base !== undefined && base.endsWith(end) && !base.endsWith(`/${end}`)) {
    const typed = `${own ? `${organisation}=` : ''}${base.slice(0, -end.length)}`;
    throw wrong(
      `${base} is the address of ${organisation} alone; the command adds the name itself: type ${typed}`,
    );
  }
  if (base !== undefined) return `${base}${end}`;
  throw wrong(`give the address of ${organisation} too, as ${organisation}=https://…`);
}

/** Tells whether an error is that of a node which serves nobody now. */
export function isAway(error: unknown): error is MedsealError {
  return isMedsealError(error, 'PEER_UNREACHABLE') || isMedsealError(error, 'CLOSED');
}

/** Tells whether an error is that of a node which is away, or is not at the address that a device has for all nodes. */
export function isNotThere(error: unknown): error is MedsealError {
  return isAway(error) || isMedsealError(error, 'NOT_FOUND');
}

/** Organisations in the order in which their nodes are asked: one of them goes first. */
export function askedFirst(
  first: Organisation | undefined,
  organisations: readonly Organisation[],
): readonly Organisation[] {
  return [...new Set(organisations)].toSorted(
    (one, other) => +(other === first) - +(one === first),
  );
}

/**
 * Says why the node of an organisation is not the one that is asked.
 *
 * @param organisation - The organisation.
 * @param hasLeft - True if it left the network, false if its node is away.
 */
export function whyNotAsked(organisation: Organisation, hasLeft: boolean): string {
  return `${visibleText(organisation, 31)} ${hasLeft ? 'has left the network' : 'cannot be reached'}`;
}

/** An address without the slash at its end. */
function addressOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/$/, '');
  throw wrong(`${url} is not an address such as http://127.0.0.1:8480`);
}

function wrong(reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument: 'url', reason });
}
