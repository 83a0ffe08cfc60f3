import {
  actFor,
  confirmFacts,
  restorePatient,
  type MandateOffered,
  type Party,
} from '../../../src/client/index.ts';
import { visibleText } from '../../../src/errors/visibleText.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import { digestOf } from '../../../src/protocol/struct/signing.ts';
import { draftsOf } from './draftsOf.ts';
import { stateOfMandate } from './heldMandates.ts';
import type { Session } from './Session.ts';
import { forgetPaths } from './usePrivateLocation.ts';

const followers = new WeakMap<Party, Set<() => void>>();

/**
 * Opens the session in which a person acts for a patient: with a device, drafts and charts of its own, apart from the person's.
 *
 * @param own - The person's own session.
 * @param offered - The mandate, as the person offered it on this device.
 * @throws MedsealError what `actFor` and `restorePatient` throw.
 */
export async function actHere(own: Session, { mandate, name }: MandateOffered): Promise<Session> {
  const opened = await actFor(own.party, mandate);
  const party: Party = { ...opened, agent: tellingAgent(opened.agent, () => tell(party)) };
  const { state } = await restorePatient(party);
  const session: Session = {
    place: own.place,
    party,
    called: visibleText(name),
    role: 'patient',
    handle: state.handle,
    acting: { own, mandate },
  };
  await draftsOf(session).renew();
  // Paths of the person's own records lead nowhere on this chart.
  forgetPaths();
  return session;
}

/**
 * Tells whether the person may still act by the mandate of a session, as k coordinators confirm it.
 *
 * @param session - A session in which somebody acts.
 * @throws MedsealError what `confirmFacts` throws.
 */
export async function stillActs({ acting }: Session): Promise<boolean> {
  if (acting === undefined) return true;
  // The person's own party asks: the acting one may be at its end.
  const { party } = acting.own;
  const { mandate } = acting;
  const { patient } = await confirmFacts(party, { handle: mandate.handle });
  const digest = digestOf(party, 'Mandate', mandate);
  const now = seconds(party.clock);
  return stateOfMandate(patient?.mandates ?? [], digest, mandate, now) === 'active';
}

/**
 * Calls back whenever a node refused something to who acts: the mandate may have ended.
 *
 * @param session - A session in which somebody acts.
 * @param onRefused - Called without arguments.
 * @returns Ends it.
 */
export function followRefusals({ party }: Session, onRefused: () => void): () => void {
  const all = followers.get(party) ?? new Set();
  followers.set(party, all.add(onRefused));
  return () => all.delete(onRefused);
}

function tell(party: Party): void {
  for (const follower of followers.get(party) ?? []) follower();
}

/** An agent that tells of each call that fails. */
function tellingAgent<Agent extends object>(agent: Agent, onFailed: () => void): Agent {
  return new Proxy(agent, {
    get(target, name) {
      const called: unknown = Reflect.get(target, name);
      if (typeof called !== 'function') return called;
      return (...given: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(called, target, given);
        if (answer instanceof Promise) answer.catch(onFailed);
        return answer;
      };
    },
  });
}
