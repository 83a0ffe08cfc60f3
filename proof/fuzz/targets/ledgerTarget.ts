import { connectJsonRpc } from '../../../src/ledger/connectJsonRpc.ts';
import { answerJsonRpc } from '../../../src/ledger/answerJsonRpc.ts';
import { openSender } from '../../../src/ledger/openSender.ts';
import { readBlocks } from '../../../src/bindings/readBlocks.ts';
import { readBlockTime } from '../../../src/bindings/readBlockTime.ts';
import { readChartEvents } from '../../../src/bindings/readChartEvents.ts';
import { readCheckpointed } from '../../../src/bindings/readCheckpointed.ts';
import { readOffice } from '../../../src/bindings/readOffice.ts';
import { confirmPlace } from '../../../src/client/audit/confirmPlace.ts';
import { LedgerIndex } from '../../../src/services/LedgerIndex.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson } from '../mutateJson.ts';

/** Answers of a ledger across the network: all that is read from one, over JSON-RPC that alters what passes. */
export const openLedgerTarget: OpenTarget = async (life) => {
  const { network, receipt } = life;
  const { file, ports } = network;
  const { chainId } = file.ledger;
  let time = network.clock.now();
  // Time runs fast here, so that nobody waits long for a hostile ledger.
  const clock = {
    now: () => (time += 50),
    after: (_: number, run: () => void) => {
      const timer = setTimeout(run, 20);
      return () => clearTimeout(timer);
    },
  };
  return {
    async enter(dice, note) {
      let calls = 0;
      const altered = dice.between(1, 12);
      const fetch: typeof globalThis.fetch = async (_, init) => {
        const asked: unknown = JSON.parse(init?.body as string);
        const answer = await answerJsonRpc(network.ledger, asked, Date);
        calls += 1;
        if (calls < altered || (calls > altered && dice.chance(0.7))) {
          return new Response(JSON.stringify(answer));
        }
        const text = JSON.stringify(answer);
        const sent = dice.chance(0.1)
          ? mutateBytes(dice, Buffer.from(text))
          : mutateJson(dice, answer);
        note(sent);
        return new Response(sent as string);
      };
      const options = { url: 'http://ledger.example', chainId, clock, fetch, timeout: 1e9 };
      const provider = await connectJsonRpc({ ...options, genesis: file.ledger.genesis });
      switch (dice.between(0, 7)) {
        case 0: {
          const index = new LedgerIndex({ provider, network: file, clock });
          await index.refresh();
          if (!Number.isSafeInteger(index.moment)) throw new TargetFault(`moment ${index.moment}`);
          await index.refresh();
          break;
        }
        case 1: {
          const secret = network.keys.get('insurer')?.sender.signingKey ?? new Uint8Array(32);
          const sender = openSender({ ...ports, clock, provider, chainId, secret, patience: 500 });
          await sender.send({ to: file.contracts.registry, data: '0x12345678' });
          break;
        }
        case 2:
          await readBlocks(provider, file.contracts, { from: 0, to: 20 });
          break;
        case 3:
          await confirmPlace(provider, file, receipt.checkpoint, receipt.ledger);
          break;
        case 4:
          await readOffice(provider, file.contracts, 'coordinators');
          break;
        case 5:
          await readChartEvents(provider, file.contracts, life.right.grant.handle);
          break;
        case 6:
          await readCheckpointed(provider, file.contracts, receipt.acknowledgement.entry);
          break;
        default:
          await readBlockTime(provider, 1);
      }
    },
  };
};
