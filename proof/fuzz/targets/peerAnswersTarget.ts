import { isStream } from '../../../src/crypto/sealing/isStream.ts';
import type { Dice } from '../../simulation/Dice.ts';
import type { OpenTarget } from '../FuzzTarget.ts';
import { DEEDS } from '../life.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateValue } from '../mutateJson.ts';
import { standBetween } from '../recordPeers.ts';

/** Answers of a hostile organisation to the others: every answer of one in three is altered, or an odd error. */
export const openPeerAnswersTarget: OpenTarget = async (life) => {
  await Promise.resolve();
  const { network } = life;
  let dice: Dice | undefined;
  let told: ((what: string) => void) | undefined;
  standBetween(network, ({ service, method }, answer) => {
    const given = answer();
    if (dice === undefined || dice.chance(0.4)) return given;
    const with_ = dice;
    if (isStream(given)) return altered(with_, given);
    return Promise.resolve(given).then((value) => {
      const sent = mutateValue(with_, value ?? null);
      told?.(`${service}.${method} ${JSON.stringify(sent)}`);
      return sent;
    });
  });
  return {
    async enter(from, note) {
      told = note;
      dice = from;
      try {
        switch (from.between(0, 5)) {
          case 0:
            await network.services('hospital').contributor.catchUp();
            await network.services('hospital').contributor.filesTried();
            break;
          case 1:
            await network.services('insurer').contributor.repair();
            break;
          case 2:
            await network.checkpoint();
            break;
          default:
            await life.relive(life.fetch, from.between(0, DEEDS - 1));
        }
      } finally {
        dice = undefined;
      }
    },
    async close() {
      for (const each of Object.values(network.liars)) each.clear();
      await Promise.resolve();
    },
  };
};

async function* altered(dice: Dice, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of stream) yield new Uint8Array(mutateBytes(dice, part));
}
