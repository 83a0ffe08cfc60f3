import { catalogue } from '../../../src/errors/catalogue.ts';
import { domainOf } from '../../../src/protocol/struct/domainOf.ts';
import { peerApp } from '../../../src/peers/peerApp.ts';
import { HeardAhead } from '../../../src/peers/HeardAhead.ts';
import { signPeerCall } from '../../../src/peers/peerCall.ts';
import { PeerGate } from '../../../src/peers/PeerGate.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { recordPeers } from '../recordPeers.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson, mutateText } from '../mutateJson.ts';

/** The door for other organisations: calls that they made, altered and signed again by one that is hostile. */
export const openPeerCallsTarget: OpenTarget = async (life) => {
  const calls = await recordPeers(life);
  const { network } = life;
  const { file, ports, keys, clock } = network;
  const receiver = 'laboratory';
  const gate = new PeerGate({
    network: file,
    organisation: receiver,
    primitives: ports.primitives,
    clock,
    isSuspended: () => false,
    heard: new HeardAhead(),
  });
  const services = {
    get coordinator() {
      return network.services(receiver).coordinator;
    },
    get contributor() {
      return network.services(receiver).contributor;
    },
    get authority() {
      return network.authority(receiver);
    },
  };
  const app = peerApp({
    ...ports,
    network: file,
    organisation: receiver,
    gate,
    ports: services,
    ledger: network.ledger,
  });
  const caller = 'hospital';
  const key = keys.get(caller)?.coordinator;
  if (key === undefined) throw new Error('there is no key');
  return {
    async enter(dice, note) {
      const { service, method, argument } = dice.pick(calls);
      const path = `/peer/v1/${service}/${method}`;
      const body = Buffer.from(
        dice.chance(0.9)
          ? mutateJson(dice, argument)
          : mutateBytes(dice, Buffer.from(JSON.stringify(argument))),
      );
      const head = { caller, receiver, method: 'POST', path, content: body };
      const signed = signPeerCall({ ...ports, domain: domainOf(file), key }, head);
      const authorization = dice.chance(0.95)
        ? signed
        : mutateText(dice, signed).replaceAll(/[^\x20-\x7e]/g, '?');
      note(`${path}\n${body.toString('latin1')}`);
      const answer = await app.request(path, {
        method: 'POST',
        headers: { authorization: authorization.slice(0, 12_000) },
        body,
      });
      if (answer.headers.get('content-type') === 'application/octet-stream') {
        // A file that is there is given.
        await answer.arrayBuffer();
        return;
      }
      const text = await answer.text();
      if (answer.status < 400) return;
      const { code } = JSON.parse(text) as { code: string };
      if (!Object.hasOwn(catalogue, code) || code === 'INTERNAL') throw new TargetFault(text);
    },
  };
};
