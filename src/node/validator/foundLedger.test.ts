import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelCodes, FEWEST_CODES } from '../../bindings/contractCreations.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { FURTHER_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { codesOfContracts } from './contractsOfCodes.ts';
import { codesOf, type EngineTerms } from './engineTermsOf.ts';
import { foundLedger } from './foundLedger.ts';
import type { Engine } from './openEngine.ts';

/** Names a chain after the number of codes in its first state, and notes each that is made. */
class NamingEngine implements Engine {
  readonly program = 'none';
  readonly made: EngineTerms[] = [];

  async found(_home: string, terms: EngineTerms): Promise<string> {
    this.made.push(terms);
    return await Promise.resolve(chainOf(terms.codes.length));
  }
}

function chainOf(count: number): string {
  return `medseal-${String(count).padStart(32, '0')}`;
}

async function founded(chain: string | undefined): Promise<readonly [string, NamingEngine]> {
  const engine = new NamingEngine();
  const ledger = { ...consortium.ledger };
  delete ledger.chain;
  const network = { ...consortium, ledger: { ...ledger, ...(chain !== undefined && { chain }) } };
  return [await foundLedger(engine, '/home', network, primitives), engine];
}

describe('the first state of a ledger', () => {
  it('has the codes that the version had which founded it, as the name of its chain says', async () => {
    for (let count = channelCodes.length; count >= FEWEST_CODES; count--) {
      const [chain, { made }] = await founded(chainOf(count));
      assert.equal(chain, chainOf(count));
      // The validator begins with the one that was made last.
      assert.deepEqual(made.at(-1)?.codes, codesOf(channelCodes.slice(0, count), primitives));
    }
  });

  // @attack the network file names the chain of another first state | no list of codes makes it, and the node does not start: `LEDGER_OTHER`
  it('is that of this version for a chain whose name follows from none of the lists', async () => {
    for (const other of [chainOf(FEWEST_CODES - 1), chainOf(channelCodes.length + 1), chainOf(0)]) {
      const [chain, { made }] = await founded(other);
      assert.equal(chain, chainOf(channelCodes.length));
      assert.equal(made.length, channelCodes.length - FEWEST_CODES + 1);
    }
  });

  it('is made once by a founder that does not know the name yet', async () => {
    for (const none of [undefined, '']) {
      const [chain, { made }] = await founded(none);
      assert.deepEqual([chain, made.length], [chainOf(channelCodes.length), 1]);
    }
  });
});

describe('the codes of contracts', () => {
  it('begin with those that each channel has, and go on with the care contracts in their order', () => {
    const care = FURTHER_CONTRACTS.flatMap((name) => codesOfContracts([name], primitives));
    assert.deepEqual(codesOf(channelCodes.slice(FEWEST_CODES), primitives), care);
    assert.equal(new Set(channelCodes).size, channelCodes.length);
  });
});
