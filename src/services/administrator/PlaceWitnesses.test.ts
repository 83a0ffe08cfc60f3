import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import type { CheckpointRequest } from '../ports.ts';
import { PlaceWitnesses, type PlaceWitnessesOptions, type PlaceKeeper } from './PlaceWitnesses.ts';

/** A log of so many entries that nobody judged: a keeper of places examines that. */
class GrowingLog {
  size = 0;
  readonly identity = network.channels[0]?.logs[0] ?? assert.fail();

  async stored({ from, to }: { from: number; to: number }) {
    const places = Array.from({ length: to - from }, (_, place) => from + place);
    const verdicts = [] as const;
    return await Promise.resolve(
      places.map((index) => ({ index, entry: word(`e${index}`), at: 0, bodySize: 0, verdicts })),
    );
  }

  async root(size: number) {
    return await Promise.resolve(word(`root ${size}`));
  }
}

/** An honest coordinator, which writes down what it was shown. */
class Keeper implements PlaceKeeper {
  readonly shown: (readonly [number, number])[] = [];
  known = 0;

  async knownSize(): Promise<number> {
    return await Promise.resolve(this.known);
  }

  async show({ from, entries }: CheckpointRequest): Promise<number> {
    this.shown.push([from, entries.length]);
    if (from === this.known) this.known += entries.length;
    return await Promise.resolve(this.known);
  }
}

async function note({ size }: { readonly size: number }): Promise<string> {
  return await Promise.resolve(`${size}`);
}

function placesOf(
  log: GrowingLog,
  others: readonly PlaceKeeper[],
  options: Partial<PlaceWitnessesOptions> = {},
): PlaceWitnesses {
  return new PlaceWitnesses({ log, others, needed: 1, note, ...options });
}

const never = async (): Promise<never> => await new Promise(() => undefined);
const fail = async (): Promise<never> => await Promise.reject(new Error('unplugged'));
const tooFew = failsWith('VERDICTS_MISSING', { got: 1, needed: 2 });

describe('places of entries', () => {
  it('are kept by others before anybody is told, all that came meanwhile at once', async () => {
    const [log, keeper] = [new GrowingLog(), new Keeper()];
    const places = placesOf(log, [keeper]);
    log.size = 1;
    const first = places.kept(1);
    log.size = 5;
    await Promise.all([first, places.kept(3), places.kept(5)]);
    assert.deepEqual(keeper.known, 5);
    assert.ok(keeper.shown.length <= 2, JSON.stringify(keeper.shown));
    await places.kept(4);
    assert.ok(keeper.shown.length <= 2, 'what is known is shown once');
  });

  it('wait for nobody if there are no others', async () => {
    const log = new GrowingLog();
    log.size = 1;
    await placesOf(log, [], { needed: 0 }).kept(1);
  });

  it('do not wait for who hangs, while enough answer', async () => {
    const log = new GrowingLog();
    log.size = 2;
    const hung = [
      { knownSize: never, show: never },
      { knownSize: async () => await Promise.resolve(0), show: never },
    ];
    await placesOf(log, [...hung, new Keeper()]).kept(2);
  });

  // @attack a lying coordinator says that it keeps places | it does not count, and others are asked
  it('are not told of where too few keep them, and are tried again', async () => {
    const log = new GrowingLog();
    log.size = 2;
    const keeper = new Keeper();
    const away = { knownSize: fail, show: fail };
    const changing: PlaceKeeper = { ...away };
    const places = placesOf(log, [away, changing]);
    await assert.rejects(places.kept(2), tooFew);
    Object.assign(changing, {
      knownSize: async () => await keeper.knownSize(),
      show: async (request: CheckpointRequest) => await keeper.show(request),
    });
    await places.kept(2);
  });

  // @actor a coordinator that says of an open log that it is closed, while another one is away | to have a promised entry signed again elsewhere
  it('are tried again if others say that the log is closed: its own organisation alone is believed', async () => {
    const log = new GrowingLog();
    const liar = new Keeper();
    liar.show = async () =>
      await Promise.reject(new MedsealError('LOG_CLOSED', { log: 'care/hospital' }));
    const places = placesOf(log, [liar]);
    log.size = 1;
    await assert.rejects(places.kept(1), tooFew);
  });

  it('are shown again from where a restarted coordinator knows them', async () => {
    const [log, keeper] = [new GrowingLog(), new Keeper()];
    const places = placesOf(log, [keeper]);
    log.size = 3;
    await places.kept(3);
    keeper.known = 1;
    log.size = 4;
    await places.kept(4);
    assert.deepEqual(keeper.shown, [
      [0, 3],
      [3, 1],
      [1, 3],
    ]);
  });

  const liars: [string, PlaceKeeper][] = [
    [
      'knows more than there is',
      { knownSize: async () => await Promise.resolve(2 ** 52), show: fail },
    ],
    [
      'says that it took more',
      {
        knownSize: async () => await Promise.resolve(0),
        show: async () => await Promise.resolve(99),
      },
    ],
    [
      'takes nothing',
      {
        knownSize: async () => await Promise.resolve(0),
        show: async () => await Promise.resolve(0),
      },
    ],
    ['knows as many, but others', { knownSize: async () => await Promise.resolve(3), show: fail }],
    [
      'forgets each time',
      {
        knownSize: async () => await Promise.resolve(2),
        show: async () => await Promise.resolve(1),
      },
    ],
  ];
  for (const [name, liar] of liars) {
    it(`are not kept by one that ${name}`, async () => {
      const log = new GrowingLog();
      log.size = 3;
      await assert.rejects(placesOf(log, [liar]).kept(3), tooFew);
      await placesOf(log, [liar, new Keeper()]).kept(3);
    });
  }
});
