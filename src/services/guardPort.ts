import { MedsealError } from '../errors/MedsealError.ts';
import type { PeerContext, PeerRule, PeerRules } from './peerRules.ts';

type Method = (argument: unknown) => unknown;

/**
 * An organisation's service as another organisation may use it.
 *
 * @param port - The service.
 * @param rules - What may be called, when.
 * @param context - Who calls whom; authenticated.
 * @returns A port of which every method throws MedsealError `REQUEST_MALFORMED` where its argument is of another form,
 * and `PEER_FORBIDDEN` where the caller may not call it so.
 */
export function guardPort<Port extends object>(
  port: Port,
  rules: PeerRules<Port>,
  context: PeerContext,
): Port {
  const guarded = Object.entries<PeerRule>(rules).map(([name, rule]) => {
    const call = (argument: unknown): unknown => {
      if (!rule.takes(argument)) throw new MedsealError('REQUEST_MALFORMED', { what: name });
      if (!rule.allows(context, argument)) {
        throw new MedsealError('PEER_FORBIDDEN', { method: name });
      }
      const method = Reflect.get(port, name) as Method;
      return method.call(port, argument);
    };
    return [name, rule.streams ? call : async (argument: unknown) => await call(argument)];
  });
  return Object.fromEntries(guarded) as Port;
}
