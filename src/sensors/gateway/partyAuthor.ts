import { gatherDeviceKeys } from '../../client/devices/gatherDeviceKeys.ts';
import {
  prepareReadings,
  type ConfirmedSheets,
  type NewReadings,
  type PreparedReadings,
} from '../../client/devices/prepareReadings.ts';
import { submitReadings } from '../../client/devices/submitReadings.ts';
import { knownRights } from '../../client/party/knownRights.ts';
import type { Party } from '../../client/party/Party.ts';
import { lookForRights, standing, type RightsLooked } from '../../client/rights/lookForRights.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { seconds } from '../../protocol/Clock.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleOfReadings } from '../../fhir/sensors/bundleOfReadings.ts';
import { deviceOfReadings } from '../../protocol/sensors/deviceOfReadings.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import type { ReadingsAuthor } from './ReadingsAuthor.ts';

/** Milliseconds before a node that has answered enough for now is asked for rights again. */
const PAUSE = 1000;

/**
 * Makes a party the author of a gateway: it puts each batch on its chart as the FHIR bundle of its readings, or as the
 * file that its device sealed.
 *
 * @param party - The gateway's party, at its organisation's node.
 */
export function partyAuthor(party: Party): ReadingsAuthor {
  const sheets: ConfirmedSheets = new Map();
  const kept = async (batch: NewReadings): Promise<string> => {
    const [prepared] = await prepareReadings(party, [batch], sheets);
    return JSON.stringify(prepared);
  };
  const ended = new Set<Bytes32>();
  return {
    async findRights() {
      const { listed } = await lookUntilDone(party);
      const known = (await knownRights(party)).filter(({ grant }) => isDeviceRight(grant.terms));
      const missed = known.filter(
        ({ digest, grant: { terms } }) =>
          !listed.has(digest) && !ended.has(digest) && terms.until > seconds(party.clock),
      );
      // The agent may have left it out: a quorum says whether it ended. Without one it is asked again at the next look.
      const stands = await standing(party, missed).catch(() => missed);
      const found = new Set(stands.map(({ digest }) => digest));
      for (const { digest } of missed) if (!found.has(digest)) ended.add(digest);
      // Those that are over too: nodes refuse what waits under them, and that is evidence.
      return known.map(({ grant, digest }) => ({ grant, digest, isEnded: ended.has(digest) }));
    },
    gatherKeys: async (right, nonce) => await gatherDeviceKeys(party, right, nonce),
    async prepare({ grant, message, bytes, announced }) {
      const { primitives, clock } = party;
      if (message.sealed !== undefined) return await kept({ grant, message });
      const address = deviceOfReadings({ primitives }, message);
      const device = { address, ...(announced && { announced }) };
      const taken = { handle: grant.handle, device, takenAt: clock.now() };
      const bundle = bundleOfReadings(primitives, bytes, taken);
      const content = utf8ToBytes(exactJson(bundle));
      return await kept({ grant, message, content });
    },
    async submit(requests) {
      const prepared = requests.map((request) => JSON.parse(request) as PreparedReadings);
      const answers = await submitReadings(party, prepared, sheets);
      return answers.map((answer) => {
        if (answer instanceof MedsealError) return answer;
        const { log, index } = answer.acknowledgement;
        return { log, index };
      });
    },
  };
}

/**
 * Looks for rights. A node answers only so many questions at once, so a gateway with many devices that are new to it goes
 * on after a pause, as long as it comes further.
 */
async function lookUntilDone(party: Party): Promise<RightsLooked> {
  for (let before = -1; ;) {
    try {
      return await lookForRights(party);
    } catch (error) {
      const { length } = await knownRights(party);
      if (!isMedsealError(error, 'QUOTA_SPENT') || length <= before) throw error;
      before = length;
      await new Promise<void>((resolve) => {
        party.clock.after(PAUSE, resolve);
      });
    }
  }
}
