import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NotifyAsked, ToldBrowsers } from '../../protocol/AgentPort.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { checkAsker } from '../checkAsker.ts';
import type { AgentContext } from './AgentContext.ts';

/** Longest time for which a browser is told of news before it asks again, in seconds: 90 days and a day for clocks. */
const LONGEST = 91 * 24 * 3600;

/**
 * Has a browser of a party told of news, or no longer, and says which browsers are.
 *
 * @param agent - The agent's context.
 * @param offered - Not trusted.
 * @throws MedsealError that says why not: `NOT_FOUND` for a push service that the node does not allow, `REQUEST_MALFORMED` for
 * another address than the one that was signed.
 */
export async function answerNotify(
  agent: AgentContext,
  offered: NotifyAsked,
): Promise<ToldBrowsers> {
  await agent.index.refresh();
  const request = checkAsker(agent, offered.request, 'Notify');
  const { party, message } = request;
  agent.accounts.note(party);
  agent.notifies.take(party);
  const { endpoint } = offered;
  const { port, store, pushes } = agent.push;
  // Browsers that a former key named take no room.
  await pushes.browsersOf(party);
  if (message.endpoint !== ZERO32) {
    if (message.until === 0) await store.keep({ request }, agent.index.moment);
    else {
      const hash = bytesToHex(agent.primitives.sha256(utf8ToBytes(endpoint ?? '')));
      if (endpoint === undefined || hash !== message.endpoint) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'endpoint' });
      }
      if (message.until > agent.index.moment + LONGEST) throw new MedsealError('REQUEST_EARLY', {});
      if (port?.allows(endpoint) !== true) {
        throw new MedsealError('NOT_FOUND', { what: 'push service' });
      }
      await store.keep({ request, endpoint }, agent.index.moment);
    }
  }
  const told = await pushes.browsersOf(party);
  return {
    ...(port && { key: port.key }),
    browsers: told.map((browser) => {
      const { endpoint: name, until } = browser.request.message;
      return { endpoint: name, service: new URL(browser.endpoint).host, until };
    }),
  };
}
