import { stateKeys } from '../../protocol/rights/stateKeys.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Base64, SignedNewest } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { saysNewest } from '../../protocol/evidence/saysNewest.ts';
import { votesOnNewest, type StateKeys } from '../../protocol/network/votesOnNewest.ts';
import type { StateGiven, StateWanted } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** The newest state of a patient's devices, with the proof for a device. */
export interface NewestGiven {
  /** Undefined if the patient has no state. */
  readonly sealed: Base64 | undefined;
  /** The patient's signed request for it. */
  readonly keep: Signed<'Keep'> | undefined;
  /** All that was counted, of k organisations at least. */
  readonly said: readonly SignedNewest[];
}

/**
 * The newest state of a patient's devices. A state is acknowledged once k organisations keep it, and any two sets of k
 * share an honest organisation: so k answers have it among them. Each answer comes with the patient's signature over
 * what it claims to be, or is passed over: nobody can make up a newer one. It also comes with the signature of its
 * organisation's coordinator over the digest of the patient's request, so that the device can count them itself.
 *
 * @param agent - The agent's context.
 * @param wanted - The patient, and the digest of the view that the state is released for.
 * @throws MedsealError `PEER_UNREACHABLE`, which names those that do not answer with proof, if fewer than a write's
 * threshold do: they may not know the newest.
 */
export async function newestState(agent: AgentContext, wanted: StateWanted): Promise<NewestGiven> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const { writes } = channel.thresholds;
  const keys = keysOf(agent, wanted);
  const isEnough = (said: readonly SignedNewest[]): boolean =>
    organisationsBehind(
      channel,
      said.map(({ coordinator }) => coordinator),
    ) >= writes;
  const answers = await askQuorum(agent, agent.contributors.values(), {
    ask: async (contributor) => {
      const each = proven(agent, wanted, await contributor.state(wanted));
      return { ...each, name: agent.circuits.of(contributor)?.peer ?? agent.organisation };
    },
    least: writes,
    isDecided: (each, left) => {
      const said = fulfilled(each).map((given) => given.said);
      const [newest, next] = votesOnNewest(agent, channel, said, keys);
      if (newest === undefined || !isEnough(said)) return false;
      // Of two devices that kept at once, the one whose state more organisations took was acknowledged, if any.
      const isContested =
        next?.key === newest.key &&
        next.revision === newest.revision &&
        newest.organisations < writes;
      return !isContested || newest.organisations > next.organisations + left;
    },
  });
  const given = fulfilled(answers);
  const said = given.map((each) => each.said);
  if (!isEnough(said)) {
    const told = new Set(given.map(({ name }) => name));
    const silent = [...agent.contributors.keys()].filter((name) => !told.has(name));
    throw new MedsealError('PEER_UNREACHABLE', { peer: silent.join(', ') });
  }
  const [newest] = votesOnNewest(agent, channel, said, keys);
  const found = given.find((each) => each.said.newest.state === newest?.state);
  return { said, sealed: found?.sealed, keep: found?.said.keep };
}

/**
 * Requires that an organisation's coordinator and the patient signed what it gives as the newest state.
 * @throws MedsealError that says what is wrong with it.
 */
function proven(agent: AgentContext, wanted: StateWanted, given: StateGiven): StateGiven {
  const { said, sealed } = given;
  const keys = keysOf(agent, wanted);
  const hash =
    sealed === undefined ? ZERO32 : bytesToHex(agent.primitives.sha256(utf8ToBytes(sealed)));
  const isProven =
    keys.signers.length > 0 &&
    saysNewest(agent, said, { ...wanted, keys }, seconds(agent.clock)) &&
    said.newest.state === hash;
  if (!isProven) throw new MedsealError('PEER_MALFORMED', { what: 'state' });
  return given;
}

/** The keys that sign, or signed, for the patient. */
function keysOf({ index }: AgentContext, { handle }: StateWanted): StateKeys {
  const { controller, mandates } = index.patient(handle) ?? {};
  const signers = controller === undefined ? [] : index.signersOf(controller);
  return stateKeys(signers, mandates, index.moment, (mandate) => index.exactEnd(mandate));
}
